import { readFileSync } from 'node:fs';
import { taskNames } from '../../src/datasets/tasks';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { checkConfiguration, lastOpening } from '../../src/experiments/checkConfiguration';
import { canonicalJson, profileNames, runId, type RunConfiguration } from '../../src/experiments/configuration';
import { configure } from '../../src/experiments/profiles';
import { paperSettings } from '../../src/experiments/paperSettings';
import type { ScheduleChoice } from '../../src/schedulers/configured';
import { gradualUnfreezing, type Schedule } from '../../src/schedulers/index';

const base = configure('mini', { task: 'nli', schedule: { name: 'gradual' }, seed: 3 });

describe('identity', () => {
  test('is readable, and the same whatever the order of keys', () => {
    expect(runId(base)).toMatch(/^nli-multilingual-e5-small-bottleneck16-gradual10-s3-[0-9a-f]{10}$/);
    const reversed = Object.fromEntries(Object.entries(base).reverse()) as unknown as RunConfiguration;
    expect(runId(reversed)).toBe(runId(base));
  });

  test('changes with every single value of the configuration', () => {
    const full = configure('small', { task: 'qa-xquad', schedule: { name: 'fun' }, trackFisher: 'tracked' });
    const leaves: string[] = [];
    const visit = (value: unknown, path: string[]): void => {
      if (value !== null && typeof value === 'object') {
        for (const [key, member] of Object.entries(value)) visit(member, [...path, key]);
        return;
      }
      const copy = JSON.parse(JSON.stringify(full)) as Record<string, unknown>;
      let at: Record<string, unknown> = copy;
      for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
      at[path.at(-1)!] = typeof value === 'number' ? value + 1 : typeof value === 'boolean' ? !value : `${value}x`;
      expect(runId(copy as unknown as RunConfiguration), path.join('.')).not.toBe(runId(full));
      leaves.push(path.join('.'));
    };
    visit(full, []);
    expect(leaves.length).toBeGreaterThan(40);
  });

  test('canonical JSON drops undefined members and is valid JSON', () => {
    expect(canonicalJson({ b: [1, { d: null, c: undefined }], a: 'x' })).toBe('{"a":"x","b":[1,{"d":null}]}');
  });
});

describe('profiles', () => {
  afterEach(() => vi.unstubAllEnvs());

  test('precision: what the run says, else FUN_PRECISION, else the profile', () => {
    const precisionOf = (asked: string | undefined, precision?: 'float32') => {
      vi.stubEnv('FUN_PRECISION', asked);
      return configure('mini', { task: 'nli', ...(precision === undefined ? {} : { precision }) }).precision;
    };
    expect([precisionOf(undefined), precisionOf('bf16'), precisionOf('bf16', 'float32')]).toEqual([
      'float32',
      'bf16',
      'float32',
    ]);
    expect(() => precisionOf('fp8')).toThrow(/FUN_PRECISION "fp8" is not known. Allowed: float32, bf16/);
  });

  test.each(profileNames.flatMap((profile) => taskNames.map((task) => [profile, task] as const)))(
    '%s, %s: every schedule gives a possible run on twelve layers',
    (profile, task) => {
      for (const name of ['standard', 'gradual', 'gradual-reverse', 'lpft', 'random', 'fun'] as const) {
        const configuration = configure(profile, { task, schedule: { name } });
        // The smoke profile is for a tiny model of few layers.
        expect(checkConfiguration(configuration, profile === 'smoke' ? 4 : 12)).toEqual(configuration);
      }
    },
  );

  test.each([
    ['paper', 'xlm-roberta-base', { source: 'hub' }],
    ['paper', 'google-bert/bert-base-multilingual-cased', { source: 'hub' }],
    ['paper', 'mdeberta-v3-base', 'none'],
    ['paper', 'someone/some-model', 'none'],
    ['small', 'xlm-roberta-base', 'none'],
  ] as const)('%s, %s: language adapters by default %j', (profile, model, expected) => {
    expect(configure(profile, { task: 'nli', model }).languageAdapters).toEqual(expected);
  });

  test.each([
    ['paper', 'xlm-roberta-base', { pooling: 'first', family: 'transformers' }],
    ['paper', 'multilingual-e5-small', { pooling: 'first' }],
    ['small', 'xlm-roberta-base', { pooling: 'mean' }],
  ] as const)('%s, %s: the head by default is %j', (profile, model, expected) => {
    expect(configure(profile, { task: 'nli', model }).head).toEqual(expected);
  });

  test('tr(F) is not tracked where that is said, and what says nothing is refused', () => {
    expect(configure('smoke', { task: 'nli', trackFisher: false })).not.toHaveProperty('trackFisher');
    for (const wrong of [10, true, null] as unknown as 'tracked'[]) {
      expect(() => configure('smoke', { task: 'nli', trackFisher: wrong })).toThrow(/trackFisher must be \{ every/);
    }
  });

  test('a plain head of transformers reads the first token', () => {
    const head = { pooling: 'mean', family: 'transformers' } as const;
    expect(() => configure('smoke', { task: 'nli', head })).toThrow(/head\.pooling must be "first"/);
    const unknown = { pooling: 'first', family: 'adapter' } as unknown as typeof head;
    expect(() => configure('smoke', { task: 'nli', head: unknown })).toThrow(/Allowed: transformers/);
  });

  test('a method by its name is that of the paper, the same run; another name is refused with those that are known', () => {
    const lora = { type: 'lora', rank: 8, alpha: 8 } as const;
    expect(configure('mini', { task: 'nli', method: 'lora' }).method).toEqual(lora);
    expect(runId(configure('mini', { task: 'nli', method: 'lora' }))).toBe(
      runId(configure('mini', { task: 'nli', method: lora })),
    );
    expect(configure('mini', { task: 'nli', method: 'full' }).schedule).toEqual({ name: 'full' });
    expect(configure('mini', { task: 'nli', method: 'bottleneck' })).toEqual(configure('mini', { task: 'nli' }));
    expect(() => configure('mini', { task: 'nli', method: 'prefix' as never })).toThrow(
      'method "prefix" is not known. Allowed: bottleneck, lora, full.',
    );
    expect(() => configure('mini', { task: 'nli', method: 8 as never })).toThrow(/method takes an object such as/);
  });

  test('a schedule by its name, as JSON and from its function is one run; one of one’s own is refused', () => {
    const idOf = (schedule: ScheduleChoice) => runId(configure('mini', { task: 'nli', schedule }));
    const given = [
      { name: 'gradual', every: 10 },
      gradualUnfreezing({ every: 10 }),
      { name: 'gradual' },
      'gradual',
    ] as const;
    expect(new Set(given.map(idOf)).size).toBe(1);
    const mine: Schedule = { name: 'mine', every: 2, needs: 'nothing', select: ({ frozen }) => frozen.slice(0, 1) };
    expect(() => idOf(mine)).toThrow(
      `schedule "mine" is one of your own, which cannot be written down for another process: train it with lab.train, ` +
        `or give it as { file: 'schedules/NAME.ts', every }.`,
    );
    expect(() => idOf({ ...gradualUnfreezing({ every: 10 }) })).toThrow(/schedule "gradual" is one of your own/);
  });

  test('an estimate that nothing asks is refused, and not dropped', () => {
    const fisherForSchedule = { estimator: 'exact', examples: 8 } as const;
    const choices = { task: 'nli', fisherForSchedule } as const;
    expect(configure('mini', { ...choices, schedule: { name: 'fun' } }).fisherForSchedule).toBe(fisherForSchedule);
    expect(() => configure('mini', { ...choices, schedule: { name: 'gradual' } })).toThrow(
      /leave it out for "gradual"/,
    );
  });

  test('small: k·L is at most 45% of the steps', () => {
    for (const task of taskNames) {
      const { schedule, steps } = configure('small', { task, schedule: { name: 'gradual' } });
      expect(schedule.every! * 12).toBeLessThanOrEqual(0.45 * steps);
    }
  });

  test('paper: full fine-tuning takes 3 epochs, on COPA and few examples those of the schedules', () => {
    const epochs = (task: 'nli' | 'copa' | 'qa-xquad', examples: number | 'all', count: number) => {
      const { steps, batchSize } = paperSettings(task, 'xlm-roberta-base', { type: 'full' }, 'full', examples);
      return steps / Math.ceil(count / batchSize);
    };
    expect(epochs('nli', 'all', 392_702)).toBe(3);
    expect(epochs('copa', 'all', 400)).toBe(5000);
    expect(epochs('nli', 1000, 1000)).toBe(50);
    expect(epochs('qa-xquad', 5000, 5000)).toBe(20);
  });

  test('paper: learning rates, batches, epochs and k are those of data/paper', () => {
    interface PaperRow {
      task: 'squad' | 'copa' | 'mnli';
      model: 'mbert' | 'xlmr';
      lr: number | { standard: number; scheduled: number };
      epochs: number | { standard: number; scheduled: number };
      batch: number;
      k_lpft?: number;
      k_gu: number;
      k_fun: number;
    }
    const paper = JSON.parse(readFileSync('data/paper/results.json', 'utf8')) as {
      tables: { hyperparameters: { madx: PaperRow[]; lora: PaperRow[]; low_data: LowDataRow[] } };
    };
    interface LowDataRow {
      task: 'squad' | 'mnli';
      model: 'mbert' | 'xlmr';
      epochs: number;
      lr: number;
      k: Record<string, number>;
      k_fun: Record<string, number>;
    }
    const taskOf = { squad: 'qa-mlqa', copa: 'copa', mnli: 'nli' } as const;
    const modelOf = { mbert: 'bert-base-multilingual-cased', xlmr: 'xlm-roberta-base' } as const;
    const examples = { squad: 87_599, copa: 400, mnli: 392_702 } as const;
    const methods = {
      madx: { type: 'bottleneck', reductionFactor: 16 },
      lora: { type: 'lora', rank: 8, alpha: 8 },
    } as const;
    const pick = (value: number | { standard: number; scheduled: number }, name: string): number =>
      typeof value === 'number' ? value : name === 'standard' ? value.standard : value.scheduled;
    let rows = 0;
    for (const adapter of ['madx', 'lora'] as const) {
      for (const row of paper.tables.hyperparameters[adapter]) {
        for (const name of ['standard', 'lpft', 'gradual', 'fun'] as const) {
          const got = paperSettings(taskOf[row.task], modelOf[row.model], methods[adapter], name, 'all');
          expect(got.learningRate).toBe(pick(row.lr, name));
          expect(got.batchSize).toBe(row.batch);
          expect(got.steps).toBe(pick(row.epochs, name) * Math.ceil(examples[row.task] / row.batch));
          if (name === 'gradual') expect(got.every).toBe(row.k_gu);
          if (name === 'fun') expect(got.every).toBe(row.k_fun);
          if (name === 'lpft') expect(got.every).toBe(row.k_lpft ?? row.k_gu);
          rows += 1;
        }
      }
    }
    expect(rows).toBe(48);
    for (const row of paper.tables.hyperparameters.low_data) {
      for (const [size, count] of [
        ['1k', 1000],
        ['5k', 5000],
        ['10k', 10000],
      ] as const) {
        const settings = (name: 'standard' | 'gradual' | 'fun') =>
          paperSettings(taskOf[row.task], modelOf[row.model], methods.madx, name, count);
        for (const name of ['standard', 'gradual', 'fun'] as const) expect(settings(name).learningRate).toBe(row.lr);
        expect(settings('gradual').every).toBe(row.k[size]);
        expect(settings('fun').every).toBe(row.k_fun[size]);
        expect(settings('fun').steps).toBe(row.epochs * Math.ceil(count / settings('fun').batchSize));
      }
    }
  });
});

describe('refusals', () => {
  const changed = (change: object): RunConfiguration => ({ ...base, ...change });
  test.each<[string, object, RegExp]>([
    ['an unknown key', { learningrate: 1 }, /unknown "learningrate".*Allowed: profile/],
    ['an unknown nested key', { optimiser: { ...base.optimiser, momentum: 0.9 } }, /optimiser: unknown "momentum"/],
    ['a missing key', { validation: { every: 10 } }, /validation: examples missing/],
    ['an unknown profile', { profile: 'tiny' }, /profile "tiny" is not known. Allowed: smoke, mini, small, paper/],
    ['an unknown task', { task: 'xnli' }, /task "xnli" is not known/],
    ['an unknown schedule', { schedule: { name: 'gu' } }, /schedule "gu" is not known/],
    ['a schedule with a key that is not its own', { schedule: { name: 'standard', every: 3 } }, /unknown "every"/],
    ['a schedule without its interval', { schedule: { name: 'gradual' } }, /needs "every"/],
    ['an unknown language code', { evaluation: { ...base.evaluation, languages: ['english'] } }, /language codes/],
    [
      'a regional code, which is named',
      { evaluation: { ...base.evaluation, languages: ['en', 'zh-CN'] } },
      /small letters.*, not \["en","zh-CN"\]/,
    ],
    ['a text in place of a list', { evaluation: { ...base.evaluation, languages: 'en' } }, /a list .*, not "en"/],
    ['a language twice', { evaluation: { ...base.evaluation, languages: ['en', 'en'] } }, /each once/],
    ['FUN without an estimator', { schedule: { name: 'fun', every: 5 } }, /needs fisherForSchedule/],
    [
      'an estimator that nothing asks',
      { fisherForSchedule: { estimator: 'exact', examples: 8 } },
      /schedule "fun" only/,
    ],
    [
      'an unknown estimator',
      { trackFisher: { estimator: 'true', examples: 8, every: 5, layers: 'all' } },
      /estimator "true"/,
    ],
    ['a stride in classification', { data: { ...base.data, docStride: 12 } }, /question answering only/],
    ['full fine-tuning by intervals', { method: { type: 'full' } }, /does not go with method "full"/],
    ['a negative learning rate', { optimiser: { ...base.optimiser, learningRate: -1 } }, /positive number/],
    ['steps that are not whole', { steps: 1.5 }, /whole number/],
    ['dropout of 1', { dropout: 1 }, /dropout must be a number from 0/],
  ])('%s', (_, change, message) => {
    expect(() => checkConfiguration(changed(change))).toThrow(message);
  });

  test('a schedule that would not be through before the last step, with the way out', () => {
    const late = changed({ schedule: { name: 'gradual', every: 30 } });
    expect(checkConfiguration(late)).toBe(late);
    expect(() => checkConfiguration(late, 12)).toThrow(
      /opens its last layer at step 330 \(12 layers\), but the run has 300/,
    );
  });

  test.each<[string, 'paper' | 'officialCode', number]>([
    ['standard', 'paper', 0],
    ['gradual', 'paper', 28],
    ['random', 'paper', 28],
    ['lpft', 'paper', 7],
    ['gradual', 'officialCode', 34],
    ['gradual-reverse', 'officialCode', 27],
    ['lpft', 'officialCode', 6],
  ])('%s, %s timing, k = 7, five layers: the last one opens at step %i', (name, timing, step) => {
    const schedule = { name: name as 'gradual', ...(name === 'standard' ? {} : { every: 7 }) };
    expect(lastOpening({ schedule, timing }, 5)).toBe(step);
  });
});
