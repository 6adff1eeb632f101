/**
 * Results sorted into what may be compared: one group for each condition (task, model, method, training examples),
 * with what a figure or table of the group needs to know. Within a group, runs of one comparison differ in schedule and
 * seed alone; those of a search for settings, or in another precision, are to be left out by whoever draws.
 */
import type { TaskName } from '../datasets/taskData';
import type { PaperSetting } from '../figures/paperValues';
import { groupBy } from '../figures/rows';
import { conditionOf, mainMetric, scheduleLabel } from './conditions';
import type { RunConfiguration } from './configuration';
import { fixedOrders } from './definitions/fixedOrders';
import type { RunResult } from './result';
import { resultRows, type ResultRows } from './rows';

export interface Comparison {
  /** The condition, in words. */
  readonly title: string;
  readonly rows: ResultRows;
  /** The metric that the task is compared by. */
  readonly metric: 'accuracy' | 'f1';
  /** Score of guessing, in percent. */
  readonly chance: number;
  /** The experiment of the paper to stand beside this one; absent where the paper has none. */
  readonly paper?: PaperSetting;
}

const chanceOf: Readonly<Record<TaskName, number>> = { nli: 100 / 3, copa: 50, 'qa-xquad': 0, 'qa-mlqa': 0 };

/** A group for each condition, in order of first appearance. A run counts once: live ones may be the recorded ones. */
export function comparisons(results: readonly RunResult[]): Comparison[] {
  const runs = new Map(results.map((result) => [result.id, result])).values();
  return [...groupBy([...runs], ({ configuration }) => conditionOf(configuration))].map(([title, group]) => {
    const { configuration } = group[0]!;
    const paper = paperSettingOf(configuration);
    return {
      title,
      rows: resultRows(group),
      metric: mainMetric(configuration),
      chance: chanceOf[configuration.task],
      ...(paper === undefined ? {} : { paper }),
    };
  });
}

const paperDatasetOf = { nli: 'xnli', copa: 'xcopa', 'qa-xquad': 'xquad', 'qa-mlqa': 'mlqa' } as const;
const paperMethodOf = { bottleneck: 'madx', lora: 'lora', full: 'none' } as const;

/** The paper's experiment with the same task, method and number of examples; of XLM-R where the model is not its own. */
export function paperSettingOf(configuration: RunConfiguration): PaperSetting | undefined {
  const { model, task, method, data } = configuration;
  const { trainExamples } = data;
  const isPrinted =
    trainExamples === 'all' || trainExamples === 1000 || trainExamples === 5000 || trainExamples === 10000;
  if (!isPrinted) return undefined;
  return {
    model: /mdeberta/.test(model) ? 'mdeberta' : /bert-base-multilingual/.test(model) ? 'mbert' : 'xlmr',
    dataset: paperDatasetOf[task],
    adapter: paperMethodOf[method.type],
    trainExamples,
  };
}

/** What tells runs of one condition apart beside the seed: "order 3" of the paper's fixed orders, "fun (officialCode)". */
export function describeSchedule(configuration: RunConfiguration): string {
  const { name, order } = configuration.schedule;
  if (name !== 'fixed' || order === undefined) return scheduleLabel(configuration);
  // On a model of fewer layers an order is what it says about these.
  const layers = new Set(order);
  const index = fixedOrders.findIndex((known) => known.filter((layer) => layers.has(layer)).join() === order.join());
  return index < 0 ? scheduleLabel(configuration) : `order ${index}`;
}
