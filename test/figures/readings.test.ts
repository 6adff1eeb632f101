/** Sentences computed from rows: they say what the rows say, and say when that is too little. */
import { describe, expect, test } from 'vitest';
import {
  correlationReading,
  curveReading,
  orderReading,
  paperPoints,
  paperReading,
  paperTable,
  rankReading,
  selectPaperValues,
  transferReading,
} from '../../src/figures/index';
import type { FisherRow, ScoreRow, UnfreezingRow } from '../../src/figures/rows';
import type { TransferPoint } from '../../src/figures/transferPoints';

const fisher = (schedule: string, seed: number, traces: readonly number[]): FisherRow[] =>
  traces.map((trace, i) => ({
    runId: `${schedule}-${seed}`,
    schedule,
    seed,
    step: 10 * i,
    layer: 0,
    trace,
    standardError: 0,
    trainable: true,
  }));

describe('curveReading', () => {
  test('says at how many steps gradual lies above, where its peak is, and whether that is more than chance', () => {
    const curves = [1, 2, 3].flatMap((seed) => [
      ...fisher('gradual', seed, [1, 4, 3, 0.5]),
      ...fisher('standard', seed, [0.5, 1, 1, 1]),
    ]);
    expect(curveReading(curves, 1)).toEqual([
      expect.stringMatching(/above standard at 75%.*\(3 seeds\).*: shows\.$/),
      expect.stringMatching(/peak is at step 10, 10, 10 of 30; a hill .*: 3 of 3 seeds\.$/),
    ]);
    const below = curves.map((row) => ({ ...row, schedule: row.schedule === 'gradual' ? 'standard' : 'gradual' }));
    expect(curveReading(below, 1)).toEqual([
      expect.stringMatching(/above standard at 25%.*does not show\.$/),
      expect.stringMatching(/a hill .*: 0 of 3 seeds\.$/),
    ]);
    expect(curveReading(fisher('gradual', 1, [1, 2]), 1)).toEqual([]);
  });

  test('curves are compared with those of the same seed, and with no others', () => {
    const apart = [...fisher('gradual', 1, [2, 2]), ...fisher('gradual', 2, [2, 2]), ...fisher('standard', 2, [1, 1])];
    expect(curveReading(apart, 1)[0]).toMatch(/100%.*\(1 seed\).*too noisy to tell\.$/);
    expect(curveReading([...fisher('gradual', 1, [2, 2]), ...fisher('standard', 2, [1, 1])], 1)).toEqual([]);
  });

  test('curves that were never measured at the same step are not compared', () => {
    const late = fisher('standard', 1, [1, 1]).map((row) => ({ ...row, step: row.step + 5 }));
    expect(curveReading([...fisher('gradual', 1, [2, 2]), ...late], 1)).toEqual([]);
    const both = [...fisher('gradual', 2, [2, 2]), ...fisher('standard', 2, [1, 1])];
    expect(curveReading([...fisher('gradual', 1, [2, 2]), ...late, ...both], 1)).toEqual(curveReading(both, 1));
  });

  test('one seed is too little', () => {
    const one = [...fisher('gradual', 1, [2, 2]), ...fisher('standard', 1, [1, 1])];
    expect(curveReading(one, 1)[0]).toMatch(/100%.*too noisy to tell\.$/);
  });
});

describe('orderReading', () => {
  const order = (seed: number, layers: readonly number[]): UnfreezingRow[] =>
    layers.map((layer, i) => ({ runId: `fun-${seed}`, schedule: 'fun', seed, step: i, layer, order: i }));

  test('a line a run and one for all: from the top down shows, from the bottom up does not', () => {
    const down = orderReading([...order(1, [3, 2, 1, 0]), ...order(2, [3, 2, 1, 0])]);
    expect(down).toHaveLength(3);
    expect(down[0]).toMatch(/opened 3, 2, 1, 0: 4 of 4 .*correlation with it 1\.00\.$/);
    expect(down[2]).toMatch(/mean rank correlation is 1\.00.*: shows\.$/);
    expect(orderReading([...order(1, [0, 1, 2, 3]), ...order(2, [0, 1, 2, 3])])[2]).toMatch(/: does not show\.$/);
    expect(orderReading([...order(1, [3, 2, 1, 0]), ...order(2, [0, 1, 2, 3])])[2]).toMatch(/: too noisy to tell\.$/);
    // By the rule of the recorded runs: 0.6 is not nearly top-down.
    const middling = [1, 2, 3].flatMap((seed) => order(seed, [3, 1, 0, 2]));
    expect(orderReading(middling)[3]).toMatch(/correlation is 0\.40\. .*\(above 0\.7\): does not show\.$/);
  });

  test('of a run that was stopped, the turns are still counted from the top layer; one layer is no order', () => {
    const standard = order(9, [0, 1, 2, 3]).map((row) => ({ ...row, runId: 's', schedule: 'standard' }));
    expect(orderReading([...order(1, [2, 0]), ...standard])[0]).toMatch(/opened 2, 0: 0 of 2 layers at the turn/);
    expect(orderReading([...order(1, [3, 2]), ...standard])[0]).toMatch(/opened 3, 2: 2 of 2 layers at the turn/);
    expect(orderReading([...order(1, [2]), ...standard])).toEqual([]);
    const whole = order(2, [3, 2, 0, 1]);
    expect(orderReading([...order(1, [3]), ...whole])).toEqual(orderReading(whole));
  });

  test('without runs of the schedule there is nothing to say', () => {
    expect(orderReading([])).toEqual([]);
  });
});

describe('rankReading and correlationReading', () => {
  const increasing = Array.from({ length: 12 }, (_, i) => i);

  test('shows, does not show, and nothing to say', () => {
    expect(rankReading('x', increasing, increasing)).toMatch(/^x: Spearman ρ = 1\.00 .*n = 12\): shows\.$/);
    expect(rankReading('x', increasing, [...increasing].reverse())).toMatch(/ρ = −1\.00.*does not show\.$/);
    expect(rankReading('x', [1, 2, 3, 4], [2, 1, 4, 3])).toMatch(/too noisy to tell\.$/);
    expect(rankReading('x', [1, 1, 1], [1, 2, 3])).toMatch(/the same throughout/);
    const nine = increasing.slice(0, 9);
    for (const y of [nine, [...nine].reverse()]) expect(rankReading('x', nine, y)).toMatch(/too noisy to tell\.$/);
  });

  test('a line a feature of the curve', () => {
    const points = increasing.map((value): TransferPoint => ({
      runId: `${value}`,
      label: `${value}`,
      seed: NaN,
      runIds: [],
      transfer: value,
      peakHeight: value,
      peakStep: 0,
      widthAtHalfHeight: -value,
      area: value,
      earlyMean: 7,
    }));
    const [height, width, , early] = correlationReading(points);
    expect(height).toMatch(/^peak height of tr\(F\) and transfer: .*: shows\.$/);
    expect(width).toMatch(/does not show\.$/);
    expect(early).toMatch(/the same throughout/);
    expect(correlationReading(points.slice(0, 2))).toEqual([]);
  });
});

describe('what the paper prints', () => {
  test('differences are those of its tables', () => {
    // Table 1: XLM-R, XQuAD, GU 73.04 and standard 70.09.
    expect(paperReading({ model: 'xlmr', dataset: 'xquad' }, 'gradual')).toEqual([
      expect.stringMatching(
        /^The paper, XLM-R base, XQUAD: gradual \(GU\) minus standard \+3\.0 points \(73\.0 .*70\.1/,
      ),
    ]);
    expect(paperReading({ model: 'mdeberta', dataset: 'xnli' }, 'fun')).toEqual([]);
  });

  test('as a table: a line a model and schedule, a column a data set', () => {
    const lines = paperTable({ adapter: 'lora', language: 'average' }, { columns: 'dataset' });
    expect(lines).toHaveLength(6);
    expect(lines[0]).toEqual({
      model: 'mbert',
      adapter: 'lora',
      trainExamples: 'all',
      schedule: 'standard',
      mlqa: '55.5 ± 0.6',
      xquad: '61.5 ± 0.4',
      xcopa: '53.4 ± 1.1',
      xnli: '65.3 ± 0.0',
    });
    expect(() => paperTable({ model: 'mdeberta', schedule: 'fun' }, { columns: 'dataset' })).toThrow(/prints no score/);
  });

  test('as points: the values of the table, a group an experiment', () => {
    const datasets = ['xnli', 'xquad'] as const;
    const { data } = paperPoints(datasets.map((dataset) => ({ model: 'mdeberta', dataset })));
    const values = selectPaperValues({ model: 'mdeberta', dataset: datasets, language: 'average' });
    const drawn = data.flatMap((trace) => (trace as { y: number[] }).y);
    expect(drawn.sort()).toEqual(values.map(({ value }) => value).sort());
    expect(data.flatMap((trace) => (trace as { x: string[] }).x)).toContain('mDeBERTa<br>XQUAD');
    expect(() => paperPoints([{ model: 'mdeberta', dataset: 'xnli', adapter: 'lora' }])).toThrow(
      /prints no transfer average/,
    );
  });
});

test('transferReading of two metrics needs to be told which', () => {
  const row = (schedule: string, metric: string, value: number): ScoreRow => ({
    runId: schedule,
    schedule,
    seed: 1,
    language: 'de',
    dataset: 'xquad',
    split: 'test',
    metric,
    value,
    examples: 1,
  });
  const rows = ['standard', 'fun'].flatMap((name, i) => [row(name, 'f1', 50 + i), row(name, 'em', 40)]);
  expect(transferReading(rows, 'fun', 'standard', { metric: 'f1' })).toEqual([expect.stringContaining('+1.0 points')]);
  expect(transferReading(rows, 'standard', 'fun', { metric: 'f1' })).toEqual([expect.stringContaining('−1.0 points')]);
  expect(transferReading(rows, 'gradual', 'standard', { metric: 'f1' })).toEqual([]);
  expect(() => transferReading(rows, 'fun')).toThrow(/more than one metric/);
});
