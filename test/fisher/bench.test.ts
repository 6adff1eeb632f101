/** The benchmark's bookkeeping: turns, the best of the rounds, what fails, what is asked for. */
import { expect, test, vi } from 'vitest';
import { bench } from '../../src/commands/bench';
import { inTurn, isBusy, workloadsOf, type Contender } from '../../src/commands/benchmarks/benchmark';
import { compareRows, type Goal } from '../../src/commands/benchmarks/goals';
import { parseArguments } from '../../src/commands/command';

const usual = { sizes: '64x64,256x128', batch: 16 };
const args = (...argv: string[]) => parseArguments('bench', bench, argv);

test('the workloads that options ask for', () => {
  expect(workloadsOf(args('fisher'), usual)).toHaveLength(4);
  expect(
    workloadsOf(args('fisher', '--models', 'xlmr-base', '--sizes', '8x16', '--batch', '4', '--threads', '1'), usual),
  ).toEqual([{ model: 'xlmr-base', examples: 8, length: 16, batch: 4, threads: 1 }]);
  expect(() => workloadsOf(args('fisher', '--sizes', '8'), usual)).toThrow(/--sizes needs 64x64,256x128, not "8"/);
  expect(() => workloadsOf(args('fisher', '--models', 'gpt'), usual)).toThrow(/Model "gpt" is not known/);
});

test('contenders take turns; the best round counts; one that fails is left out and says why', async () => {
  const said = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const order: string[] = [];
  const contender = (name: string, seconds: readonly number[]): Contender => {
    let round = 0;
    return {
      name,
      measure: () => {
        order.push(name);
        const took = seconds[round++];
        if (took === undefined) return Promise.reject(new Error('no torch'));
        return Promise.resolve({ seconds: took, cpuSeconds: took, peakMegabytes: 10 * took });
      },
    };
  };
  const [workload] = workloadsOf(args('fisher', '--sizes', '64x64'), usual);
  const rows = await inTurn([contender('exact', [3, 2, 4]), contender('python loop', [])], workload!, 3);
  expect(order).toEqual(['exact', 'python loop', 'exact', 'exact']);
  expect(rows.map(({ name, seconds, peakMegabytes }) => [name, seconds, peakMegabytes])).toEqual([['exact', 2, 20]]);
  expect(said).toHaveBeenCalledWith('python loop could not be measured: no torch');
  said.mockRestore();
});

test('ratios are of one workload, and know their goal', () => {
  const at = (name: string, seconds: number, length: number) => ({
    ...{ name, seconds, cpuSeconds: seconds, peakMegabytes: 100, load: 0.1 },
    ...({ model: 'e5-small', examples: 64, length, batch: 16, threads: 2 } as const),
  });
  const rows = [at('exact', 1, 64), at('python ghost-c1', 2, 64), at('exact', 9, 128), at('sketch', 1, 64)];
  const goals: Goal[] = [{ what: 'exact', of: 'python ghost-c1', by: 'seconds', goal: 0.8 }];
  expect(compareRows(rows, goals)).toEqual([
    {
      model: 'e5-small',
      examples: 64,
      length: 64,
      what: 'exact',
      of: 'python ghost-c1',
      by: 'seconds',
      ratio: 0.5,
      goal: 0.8,
    },
  ]);
  expect(isBusy(rows)).toBe(false);
  expect(isBusy([{ ...rows[0]!, load: 5 }])).toBe(true);
});
