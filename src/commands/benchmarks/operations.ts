/** Where the time of a training step goes: TensorFlow's operations by name, timed one by one. */
import { UserError } from '../../engine/errors';
import { defaultPrecision } from '../../engine/precision';
import { hasRawOps, openEngine, tf } from '../../engine/tf';
import { computeProductsIn } from '../../models/encoder';
import { tableText } from '../../notebook/table';
import { benchModel } from './benchModel';
import { workloadsOf, type Benchmark, type Workload } from './benchmark';
import { adapters, randomExamples, stepper } from './trainingRow';

/** The two doors through which every operation of the native engine goes; both return when it is computed (CPU). */
const doors = ['executeSingleOutput', 'executeMultipleOutputs'] as const;
type Door = (name: string, ...rest: unknown[]) => unknown;

export interface OperationTime {
  readonly operation: string;
  calls: number;
  milliseconds: number;
}

export const operations: Benchmark = {
  async run(args) {
    const { device } = await openEngine();
    if (!hasRawOps() || device === 'GPU') {
      throw new UserError(
        'Operations can be timed on the native engine on a CPU alone; npm run doctor says what runs here.',
      );
    }
    for (const workload of workloadsOf(args, { sizes: '32x128', batch: 32 })) {
      const { model, batch, length } = workload;
      console.log(`${model}, one step of all adapters, ${batch} sequences of ${length} tokens:`);
      const { total, times } = timeOperations(workload);
      const rows = times.map(({ operation, calls, milliseconds }) => ({
        operation,
        calls,
        ms: milliseconds.toFixed(1),
        share: `${((100 * milliseconds) / total).toFixed(1)}%`,
      }));
      console.log(`${tableText(rows, {})}\n`);
    }
    return 0;
  },
};

/** The third step of a run, its operations by falling time, with the rest of the step as "outside operations". */
function timeOperations(workload: Workload): { total: number; times: OperationTime[] } {
  const model = benchModel(workload.model);
  computeProductsIn(defaultPrecision(), model.encoder);
  const step = stepper(model, randomExamples(workload), adapters(model));
  step();
  step();
  const times = new Map<string, OperationTime>();
  const started = performance.now();
  whileTimed(times, step);
  const total = performance.now() - started;
  const inside = [...times.values()].reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const outside = { operation: '(outside operations)', calls: 1, milliseconds: total - inside };
  return { total, times: [...times.values(), outside].sort((a, b) => b.milliseconds - a.milliseconds) };
}

function whileTimed(times: Map<string, OperationTime>, work: () => void): void {
  const backend = tf.backend() as unknown as Record<(typeof doors)[number], Door>;
  for (const door of doors) {
    const original = backend[door].bind(backend);
    // An own property hides the method of the class; deleting it brings that back.
    backend[door] = (name, ...rest) => {
      const started = performance.now();
      const result = original(name, ...rest);
      const time = times.get(name) ?? { operation: name, calls: 0, milliseconds: 0 };
      time.calls += 1;
      time.milliseconds += performance.now() - started;
      times.set(name, time);
      return result;
    };
  }
  try {
    work();
  } finally {
    for (const door of doors) delete (backend as Partial<typeof backend>)[door];
  }
}
