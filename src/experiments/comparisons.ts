/**
 * Results sorted into what may be compared: one group for each condition (task, model, method, training examples) and
 * everything else that the schedules of a comparison share, with what a figure or table of the group needs to know.
 */
import { testSetOf, type TaskName } from '../datasets/tasks';
import type { PaperSetting } from '../figures/paperValues';
import { distinct, groupBy } from '../figures/rows';
import { conditionOf, mainMetric, scheduleVariant } from './conditions';
import type { RunConfiguration } from './configuration';
import { fixedOrders } from './definitions/fixedOrders';
import type { RunResult } from './result';
import { flatten, resultRows, type ResultRows } from './rows';

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

/**
 * A group for each condition, in order of first appearance; several where its runs differ in what schedules share
 * (steps, dropout, test examples, …), which is then said in their titles. A run counts once: live ones may be the
 * recorded ones.
 */
export function comparisons(results: readonly RunResult[]): Comparison[] {
  const runs = new Map(results.map((result) => [result.id, result])).values();
  const conditions = groupBy([...runs], ({ configuration }) => conditionOf(configuration));
  return [...conditions].flatMap(([condition, ofCondition]) => {
    const groups = [...groupBy(ofCondition, ({ configuration }) => JSON.stringify(sharedSettings(configuration)))];
    const shared = groups.map(([, group]) => new Map(sharedSettings(group[0]!.configuration)));
    const show = (settings: ReadonlyMap<string, unknown>, key: string) => JSON.stringify(settings.get(key) ?? 'none');
    const differing = distinct(shared.flatMap((settings) => [...settings.keys()])).filter(
      (key) => distinct(shared.map((settings) => show(settings, key))).length > 1,
    );
    return groups.map(([, group], i): Comparison => {
      const { configuration } = group[0]!;
      const paper = paperSettingOf(configuration);
      const apart = differing.map((key) => `${key} ${show(shared[i]!, key).replaceAll('"', '')}`);
      return {
        title: [condition, ...apart].join(' · '),
        rows: resultRows(group),
        metric: mainMetric(configuration),
        chance: chanceOf[configuration.task],
        ...(paper === undefined ? {} : { paper }),
      };
    });
  });
}

/** What belongs to a schedule, or changes nothing of what is trained and scored. */
const ownSettings = /^(seed|schedule|timing|fisherForSchedule|trackFisher|evaluation\.languages)\b/;

/** In the paper each schedule has its own hyperparameters (Tables 3, 4, 15). */
const ownInPaper = /^(steps|batchSize|optimiser\.learningRate|validation\.every)$/;

/** What the schedules of one comparison have in common, by name. */
function sharedSettings(configuration: RunConfiguration): [name: string, value: unknown][] {
  return flatten(configuration)
    .filter(([name]) => !ownSettings.test(name) && !(configuration.profile === 'paper' && ownInPaper.test(name)))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

const paperMethodOf = { bottleneck: 'madx', lora: 'lora', full: 'none' } as const;

/**
 * The paper's experiment with the same task, method and number of examples; of XLM-R where the model is not its own.
 */
export function paperSettingOf(configuration: RunConfiguration): PaperSetting | undefined {
  const { model, task, method, data } = configuration;
  const { trainExamples } = data;
  const isPrinted =
    trainExamples === 'all' || trainExamples === 1000 || trainExamples === 5000 || trainExamples === 10000;
  if (!isPrinted) return undefined;
  return {
    model: /mdeberta/.test(model) ? 'mdeberta' : /bert-base-multilingual/.test(model) ? 'mbert' : 'xlmr',
    dataset: testSetOf[task],
    adapter: paperMethodOf[method.type],
    trainExamples,
  };
}

/**
 * What tells runs of one condition apart beside the seed: "order 3" of the paper's fixed orders, "fun (officialCode)".
 */
export function describeSchedule(configuration: RunConfiguration): string {
  const { order } = configuration.schedule;
  if (order === undefined) return scheduleVariant(configuration);
  // On a model of fewer layers an order is what it says about these.
  const layers = new Set(order);
  const index = fixedOrders.findIndex((known) => known.filter((layer) => layers.has(layer)).join() === order.join());
  return index < 0 ? scheduleVariant(configuration) : `order ${index}`;
}
