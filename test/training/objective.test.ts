/** What training minimises is each example's own: neither padding nor the prefix cache has a part in it. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AdapterModel } from '../../src/models/adapterModel';
import { tinyEncoder } from '../../src/models/baseModel';
import { gradientSum } from '../../src/nn/gradientSum';
import { padBatch, type EncodedExample } from '../../src/tasks/batch';
import { taskObjective } from '../../src/training/objective';
import { PrefixCache } from '../../src/training/prefixCache';
import { tinyExamples } from './tiny';

let model: AdapterModel;
beforeEach(() => {
  model = new AdapterModel('tiny-random', tinyEncoder());
  model.addHead('answer', { kind: { type: 'span' }, family: 'adapters', pooling: 'first' }, 3);
  model.activate({ head: 'answer' });
});
afterEach(() => model.dispose());

const questions: EncodedExample[] = tinyExamples(6).map((example) => ({
  ...example,
  target: { kind: 'span', start: 1, end: example.sequences[0]!.ids.length - 1 },
}));

/** Loss and gradient of the head's weight, as numbers. */
function lossAndGradient(
  examples: readonly EncodedExample[],
  { padTo, cache }: { padTo?: number; cache?: PrefixCache },
) {
  const batch = padBatch(examples, { padId: 0, ...(padTo === undefined ? {} : { padTo }) });
  const wanted = new Set(model.parameters().filter(({ address }) => address.role === 'head'));
  const options = { wanted, ...(cache === undefined ? {} : { prefix: cache }) };
  const pass = taskObjective(model, batch, options, 0);
  const sum = gradientSum(wanted);
  pass.backwardAndRelease(sum);
  const values = [pass.loss, ...sum.gradients.values()].flatMap((tensor) => [...tensor.dataSync()]);
  sum.dispose();
  pass.loss.dispose();
  return values;
}

const mean = (lists: readonly number[][]) =>
  lists[0]!.map((_, i) => lists.reduce((s, l) => s + l[i]!, 0) / lists.length);
const largestDifference = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((x, i) => Math.abs(x - b[i]!)));

test('answers: a batch has the mean of what its examples have alone, however far it is padded', () => {
  expect(new Set(questions.map(({ sequences }) => sequences[0]!.ids.length)).size).toBeGreaterThan(1);
  const alone = mean(questions.map((question) => lossAndGradient([question], {})));
  expect(largestDifference(lossAndGradient(questions, {}), alone)).toBeLessThan(1e-5);
  expect(largestDifference(lossAndGradient(questions, { padTo: 16 }), alone)).toBeLessThan(1e-5);
});

test('answers: the same with the prefix cache, which keeps nothing of padding', () => {
  const cache = new PrefixCache({ model, examples: questions, padId: 0, memoryBytes: 1 << 30 });
  const computed = lossAndGradient(questions.slice(0, 4), { padTo: 12 });
  expect(largestDifference(lossAndGradient(questions.slice(0, 4), { padTo: 12, cache }), computed)).toBeLessThan(1e-5);
});
