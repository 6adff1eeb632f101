import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { randomStream } from '../../src/engine/random';
import { claims, claimVerdict } from '../../src/experiments/claims/index';
import { exampleDifferences, pairBySeed } from '../../src/experiments/claims/pairs';
import { readEnglish, readTransfer } from '../../src/experiments/claims/transfer';
import { runId, type ProfileName, type RunConfiguration } from '../../src/experiments/configuration';
import { findSweep } from '../../src/experiments/definitions/index';
import { packBits, packFractions, resultFormat, toColumns, type RunResult } from '../../src/experiments/result';
import { openStore } from '../../src/experiments/store';
import { summaryText, writeSummary } from '../../src/experiments/summary';
import { expandSweep, sweepWith } from '../../src/experiments/sweep';

interface Made {
  /** Points above the base rate in the target languages, and in English. */
  readonly gain?: number;
  readonly englishGain?: number;
  /** tr(F) of the trainable layers at each tracked step. */
  readonly curve?: readonly number[];
  readonly order?: readonly number[];
}

const examples = 400;

/** A result as if the run had been made, with scores that are what the test says. */
function makeResult(
  configuration: RunConfiguration,
  { gain = 0, englishGain = 0, curve = [], order = [] }: Made,
): RunResult {
  const evaluation = configuration.evaluation.languages.map((language) => {
    const random = randomStream(configuration.seed, language);
    // The same examples are hard in every run; a gain makes more of them right.
    const rate = 0.5 + (language === 'en' ? englishGain : gain) / 100;
    const fractions = Array.from({ length: examples }, () => (random.uniform() < rate ? 1 : 0));
    const share = (100 * fractions.reduce((sum: number, value) => sum + value, 0)) / examples;
    const isQuestion = configuration.task.startsWith('qa');
    const metrics: Record<string, number> = isQuestion ? { f1: share, em: share } : { accuracy: share };
    return {
      language,
      dataset: 'made',
      split: 'test',
      examples,
      source: 'made',
      metrics,
      correct: packBits(fractions.map((value) => value === 1)),
      ...(isQuestion ? { f1: packFractions(fractions) } : {}),
    };
  });
  return {
    format: resultFormat,
    id: runId(configuration),
    configuration,
    code: { commit: null, dirty: false },
    engine: { line: 'made', threads: 1, precision: 'float32' },
    modelSource: 'made',
    layers: 4,
    data: [],
    logs: {
      steps: toColumns(
        ['step', 'loss', 'learningRate', 'gradNorm'],
        [{ step: configuration.steps - 1, loss: 1, learningRate: 0, gradNorm: 1 }],
      ),
      unfreezing: toColumns(
        ['step', 'layer'],
        order.map((layer, i) => ({ step: 2 * i, layer })),
      ),
      scores: toColumns(['step', 'layer', 'trace', 'standardError'], []),
      fisher: toColumns(
        ['step', 'layer', 'trace', 'standardError', 'trainable'],
        curve.map((trace, i) => ({ step: i, layer: 3, trace, standardError: 0, trainable: true })),
      ),
      validation: toColumns(['step', 'metric', 'value'], []),
    },
    evaluation,
    cost: {
      seconds: { opening: 1, training: 60, fisher: 5, validation: 4, evaluation: 20 },
      tokensPerSecond: 1000,
      peakRssBytes: 1e9,
      sessions: [],
    },
  };
}

const resultsOf = (sweep: string, make: (run: RunConfiguration, i: number) => Made, profile: ProfileName = 'smoke') =>
  expandSweep(findSweep(sweep), profile).map((configuration, i) => makeResult(configuration, make(configuration, i)));

const hill = [1, 2, 4, 6, 8, 9, 8, 6, 4, 2, 1];
const flat = hill.map(() => 1.5);

/** Gradual and FUN 6 points up, LPFT none, bottom-up 5 down. Each seed differs a little. */
const nli = resultsOf('nli-schedules', ({ schedule, seed }) => {
  const gains: Record<string, number> = { gradual: 6, fun: 6, 'gradual-reverse': -5 };
  return {
    gain: (gains[schedule.name] ?? 0) + 0.1 * seed,
    curve: schedule.name === 'gradual' ? hill : flat,
    order: schedule.name === 'fun' ? [3, 2, 1, 0] : [],
  };
});

const readings = (id: string, results: readonly RunResult[], profile: ProfileName = 'smoke') => {
  const planned = (sweep: string) => expandSweep(findSweep(sweep), profile);
  const byId = new Map(results.map((result) => [result.id, result]));
  const done = (sweep: string) => planned(sweep).flatMap((run) => byId.get(runId(run)) ?? []);
  return claims.find((claim) => claim.id === id)!.read(done, planned);
};

describe('claims', () => {
  test('C1: a true gain shows, none does not, and the claim has the weaker verdict', () => {
    const [gradual, lpft] = readings('C1', nli);
    expect(gradual).toMatchObject({ what: 'XNLI average: gradual − standard', verdict: 'shows' });
    expect(Number(/^\+(\d\.\d) points \(4 seeds\)/.exec(gradual!.effect)![1])).toBeCloseTo(6, -0.5);
    expect(gradual!.paper).toBe('mBERT +3.9 (Table 1, 10), XLM-R +0.1 (Table 1, 10)');
    expect(lpft).toMatchObject({ verdict: 'does not show', paper: 'not printed' });
    expect(claimVerdict([gradual!, lpft!], 2)).toBe('does not show');
    expect(claimVerdict([gradual!], 1)).toBe('shows');
  });

  test('a claim does not show while one of its primary readings lacks its runs', () => {
    const without = nli.filter(({ configuration }) => configuration.schedule.name !== 'random');
    expect(readings('C5', without).map(({ verdict }) => verdict)).toEqual(['shows']);
    const overview = (results: readonly RunResult[]) =>
      /\| C5 \|.*?\| ([a-z ]+) \|/.exec(summaryText(results, 'smoke'))![1];
    expect(overview(nli)).toBe('shows');
    expect(overview(without)).toBe('too noisy to tell');
  });

  test.each(claims.filter(({ primary }) => primary > 0))(
    '$id has $primary primary readings when no run is missing',
    (claim) => {
      const make = ({ schedule }: RunConfiguration, i: number) => ({
        curve: hill.map((height) => height + i),
        order: schedule.name === 'fun' ? [3, 2, 1, 0] : [],
      });
      const all = claim.sweeps.flatMap((sweep) => resultsOf(sweep, make, 'small'));
      const found = readings(claim.id, all, 'small').filter(({ role }) => role === 'primary');
      expect(found).toHaveLength(claim.primary);
    },
  );

  test('C2: the hill of gradual above a flat curve', () => {
    expect(readings('C2', nli).map(({ verdict }) => verdict)).toEqual(['shows', 'shows']);
    const without = nli.map((result) => makeResult(result.configuration, { curve: flat }));
    expect(readings('C2', without).map(({ verdict }) => verdict)).toEqual(['does not show', 'does not show']);
    const oneSeed = [nli, without].map((all) => all.filter(({ configuration }) => configuration.seed === 1));
    for (const results of oneSeed)
      expect(readings('C2', results).map(({ verdict }) => verdict)).toEqual(Array(2).fill('too noisy to tell'));
  });

  test('C3: curves whose height, width and onset go with transfer, and curves that do not', () => {
    // Transfer and curve both follow the number of the order; the wider hill is also the earlier and higher one.
    const rank = (i: number) => i % 10;
    const wide = (i: number) => hill.map((_, step) => (rank(i) + 1) * Math.exp(-((step - 4) ** 2) / (4 + 2 * rank(i))));
    const following = resultsOf('nli-fixed-orders', (_, i) => ({ gain: 2 * rank(i), curve: wide(i) }));
    expect(expandSweep(findSweep('nli-fixed-orders'), 'small')).toHaveLength(20);
    const shown = readings('C3', following);
    expect(shown.map(({ verdict }) => verdict)).toEqual(['shows', 'shows', 'shows', 'shows']);
    const against = resultsOf('nli-fixed-orders', (_, i) => ({ gain: -2 * rank(i), curve: wide(i) }));
    expect(readings('C3', against).map(({ verdict }) => verdict)).toEqual(Array(4).fill('does not show'));
  });

  test('C3: of fewer than all orders nothing is decided, and seeds that not all orders have do not count', () => {
    // The second seed is ten points better: where only the flattest orders have it, they would seem the best.
    const orders = resultsOf('nli-fixed-orders', () => ({})).length / 2;
    const all = resultsOf('nli-fixed-orders', ({ seed }, i) => ({
      gain: 2 * (i % orders) + 10 * (seed - 1),
      curve: hill.map((height) => 1 + (i % orders) * height),
    }));
    const [first, second] = [all.slice(0, orders), all.slice(orders)];
    expect(new Set(first.map(({ configuration }) => configuration.seed))).toEqual(new Set([1]));
    const seen = readings('C3', [...first, ...second.slice(0, 2)]);
    expect(seen[1]).toMatchObject({ effect: '+1.00', verdict: 'too noisy to tell' });
    expect(seen[1]!.what).toContain(` over ${orders} of ${orders} orders, 1 seed`);
    expect(seen).toEqual(readings('C3', first));
    expect(readings('C3', all)[1]).toMatchObject({ effect: '+1.00', verdict: 'shows' });
    const few = readings('C3', [...first.slice(1), ...second.slice(1)]);
    expect(few.map(({ verdict }) => verdict)).toEqual(Array(4).fill('too noisy to tell'));
    expect(few[1]!.what).toContain(` over ${orders - 1} of ${orders} orders`);
    expect(readings('C3', [...first.slice(0, 3), ...second.slice(3)])).toEqual([]);
  });

  test('C3: a feature that is the same in all curves has no correlation; the others are read', () => {
    // Never below half of its end: as wide as the whole run.
    const rising = (i: number) => hill.map((_, step) => 200 + (1 + (i % 10)) * step);
    const wide = resultsOf('nli-fixed-orders', (_, i) => ({ gain: 2 * (i % 10), curve: rising(i) }));
    const shown = readings('C3', wide);
    const width = shown.find(({ what }) => what.startsWith('width'))!;
    expect(width.effect).toBe('one of the two is the same in all orders: no correlation can be computed');
    expect(shown.map(({ verdict }) => verdict)).toEqual(['shows', 'shows', 'too noisy to tell', 'shows']);
    expect(summaryText(wide, 'smoke')).toMatch(/\| C3 \| .* \| too noisy to tell \|/);
  });

  test('C4: top-down orders show, bottom-up ones do not', () => {
    expect(readings('C4', nli)[0]).toMatchObject({ verdict: 'shows' });
    expect(readings('C4', nli)[0]!.effect).toMatch(/^\+1.00 \(4 seeds; 3 2 1 0 \|/);
    const bottomUp = nli.map((result) => makeResult(result.configuration, { order: [0, 1, 2, 3] }));
    expect(readings('C4', bottomUp)[0]).toMatchObject({ verdict: 'does not show' });
  });

  test('C5 and C6: as good as, better than random, worse from the bottom with English unchanged', () => {
    expect(readings('C5', nli).map(({ verdict }) => verdict)).toEqual(['shows', 'shows']);
    expect(readings('C6', nli).map(({ what, verdict }) => [what, verdict])).toEqual([
      ['XNLI average: gradual − gradual-reverse', 'shows'],
      ['XNLI, English: gradual − gradual-reverse', 'shows'],
    ]);
    // GU is in Tables 1 and 10, its reverse in Table 12.
    for (const { paper } of readings('C6', nli)) expect(paper).toMatch(/\(Table 1, 10, 12\), XLM-R /);
    const englishLost = nli.map((result) =>
      makeResult(result.configuration, {
        englishGain: (result.configuration.schedule.name === 'gradual' ? 8 : 0) + 0.1 * result.configuration.seed,
      }),
    );
    expect(readings('C6', englishLost)[1]).toMatchObject({ verdict: 'does not show' });
  });

  test('one seed is too noisy, whatever the gain', () => {
    const oneSeed = nli.filter(({ configuration }) => configuration.seed === 1);
    const [gradual] = readings('C1', oneSeed);
    expect(gradual).toMatchObject({ verdict: 'too noisy to tell' });
    expect(gradual!.interval).toMatch(/^seeds unbounded \(one seed\)/);
  });

  test('C7 and C8 read NLI, which decides, and question answering, each condition by itself', () => {
    const low = resultsOf('low-data', ({ schedule }) => ({ gain: schedule.name === 'standard' ? 0 : 5 }));
    // The profile smoke has other sizes; as in `small`:
    expect(readings('C7', low)).toEqual([]);
    const lora = resultsOf('lora-schedules', ({ schedule }) => ({ gain: schedule.name === 'standard' ? 0 : 5 }));
    expect(readings('C8', lora).map(({ what, role }) => [what, role])).toEqual([
      ['XNLI average, LoRA: gradual − standard', 'primary'],
      ['XNLI average, LoRA: fun − standard', 'primary'],
      ['XQUAD average, LoRA: gradual − standard', 'secondary'],
      ['XQUAD average, LoRA: fun − standard', 'secondary'],
    ]);
  });
});

test('differences by example: their mean is the difference of the averages', () => {
  for (const sweep of ['nli-schedules', 'qa-schedules']) {
    const results = resultsOf(sweep, ({ schedule, seed }) => ({ gain: schedule.name === 'gradual' ? 3 + seed : 0 }));
    const task = results[0]!.configuration.task;
    const pairs = pairBySeed(
      results.filter(({ configuration }) => configuration.task === task),
      'gradual',
      'standard',
    );
    const average = (result: RunResult) => {
      const values = result.evaluation
        .filter(({ language }) => language !== 'en')
        .map(({ metrics }) => Object.values(metrics)[0]!);
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    exampleDifferences(pairs).forEach((row, i) => {
      expect(row).toHaveLength(examples);
      expect(row.reduce((sum, value) => sum + value, 0) / examples).toBeCloseTo(
        average(pairs[i]!.a) - average(pairs[i]!.b),
        8,
      );
    });
  }
});

describe('when seeds were not tested in the same languages', () => {
  const only = (result: RunResult, languages: readonly string[]): RunResult => ({
    ...result,
    evaluation: result.evaluation.filter(({ language }) => languages.includes(language)),
  });
  const [gradual1, gradual2, standard1, standard2] = ['gradual', 'standard'].flatMap((name) =>
    [1, 2].map((seed) => nli.find(({ configuration: c }) => c.schedule.name === name && c.seed === seed)!),
  );
  const question = { task: 'nli', schedule: 'gradual', against: 'standard', role: 'primary' } as const;

  test('both intervals are of the languages that all of them have', () => {
    const wide = readTransfer(
      [gradual1!, gradual2!, standard1!, standard2!].map((r) => only(r, ['de', 'sw'])),
      question,
    );
    const narrow = [only(gradual1!, ['de']), gradual2!, standard1!, standard2!];
    const expected = readTransfer(
      [gradual1!, gradual2!, standard1!, standard2!].map((r) => only(r, ['de'])),
      question,
    );
    expect(readTransfer(narrow, question)).toEqual(expected);
    expect(expected[0]!.interval).not.toBe(wide[0]!.interval);
  });

  test('there is no reading where no language is common to all of them', () => {
    const apart = [
      only(gradual1!, ['de']),
      only(standard1!, ['de']),
      only(gradual2!, ['sw']),
      only(standard2!, ['sw']),
    ];
    expect(readTransfer(apart, question)).toEqual([]);
  });
});

test('runs on the development set of MLQA and runs on its test set are read apart', () => {
  const qa = resultsOf('qa-schedules', ({ schedule }) => ({ gain: schedule.name === 'gradual' ? 4 : 0 }), 'small');
  const mixed = qa.map((result): RunResult => {
    const { task, seed } = result.configuration;
    if (task !== 'qa-mlqa' || seed !== 1) return result;
    return { ...result, evaluation: result.evaluation.map((scores) => ({ ...scores, split: 'validation' })) };
  });
  const question = { task: 'qa-mlqa', schedule: 'gradual', against: 'standard', role: 'primary' } as const;
  const apart = readTransfer(mixed, question);
  expect(apart.map(({ what }) => what).sort()).toEqual([
    'MLQA (test) average: gradual − standard',
    'MLQA (validation) average: gradual − standard',
  ]);
  const ofSeed2 = readTransfer(
    qa.filter(({ configuration }) => configuration.seed === 2),
    question,
  );
  expect(apart.find(({ what }) => what.includes('test'))).toEqual({
    ...ofSeed2[0]!,
    what: 'MLQA (test) average: gradual − standard',
  });
  expect(readEnglish(mixed, question)).toHaveLength(2);
});

describe('summary', () => {
  test('says each verdict, what is missing, and how to get it; the same results give the same text', () => {
    const text = summaryText(nli, 'smoke');
    expect(text).toBe(summaryText([...nli], 'smoke'));
    expect(text).toMatch(/\| C2 \| .* \| shows \| nli-schedules 24 of 24 \|/);
    expect(text).toMatch(/\| C7 \| .* \| no runs yet \| low-data 0 of \d+ \|/);
    expect(text).toContain(
      'No runs yet (low-data 0 of 24). To make them: `npm run sweep -- low-data --profile smoke`.',
    );
    // Of two sweeps, the one that is complete needs no command.
    expect(text).toContain('To make them: `npm run sweep -- full-fine-tuning --profile smoke`.');
    expect(text).toContain('mBERT +3.9 (Table 1, 10)');
    expect(summaryText([], 'small')).toContain('There are no results yet.');
  });

  test('with changes, reads the runs that were changed so and no others', () => {
    const changes = { languages: ['en', 'de', 'sw'] };
    const changed = expandSweep(sweepWith(findSweep('nli-schedules'), changes), 'smoke').map((run) =>
      makeResult(run, { gain: run.schedule.name === 'gradual' ? 6 : 0 }),
    );
    const text = summaryText([...nli, ...changed], 'smoke', changes);
    expect(text).toContain('24 results, ');
    expect(text).toMatch(/gradual − standard\*\* \| [^|]* \| [^|]* \| [^|]* over 2 languages/);
    expect(text).toContain('with {"languages":["en","de","sw"]}');
    const missing = summaryText(nli, 'smoke', changes);
    expect(missing).toContain('nli-schedules 0 of 24');
    expect(missing).toContain('`npm run sweep -- nli-fixed-orders --profile smoke --languages en,de,sw`');
  });

  test('of runs that were tested in English alone, reads what is left to read', () => {
    const changes = { languages: ['en'] };
    const results = expandSweep(sweepWith(findSweep('nli-schedules'), changes), 'smoke').map((run) =>
      makeResult(run, {}),
    );
    const text = summaryText(results, 'smoke', changes);
    expect(text).toContain('**XNLI, English: gradual − gradual-reverse**');
    expect(text).not.toContain('XNLI average');
    // These made runs have no curves either.
    expect(text).toContain('Its runs are there (nli-schedules 24 of 24), with nothing to compare');
  });

  test('is written beside the results', () => {
    const folder = mkdtempSync(join(tmpdir(), 'fun-summary-'));
    try {
      const store = openStore(folder);
      for (const result of nli.slice(0, 3)) store.write(result);
      const path = writeSummary(store, 'smoke');
      expect(path).toBe(join(folder, 'smoke', 'SUMMARY.md'));
      expect(readFileSync(path, 'utf8')).toBe(summaryText(store.all('smoke'), 'smoke'));
      expect(store.ids('smoke')).toHaveLength(3);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
