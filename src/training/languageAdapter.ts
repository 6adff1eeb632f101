/**
 * Language adapters by masked-LM with the base frozen (MAD-X, §2.2 of Pfeiffer et al. 2020): the trainer of tasks with
 * another objective. The paper's are trained for 250,000 steps of 64 sequences at a rate of 1e-4 on a whole Wikipedia.
 */
import type { BottleneckConfig } from '../adapters/bottleneck';
import { validationEvery } from '../datasets/plainText';
import { UserError } from '../engine/errors';
import { nextTurn } from '../engine/nextTurn';
import { randomStream } from '../engine/random';
import type { AdapterModel } from '../models/adapterModel';
import { maskedLmPass, type MaskedLmHead, type MaskedPositions } from '../models/maskedLmHead';
import { sampledVocabulary, wholeVocabulary, type Candidates } from '../models/tiedDecoder';
import { standardTraining } from '../schedulers/index';
import { linearToZero } from '../schedulers/learningRate';
import { padBatch, type Batch, type EncodedExample } from '../tasks/batch';
import { evaluationOrder } from '../tasks/batchOrder';
import { maskedLanguageModel, packLines } from '../tasks/maskedLanguageModel';
import { encodeAll } from '../tasks/task';
import type { Tokenizer } from '../tokenizers/tokenizer';
import type { TrainingEvent } from './events';
import { restoreParameters } from './trainable';
import { train } from './trainer';
import type { TrainingOptions } from './trainingOptions';

/** `seq_bn_inv` ("pfeiffer+inv"): reduction 2, with an invertible adapter at the embeddings. */
export const seqBnInv: BottleneckConfig = {
  type: 'bottleneck',
  reductionFactor: 2,
  activation: 'relu',
  invertibleReductionFactor: 2,
  leaveOut: [],
};

export interface LanguageAdapterSettings {
  readonly steps: number;
  readonly batchSize: number;
  /** Of the first step; it falls linearly to zero. */
  readonly learningRate: number;
  /** Share of the tokens that are predicted. */
  readonly maskProbability: number;
  /**
   * Words in a training step's softmax beside those of the text: so many drawn anew at each step, or all. Validation
   * always takes all.
   */
  readonly candidates: number | 'all';
  readonly validation: {
    /** Steps between two. */
    readonly every: number;
    /** Sequences; all there are, when there are fewer. */
    readonly sequences: number;
    /** Validations in a row without a better one that end the training. */
    readonly patience: number;
  };
  readonly seed: number;
}

/** Packed sequences of token ids. */
export interface PackedText {
  readonly train: readonly Int32Array[];
  readonly validation: readonly Int32Array[];
}

/** Packs the lines of each part into sequences of `maxLength` tokens. @throws UserError when none is for validation. */
export function packText(
  parts: { train: readonly string[]; validation: readonly string[] },
  tokenizer: Tokenizer,
  maxLength: number,
): PackedText {
  if (parts.validation.length === 0) {
    throw new UserError(
      `The text has ${parts.train.length} lines; at least ${validationEvery} are needed, ` +
        `one in ${validationEvery} for validation.`,
    );
  }
  const { train, validation } = parts;
  return { train: packLines(train, tokenizer, maxLength), validation: packLines(validation, tokenizer, maxLength) };
}

/** How well masked tokens of the validation text are predicted, over the whole vocabulary. */
export interface MaskedLmScore {
  /** Mean −ln p of the masked tokens, nats. */
  readonly loss: number;
  /** e to the loss. */
  readonly perplexity: number;
  /** Masked tokens. */
  readonly tokens: number;
}

export interface LanguageAdapterOptions {
  /** With the language adapter active; without one, only the head is trained. No task head. */
  readonly model: AdapterModel;
  readonly head: MaskedLmHead;
  readonly tokenizer: Tokenizer;
  readonly text: PackedText;
  readonly settings: LanguageAdapterSettings;
  readonly checkpoint?: TrainingOptions['checkpoint'];
  /** Stops after the current step, with a checkpoint to go on from. */
  readonly signal?: AbortSignal;
  readonly onWarning?: (message: string) => void;
}

export interface LanguageAdapterOutcome {
  /** False when it was stopped. */
  readonly finished: boolean;
  /** Steps after which validation was best: the model now has that state. */
  readonly bestStep: number;
  /** Base and head as they were at the beginning, without the adapter. */
  readonly start: MaskedLmScore;
  /** The best state. */
  readonly best: MaskedLmScore;
  /** The best state's head without the adapter; equal to `start` when the head is not trained. */
  readonly withoutAdapter: MaskedLmScore;
}

/** Validation sequences in one forward pass; the word table is read once for each. */
const EVALUATION_BATCH = 64;

/** Trains adapter and (where it is not the published one) head, from the newest checkpoint if there is one. */
export async function* trainLanguageAdapter(
  options: LanguageAdapterOptions,
): AsyncGenerator<TrainingEvent, LanguageAdapterOutcome> {
  const { model, head, tokenizer, text, settings } = options;
  const { steps, batchSize, maskProbability, seed } = settings;
  const language = model.stack.language?.name;
  const trainable = [...(language === undefined ? [] : model.parametersOf(language)), ...head.parameters];
  if (trainable.length === 0) {
    throw new UserError('There is nothing to train: no language adapter is active, and the head is the published one.');
  }
  const examplesOfEpoch = (epoch: number) =>
    encodeAll(maskedLanguageModel, text.train, tokenizer, { maskProbability, seed, epoch });
  const held = validationExamples(text, tokenizer, settings);
  const score = () => maskedLmScore(model, head, held, tokenizer.special.pad);
  const scoreWithout = async () => {
    model.activate({});
    const result = await score();
    if (language !== undefined) model.activate({ language });
    return result;
  };

  const start = await scoreWithout();
  const { finished, best } = yield* train({
    model,
    examples: examplesOfEpoch(0),
    examplesOfEpoch,
    padId: tokenizer.special.pad,
    trainable,
    objective: maskedLmObjective(head, text, settings),
    settings: {
      schedule: standardTraining(),
      timing: 'paper',
      learningRate: linearToZero({ rate: settings.learningRate, steps }),
      steps,
      batchSize,
      weightDecay: 0,
      clipNorm: 1,
      prefixDropout: true,
      bucketing: 'none',
      seed,
    },
    validation: {
      every: settings.validation.every,
      patience: settings.validation.patience,
      metric: 'logLikelihood',
      run: async () => {
        const { loss, perplexity } = await score();
        return { perplexity, logLikelihood: -loss };
      },
    },
    checkpoint: options.checkpoint,
    signal: options.signal,
    onWarning: options.onWarning,
  });
  if (best !== undefined) restoreParameters(trainable, best.parameters);
  return {
    finished,
    bestStep: best?.step ?? 0,
    start,
    best: await score(),
    withoutAdapter: head.parameters.length === 0 ? start : await scoreWithout(),
  };
}

function maskedLmObjective(
  head: MaskedLmHead,
  text: PackedText,
  { candidates, seed }: LanguageAdapterSettings,
): NonNullable<TrainingOptions['objective']> {
  const words = head.words.count;
  const ofText = Int32Array.from(new Set(text.train.flatMap((sequence) => [...sequence]))).sort();
  const drawn = (step: number): Candidates[] =>
    candidates === 'all'
      ? wholeVocabulary(words)
      : sampledVocabulary(ofText, words, candidates, randomStream(seed, `candidates/${step}`));
  return (model, batch, options, step) =>
    maskedLmPass(model, head, batch, maskedPositions(batch), drawn(step), options);
}

/** The same masks whatever the run, so that perplexities can be compared. */
function validationExamples(
  { validation }: PackedText,
  tokenizer: Tokenizer,
  { maskProbability, validation: { sequences } }: LanguageAdapterSettings,
): EncodedExample[] {
  const kept = validation.slice(0, sequences);
  return encodeAll(maskedLanguageModel, kept, tokenizer, { maskProbability, seed: 0, epoch: 0 });
}

/** The loss over the whole vocabulary, as the model and head are now. */
async function maskedLmScore(
  model: AdapterModel,
  head: MaskedLmHead,
  examples: readonly EncodedExample[],
  padId: number,
): Promise<MaskedLmScore> {
  const all = wholeVocabulary(head.words.count);
  let [total, tokens] = [0, 0];
  for (const indices of evaluationOrder(examples, { batchSize: EVALUATION_BATCH })) {
    const batch = padBatch(
      indices.map((i) => examples[i]!),
      { padId },
    );
    const positions = maskedPositions(batch);
    const pass = maskedLmPass(model, head, batch, positions, all, {});
    total += pass.loss.dataSync()[0]! * positions.rows.length;
    tokens += positions.rows.length;
    pass.release();
    pass.loss.dispose();
    await nextTurn();
  }
  return { loss: total / tokens, perplexity: Math.exp(total / tokens), tokens };
}

/** Where the masked tokens are among the batch's E·T tokens, and what stood there. */
function maskedPositions({ targets, tokens }: Batch): MaskedPositions {
  const of = <Values>(pick: (target: { positions: Int32Array; labels: Int32Array }, example: number) => Values[]) =>
    targets.flatMap((target, example) => {
      if (target.kind !== 'tokens') throw new Error(`A masked sequence with a target of kind "${target.kind}".`);
      return pick(target, example);
    });
  return {
    rows: Int32Array.from(of(({ positions }, example) => Array.from(positions, (p) => example * tokens + p))),
    labels: Int32Array.from(of(({ labels }) => [...labels])),
  };
}
