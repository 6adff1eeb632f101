/**
 * One language adapter from text to an AdapterHub folder: base, head and text opened, trained resumably, written with
 * the facts of its training beside it.
 */
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { partOfText, readPlainText } from '../datasets/plainText';
import { requireFolder, writeWhole } from '../engine/atomicFile';
import { engineLine } from '../engine/engineLine';
import { UserError } from '../engine/errors';
import { saveAdapter } from '../models/adapterFiles';
import { AdapterModel } from '../models/adapterModel';
import { openSafetensors, writeSafetensors } from '../models/formats/safetensors';
import { publishedMaskedLmHead, transformMaskedLmHead, type MaskedLmHead } from '../models/maskedLmHead';
import type { OpenedModel } from '../models/openModel';
import type { TrainingEvent } from '../training/events';
import {
  packText,
  seqBnInv,
  trainLanguageAdapter,
  type LanguageAdapterOutcome,
  type LanguageAdapterSettings,
} from '../training/languageAdapter';
import { codeVersion } from './codeVersion';
import { canonicalJson } from './configuration';
import { runsFolder } from './runFolders';
import { openBase } from './openBase';

/**
 * `published`: the base's own, frozen. `transform`: an H × H transform trained with the adapter, for bases published
 * without a head. Otherwise the file of a transform that was trained alone before (`languageAdapterRun` with
 * `trains: 'head'`), which is then frozen: so the adapters of all languages are trained towards the same decoder.
 */
export type HeadChoice = 'published' | 'transform' | { readonly file: string };

export interface LanguageAdapterRequest {
  readonly model: string;
  /** A code, which becomes the adapter's name and that of its folder. */
  readonly language: string;
  /** Files, or folders of `.txt` and `.txt.gz`; several are read one after the other. */
  readonly text: readonly string[];
  /** Tokens a sequence, special tokens included. */
  readonly maxLength: number;
  /** Default: the published one where there is one, else a transform. */
  readonly head?: HeadChoice;
  /** `head`: the transform alone, with no adapter; default the adapter. */
  readonly trains: 'adapter' | 'head';
  readonly settings: LanguageAdapterSettings;
  /** Folder to write, of the adapter or the head. */
  readonly output: string;
}

/** What `training.json` says, beside the adapter. */
export interface LanguageAdapterFacts extends Omit<LanguageAdapterOutcome, 'finished'> {
  readonly model: string;
  readonly modelSource: string;
  readonly language: string;
  readonly trains: 'adapter' | 'head';
  readonly head: string;
  readonly text: { readonly names: readonly string[]; readonly lines: number; readonly sha256: string };
  readonly maxLength: number;
  readonly sequences: { readonly train: number; readonly validation: number };
  readonly settings: LanguageAdapterSettings;
  readonly stepsDone: number;
  /** Of training and its validations, over all sessions. */
  readonly seconds: number;
  readonly engine: string;
  readonly code: ReturnType<typeof codeVersion>;
}

export const HEAD_FILE = 'masked-lm-head.safetensors';

/** Trains and writes; undefined when it was stopped (the same request goes on from there). */
export async function* languageAdapterRun(
  request: LanguageAdapterRequest,
  signal?: AbortSignal,
): AsyncGenerator<TrainingEvent, LanguageAdapterFacts | undefined> {
  const { language, settings, maxLength, trains, output } = request;
  if (!/^[a-z]{2,3}$/.test(language)) {
    throw new UserError(`The language must be a code of two or three letters, such as sw, not "${language}".`);
  }
  const lines = request.text.flatMap((path) => readPlainText(path));
  requireFolder(output);
  const sha256 = createHash('sha256').update(lines.join('\n')).digest('hex');
  const base = await openBase({ model: request.model, method: { type: 'bottleneck' } });
  const { opened, tokenizer, engine, precision } = base;
  const model = new AdapterModel(opened.name, opened.encoder);
  const { head, name: headName } = openHead(opened, trains === 'head' ? 'transform' : request.head);
  try {
    const parts = { train: partOfText(lines, 'train'), validation: partOfText(lines, 'validation') };
    const text = packText(parts, tokenizer, maxLength);
    if (trains === 'adapter') {
      model.addLanguageAdapter(language, seqBnInv, settings.seed);
      model.activate({ language });
    }
    const settled = { ...request, head: headName, text: sha256, output: '', source: opened.source, precision };
    const fingerprint = createHash('sha256').update(canonicalJson(settled)).digest('hex').slice(0, 10);
    const folder = join(runsFolder(), 'language-adapters', `${basename(opened.name)}-${language}-${fingerprint}`);
    const every = settings.validation.every;
    const checkpoint = { folder, every, fingerprint };
    const events = trainLanguageAdapter({ model, head, tokenizer, text, settings, checkpoint, signal });
    let done = { step: 0, seconds: 0 };
    let next = await events.next();
    for (; !next.done; next = await events.next()) {
      if (next.value.type === 'done') done = next.value;
      yield next.value;
    }
    const { finished, ...scores } = next.value;
    if (!finished) return undefined;

    const facts: LanguageAdapterFacts = {
      model: opened.name,
      modelSource: opened.source,
      language,
      trains,
      head: headName,
      text: { names: request.text.map((path) => basename(path)), lines: lines.length, sha256 },
      maxLength,
      sequences: { train: text.train.length, validation: text.validation.length },
      settings,
      stepsDone: done.step,
      seconds: done.seconds,
      ...scores,
      engine: engineLine(engine, precision),
      code: codeVersion(),
    };
    if (trains === 'adapter') saveAdapter(model, language, output);
    else saveHead(head, output);
    writeWhole(join(output, 'training.json'), `${JSON.stringify(facts, null, 2)}\n`);
    rmSync(folder, { recursive: true, force: true });
    return facts;
  } finally {
    model.dispose();
    head.dispose();
    base.close();
  }
}

/** The head of a choice, and what to call it. */
export function openHead(
  { name, encoder, weights }: OpenedModel,
  choice?: HeadChoice,
): { head: MaskedLmHead; name: string } {
  if (typeof choice === 'object') {
    const file = openSafetensors(choice.file);
    try {
      const head = transformMaskedLmHead(encoder, (tensor) => file.read(tensor).data as Float32Array);
      const values = createHash('sha256');
      for (const tensor of file.names()) values.update(Buffer.from(file.read(tensor).data.buffer));
      return { head, name: `transform, sha256 ${values.digest('hex').slice(0, 16)}` };
    } finally {
      file.close();
    }
  }
  const published = choice === 'transform' ? undefined : publishedMaskedLmHead(encoder, weights);
  if (published !== undefined) return { head: published, name: 'published' };
  if (choice === 'published') {
    throw new UserError(
      `${name} was published without a masked-LM head. Use head "transform", or the file of one that was trained before.`,
    );
  }
  return { head: transformMaskedLmHead(encoder), name: 'transform' };
}

function saveHead({ parameters }: MaskedLmHead, folder: string): void {
  const tensors = parameters.map(
    ({ name, shape, value }) => [name, { shape, data: value.dataSync<'float32'>().slice() }] as const,
  );
  writeSafetensors(join(folder, HEAD_FILE), new Map(tensors));
}
