/** The tasks on real data with the embedded model's tokenizer: counts, lengths, and what perfect logits would score. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dataPlaces, loadDataset } from '../../src/datasets/index';
import type { ExampleTypes } from '../../src/datasets/examples';
import { projectRoot } from '../../src/engine/places';
import { openQ4File } from '../../src/models/embedded/q4File';
import { lengthOf } from '../../src/tasks/batch';
import { multipleChoice } from '../../src/tasks/multipleChoice';
import { nli } from '../../src/tasks/nli';
import { questionAnswering, scoreMlqa, type QuestionWindow } from '../../src/tasks/questionAnswering';
import { encodeAll, meanScores } from '../../src/tasks/task';
import { embeddedTokenizer } from '../../src/tokenizers/embeddedTokenizer';
import { embeddedModelPath } from '../tokenizers/embedded';
import { contextOnly, firstNounPhrase, majorityClass } from './baselines';

const mirror = resolve(process.env.FUN_DATA ?? resolve(projectRoot(), '../shared/datasets'));
const missing = [mirror, embeddedModelPath()].filter((path) => !existsSync(path));

describe.skipIf(missing.length > 0)('real data (skipped without FUN_DATA and the embedded model)', () => {
  const places = { ...dataPlaces({}), cache: '/nonexistent', mirror };
  const tokenizer = () => embeddedTokenizer(openQ4File(embeddedModelPath()).tokenizer);
  const load = async <Name extends keyof ExampleTypes>(name: Name, language: string, split: 'validation' | 'test') =>
    (await loadDataset({ name, language, split, suite: 'published' }, places)).examples;

  /** Logits that peak at the labels: what a model can reach at best, given the tokens' borders. */
  const perfect = ({ target, spans }: QuestionWindow) => {
    const start = new Float32Array(spans.starts.length);
    const end = new Float32Array(spans.starts.length);
    if (target.kind === 'span' && target.start > 0) start[target.start] = end[target.end] = 5;
    return { start, end };
  };

  test.each([
    { maxLength: 384, docStride: 128 },
    { maxLength: 160, docStride: 53 },
  ])('XQuAD in windows of $maxLength: every answer is in a window; labels lead back to it', async (size) => {
    const settings = { ...questionAnswering.defaults, ...size };
    const model = tokenizer();
    for (const language of ['en', 'hi', 'zh']) {
      const examples = await load('xquad', language, 'test');
      const encoded = encodeAll(questionAnswering, examples, model, settings);
      expect(Math.max(...encoded.map(lengthOf))).toBeLessThanOrEqual(size.maxLength);
      const labelled = encoded.filter(({ target }) => target.kind === 'span' && target.start > 0);
      expect(new Set(labelled.map(({ source }) => source)).size).toBe(1190);
      const predictions = questionAnswering.predict(encoded.map(perfect), encoded, examples, settings);
      const scores = meanScores(predictions.map((p, i) => questionAnswering.score(p, examples[i]!, language)));
      expect(scores.f1).toBeGreaterThan(0.98);
      expect(scores.exactMatch).toBeGreaterThan(0.98);
    }
  });

  test("MLQA's Arabic answers often stand inside tokens; its own metric forgives the article", async () => {
    const examples = await load('mlqa', 'ar', 'validation');
    const encoded = encodeAll(questionAnswering, examples, tokenizer(), questionAnswering.defaults);
    const settings = questionAnswering.defaults;
    const predictions = questionAnswering.predict(encoded.map(perfect), encoded, examples, settings);
    const scores = meanScores(predictions.map((p, i) => scoreMlqa(p, examples[i]!, 'ar')));
    expect(scores.exactMatch).toBeGreaterThan(0.9);
    expect(scores.mlqaExactMatch).toBeGreaterThan(scores.exactMatch!);
  });

  test("NLI and COPA fit the paper's lengths; the majority class is at chance", async () => {
    const model = tokenizer();
    const pairs = await load('xnli', 'el', 'test');
    const cut = encodeAll(nli, pairs, model, nli.defaults).filter((e) => lengthOf(e) === nli.defaults.maxLength);
    expect(cut.length).toBeLessThan(0.002 * pairs.length);
    expect(majorityClass(pairs, pairs).accuracy).toBeCloseTo(1 / 3, 10);
    const questions = await load('xcopa', 'qu', 'test');
    const choices = encodeAll(multipleChoice, questions, model, multipleChoice.defaults);
    expect(choices.every(({ sequences }) => sequences.length === 2)).toBe(true);
    expect(Math.max(...choices.map(lengthOf))).toBeLessThanOrEqual(64);
    expect(majorityClass(questions, questions).accuracy).toBe(0.5);
  });

  test('the first noun phrase answers hardly any question', async () => {
    const { f1 } = contextOnly(await load('xquad', 'en', 'test'), firstNounPhrase('en'));
    expect(f1).toBeGreaterThan(0.02);
    expect(f1).toBeLessThan(0.1);
  });
});
