/** Predictions on one's own text: the same numbers as the evaluation, and clear words for rows that are none. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as fun from '../src/index';
import { unpackBits } from '../src/experiments/result';
import { normalizeSquad, scoreAnswer } from '../src/tasks/answerScores';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fun-predict-'));
  process.env.FUN_RUNS = folder;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type TaskOption = fun.OpenOptions['task'];
const labs = new Map<TaskOption, Promise<fun.Lab>>();
afterAll(async () => {
  for (const lab of labs.values()) await (await lab).close();
});

/** A trained run of the task on the tiny model; validated at each fourth step. */
async function trained(task: TaskOption, choices: fun.TrainChoices = {}): Promise<{ lab: fun.Lab; run: fun.Run }> {
  if (!labs.has(task)) labs.set(task, fun.open({ task, profile: 'smoke' }));
  const lab = await labs.get(task)!;
  const evaluation = { examples: 'all', languages: ['en', 'sw'], ...choices.evaluation } as const;
  const run = lab.train({ seed: 5, validation: { every: 4, examples: 40 }, ...choices, evaluation });
  for await (const _ of run);
  return { lab, run };
}

const percent = (scores: readonly (number | boolean)[]) =>
  100 * (scores.map(Number).reduce((a, b) => a + b, 0) / scores.length);
const testSet = async <Name extends 'xnli' | 'xcopa' | 'xquad'>(name: Name, language: string) =>
  (await fun.loadDataset({ name, language, split: 'test', suite: 'mini' })).examples;
/** Right by prediction and by evaluation: the same examples, and the same score of the set. */
async function expectSame(lab: fun.Lab, run: fun.Run, metric: string, right: readonly boolean[]): Promise<void> {
  const [evaluation] = await run.evaluate('sw');
  expect(right).toEqual(unpackBits(evaluation!.correct, right.length));
  const score = (await lab.evaluate(run, 'sw')).find((row) => row.metric === metric)!;
  expect([percent(right), right.length]).toEqual([score.value, score.examples]);
  const rows = await run.predictTest('sw');
  expect(rows.map(({ correct }) => correct === 1)).toEqual(right);
  const recorded = fun.exampleRows([run.result()]).filter(({ language }) => language === 'sw');
  expect(recorded.map(({ correct }) => correct === 1)).toEqual(right);
  expect(recorded.map(({ example }) => example)).toEqual(rows.map(({ example }) => example));
}

describe('predictions on the test set have the score of the evaluation', () => {
  test.each(['best', 'last'] as const)('NLI, the %s state', async (checkpoint) => {
    const { lab, run } = await trained('nli', {
      validation: { every: 2, examples: 'all' },
      evaluation: { checkpoint },
    });
    const weights = () => run.model.parametersOf('task').map(({ value }) => [...value.dataSync<'float32'>()]);
    const before = weights();
    const examples = await testSet('xnli', 'sw');
    const predicted = await run.predict(examples, { language: 'sw' });
    expect(weights()).toEqual(before);
    const right = predicted.map(({ label }, i) => label === fun.nliLabels[examples[i]!.label]);
    const { premise, hypothesis } = examples[3]!;
    expect((await run.predictTest('sw'))[3]).toEqual({
      ...{ language: 'sw', example: 3, premise, hypothesis, gold: fun.nliLabels[examples[3]!.label] },
      predicted: predicted[3]!.label,
      correct: Number(right[3]),
      probability: predicted[3]!.probabilities[predicted[3]!.label],
    });
    await expectSame(lab, run, 'accuracy', right);
    if (checkpoint === 'best') expect(new Set(predicted.map(({ label }) => label)).size).toBeGreaterThan(1);
    for (const { label, probabilities } of predicted) {
      expect(Object.keys(probabilities)).toEqual(fun.nliLabels);
      const values = Object.values(probabilities);
      expect(values.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
      expect(probabilities[label]).toBe(Math.max(...values));
    }
  });

  test('COPA', async () => {
    const { lab, run } = await trained('copa');
    const examples = await testSet('xcopa', 'sw');
    const predicted = await run.predict(examples);
    const right = predicted.map(({ label }, i) => label === ['choice1', 'choice2'][examples[i]!.label]);
    await expectSame(lab, run, 'accuracy', right);
    expect(Object.keys(predicted[0]!.probabilities)).toEqual(['choice1', 'choice2']);
    const { premise, choices, asksFor, label } = examples[1]!;
    expect((await run.predictTest('sw'))[1]).toMatchObject({
      ...{ premise, choice1: choices[0], choice2: choices[1], asksFor, gold: `choice${label + 1}` },
      predicted: predicted[1]!.label,
    });
  });

  test('question answering', async () => {
    const { lab, run } = await trained('xquad', { data: { maxLength: 64, docStride: 16 }, steps: 40 });
    const examples = await testSet('xquad', 'sw');
    const predicted = await run.predict(examples);
    const scores = predicted.map(({ answer }, i) =>
      scoreAnswer(
        answer,
        examples[i]!.answers.map(({ text }) => text),
        normalizeSquad,
      ),
    );
    await expectSame(
      lab,
      run,
      'em',
      scores.map(({ exactMatch }) => exactMatch === 1),
    );
    const f1 = percent(scores.map((score) => score.f1));
    expect(f1).toBe((await run.evaluate('sw'))[0]!.metrics.f1);
    expect(f1).toBeGreaterThan(0);
    const rows = await run.predictTest('sw');
    expect(rows.map((row) => row.f1)).toEqual(scores.map((score) => score.f1));
    const recorded = fun.exampleRows([run.result()]).filter(({ language }) => language === 'sw');
    recorded.forEach((row, i) => expect(Math.abs(row.f1! - rows[i]!.f1!)).toBeLessThanOrEqual(0.5 / 255));
    const { question, context, answers } = examples[2]!;
    const { answer, score } = predicted[2]!;
    expect(rows[2]).toMatchObject({ question, context, gold: answers[0]!.text, predicted: answer, score });
    for (const [i, { answer, start, end }] of predicted.entries())
      expect(examples[i]!.context.slice(start, end)).toBe(answer);
  });
});

test('the rows of a part of the test set are those that are scored, and the model is left as it was', async () => {
  const { run } = await trained('nli', { evaluation: { examples: 10 } });
  const weights = () => run.model.parametersOf('task').map(({ value }) => [...value.dataSync<'float32'>()]);
  const before = weights();
  const rows = await run.predictTest('sw');
  expect(weights()).toEqual(before);
  const [evaluation] = await run.evaluate('sw');
  expect(rows.map(({ correct }) => correct === 1)).toEqual(unpackBits(evaluation!.correct, 10));
  await expect(run.predictTest('de')).rejects.toThrow(/No test data for "de" was opened/);
});

test('bare rows will do, each is predicted as by itself, and the order is kept', async () => {
  const { run } = await trained('nli');
  const rows = [
    { premise: 'A dog sleeps in the garden of the neighbours.', hypothesis: 'An animal sleeps.' },
    { premise: 'It rains.', hypothesis: 'The sun shines.' },
  ];
  const both = await run.predict(rows);
  const alone = [...(await run.predict([rows[0]!])), ...(await run.predict([rows[1]!]))];
  expect(both.map(({ label }) => label)).toEqual(alone.map(({ label }) => label));
  both.forEach(({ probabilities }, i) => {
    for (const name of fun.nliLabels) expect(probabilities[name]).toBeCloseTo(alone[i]!.probabilities[name]!, 5);
  });
  const { run: answers } = await trained('xquad', { data: { maxLength: 64, docStride: 16 } });
  const [row] = await answers.predict([{ question: 'Who sleeps?', context: 'A dog sleeps in the garden.' }]);
  expect(Object.keys(row!)).toEqual(['answer', 'score', 'start', 'end']);
});

test('within the loop and beside an evaluation, training goes on as if nothing had been predicted', async () => {
  const choices = { seed: 4, steps: 12, schedule: fun.gradualUnfreezing({ every: 2 }) } as const;
  const lab = (await trained('nli')).lab;
  const weights = (run: fun.Run) => run.model.parametersOf('task').map(({ value }) => [...value.dataSync<'float32'>()]);
  const rows = [{ premise: 'It rains.', hypothesis: 'The sun shines.' }];
  const [whole, asked] = [lab.train(choices), lab.train(choices)];
  for await (const _ of whole);
  for await (const event of asked) if (event.type === 'validation') await asked.predict(rows);
  expect(weights(asked)).toEqual(weights(whole));
  const [, predicted] = await Promise.all([lab.evaluate(asked, ['en', 'sw']), asked.predict(rows)]);
  expect(predicted).toEqual(await whole.predict(rows));
  expect(weights(asked)).toEqual(weights(whole));
});

describe('refused', () => {
  const pair = { premise: 'It rains.', hypothesis: 'The sun shines.' };
  const choice = { premise: 'It rains.', choices: ['He is wet.', 'He is dry.'], asksFor: 'effect' };
  test.each<[TaskOption, unknown, RegExp]>([
    ['nli', [], /at least one row.*\{ premise, hypothesis \}/],
    ['nli', pair, /a list of rows, \[\{ premise, hypothesis \}, …\], not \{"premise":"It rains\."/],
    ['nli', 'It rains.', /a list of rows/],
    ['nli', [pair, 'It rains.'], /rows\[1\] must be \{ premise, hypothesis \}, not "It rains\."/],
    ['nli', [null], /rows\[0\] must be/],
    ['nli', [pair, { premise: 'It rains.' }], /rows\[1\]: hypothesis must be a text that is not empty, not nothing/],
    ['nli', [{ ...pair, premise: ' ' }], /rows\[0\]: premise must be a text that is not empty, not " "/],
    ['nli', [{ ...pair, premise: 3 }], /rows\[0\]: premise .* not 3/],
    ['nli', [{ ...pair, hypotesis: 'x' }], /rows\[0\]: unknown "hypotesis"\. Allowed: premise, hypothesis, label/],
    ['copa', [{ ...choice, choices: ['He is wet.'] }], /rows\[0\]: choices must be two texts/],
    ['copa', [{ ...choice, choices: ['He is wet.', ''] }], /rows\[0\]: choices must be two texts/],
    ['copa', [{ ...choice, asksFor: 'reason' }], /rows\[0\]: asksFor must be "cause" or "effect", not "reason"/],
    ['copa', [pair], /unknown "hypothesis"\. Allowed: premise, choices, asksFor, label/],
    ['xquad', [{ question: 'Who?', context: '' }], /rows\[0\]: context must be a text/],
    ['xquad', [{ question: 'Who is it? '.repeat(40), context: 'It is Mary.' }], /leaves no room/],
  ])('%s: %j', async (task, rows, message) => {
    const { run } = await trained(task, { steps: 2 });
    await expect(run.predict(rows as { premise: string; hypothesis: string }[])).rejects.toThrow(message);
  });

  test('an option that is none, and a run that has not started', async () => {
    const { lab, run } = await trained('nli', { steps: 2 });
    const options = { languages: 'sw' } as { language?: string };
    await expect(run.predict([pair], options)).rejects.toThrow(/predict: unknown "languages"\. Allowed: language/);
    await expect(lab.train().predict([pair])).rejects.toThrow(/has not started/);
  });
});
