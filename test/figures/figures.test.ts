import type { Data } from 'plotly.js';
import { describe, expect, test } from 'vitest';
import * as figures from '../../src/figures/index';
import type { Figure, FisherRow } from '../../src/figures/index';
import { scheduleColour } from '../../src/figures/style';
import { small, rows, runs, full, fixed, severalOrders, estimates, points, paper, all } from './allFigures';
import { syntheticEstimates, syntheticRows, together, type SyntheticRows } from './syntheticRows';

/** A line or bar trace as far as the tests look at it. */
interface Trace {
  type: string;
  name?: string;
  x: unknown[];
  y: number[];
  xaxis?: string;
  yaxis?: string;
  line?: { color: string; width: number };
  marker?: { color: string; symbol?: string };
  legendgroup?: string;
  showlegend?: boolean;
  hovertemplate?: string;
  hoverinfo?: string;
}
const traces = (figure: Figure) => figure.data as unknown as Trace[];
/** The row at each of as many steps as are wanted. */
const stepped = <Row extends object>(row: Row, count: number) =>
  Array.from({ length: count }, (_, step) => ({ ...row, step }));
const textOf = (figure: Figure) => (figure.layout.annotations ?? []).map(({ text }) => text).join('\n');

/**
 * What is stored: all but the template, which style.test.ts is about; rounded; a line for each trace and layout key.
 */
const specification = ({ data, layout: { template, ...layout } }: Figure) => {
  expect(template).toBeDefined();
  const json = (value: unknown) =>
    JSON.stringify(value, (_key, part: unknown) => (typeof part === 'number' ? Number(part.toPrecision(5)) : part));
  return [...data.map(json), ...Object.entries(layout).map(([key, value]) => `${key}: ${json(value)}`)].join('\n');
};

describe.each(Object.entries(all))('%s', (_name, make) => {
  test('is the stored specification', () => {
    expect(specification(make())).toMatchSnapshot();
  });

  test('says what it is of: a title, axis titles, and the model, data, steps and seeds', () => {
    const { data, layout } = make();
    expect(layout.title).toMatchObject({ text: expect.stringMatching(/.{5}/) as string });
    const titles = Object.entries(layout).flatMap(([key, axis]) =>
      /^[xy]axis/.test(key) ? [(axis as { title?: { text: string } }).title?.text ?? ''] : [],
    );
    expect(titles.some((title) => title !== '')).toBe(true);
    expect(textOf({ data, layout })).toMatch(/(8|36) steps/);
  });

  test('is plain data, and the same each time', () => {
    expect(JSON.stringify(make())).toBe(JSON.stringify(make()));
    expect(structuredClone(make().data)).toEqual(make().data);
  });

  test('every trace can be hovered over, or says that it is not to be', () => {
    for (const trace of traces(make())) expect(trace.hovertemplate ?? trace.hoverinfo).toBeDefined();
  });

  test('draws on axes that the layout has', () => {
    const { data, layout } = make();
    for (const { xaxis = 'x', yaxis = 'y' } of data as unknown as Trace[]) {
      expect(layout).toHaveProperty([xaxis.replace('x', 'xaxis')]);
      expect(layout).toHaveProperty([yaxis.replace('y', 'yaxis')]);
    }
  });
});

describe('what the figures show', () => {
  test('a schedule has one colour, in every figure', () => {
    for (const name of ['fisherCurves', 'lossCurves', 'validationCurves', 'transferBars']) {
      for (const trace of traces(all[name]!())) {
        expect(trace.line?.color ?? trace.marker?.color, name).toBe(scheduleColour(trace.legendgroup!));
      }
    }
  });

  test('each seed thin with its run id, the mean thick and in the legend once', () => {
    const ofGradual = traces(all.lossCurves!()).filter((trace) => trace.legendgroup === 'gradual');
    expect(ofGradual.map((trace) => trace.line!.width)).toEqual([1, 1, 2.5]);
    expect(ofGradual.map((trace) => trace.showlegend)).toEqual([false, false, true]);
    runs
      .filter((run) => run.schedule === 'gradual')
      .forEach(({ runId }, i) => expect(ofGradual[i]!.hovertemplate).toContain(runId));
  });

  test('tr(F) curves average over the layers that are trainable at the step, and no others', () => {
    const row = (step: number, layer: number, trace: number, trainable: boolean): FisherRow => ({
      ...runs[0]!,
      step,
      layer,
      trace,
      standardError: 0,
      trainable,
    });
    const fisher = [
      row(0, 0, 100, false),
      row(0, 1, 4, true),
      row(2, 0, 2, true),
      row(2, 1, 4, true),
      row(4, 0, 9, false),
    ];
    const [line] = traces(figures.fisherCurves(fisher, { runs, window: 1 }));
    expect(line).toMatchObject({ x: [0, 2], y: [4, 3] });
  });

  // 21 estimates and 1,000 steps are what a recorded run of MNLI has.
  test.each<[number, number, RegExp, number, RegExp]>([
    [1000, 21, /moving average over 5 estimates/, 25, /moving average over 25 steps/],
    [99, 19, /moving average over 3 estimates/, 23, /moving average over 23 steps/],
    [20, 11, /single estimates/, 5, /moving average over 5 steps/],
    [4, 2, /single estimates/, 1, /thick: their mean$/],
  ])('%i steps, %i estimates: the usual smoothing leaves a curve its shape, and is said', (...expected) => {
    const [steps, estimates, saysEstimates, window, saysSteps] = expected;
    const fisher = rows.fisher.filter(({ step }) => step === 0).flatMap((row) => stepped(row, estimates));
    const loss = rows.steps.filter(({ step }) => step === 0).flatMap((row) => stepped(row, steps));
    const curves = figures.fisherCurves(
      fisher.map((row) => ({ ...row, trainable: true, trace: row.step })),
      { runs },
    );
    expect(textOf(curves)).toMatch(saysEstimates);
    const losses = figures.lossCurves(
      loss.map((row) => ({ ...row, loss: row.step })),
      { runs },
    );
    expect(textOf(losses)).toMatch(saysSteps);
    // The first point is the mean of the first half of its window.
    expect(traces(losses)[0]!.y[0]).toBeCloseTo((window - 1) / 4, 10);
  });

  test('curves of one figure are all smoothed as the shortest is, so that they can be compared', () => {
    const uneven = rows.steps.filter(({ step, runId }) => step < 6 || runId !== runs[0]!.runId);
    expect(textOf(figures.lossCurves(uneven, { runs }))).toContain('profile mini<br>thin');
    expect(textOf(figures.lossCurves(uneven, { runs }))).not.toContain('moving average');
  });

  test('fixed orders, features and sentences are smoothed as the figure of the curves is', () => {
    const short = { runs: fixed.runs, groups: 2 };
    const panels = (window?: number) =>
      figures.fixedOrderPanels(fixed.fisher, fixed.validation, fixed.scores, { ...short, window });
    expect(panels()).toEqual(panels(1));
    expect(textOf(panels())).toContain('single estimates');
    expect(figures.transferPoints(fixed.fisher, fixed.scores)).toEqual(points);
    expect(figures.curveReading(rows.fisher)).toEqual(figures.curveReading(rows.fisher, 1));
    expect(figures.curveReading(rows.fisher)).not.toEqual(figures.curveReading(rows.fisher, 3));
  });

  test('the mean ends where the first seed ends', () => {
    const cut = rows.validation.filter((row) => !(row.schedule === 'fun' && row.seed === 2 && row.step > 4));
    const mean = traces(figures.validationCurves(cut, { runs })).find(
      (trace) => trace.showlegend && trace.legendgroup === 'fun',
    )!;
    expect(mean.x).toEqual([4]);
  });

  test('one panel for each model and training set, one legend entry for each schedule', () => {
    const others = syntheticRows({ ...small, model: 'xlm-roberta-base', dataset: 'mnli' });
    const both = together(rows, others);
    const figure = figures.fisherCurves(both.fisher, { runs: both.runs });
    expect(textOf(figure)).toContain('multilingual-e5-small, mini-nli\nxlm-roberta-base, mnli');
    expect(new Set(traces(figure).map((trace) => trace.xaxis))).toEqual(new Set([undefined, 'x2']));
    expect(traces(figure).flatMap((trace) => (trace.showlegend ? [trace.name] : []))).toEqual([
      'standard',
      'gradual (GU)',
      'FUN',
    ]);
  });

  test('bars: English first, the average last, diamonds where the paper has a value', () => {
    const [bar, diamond] = traces(all.transferBars!());
    expect(bar!.x).toEqual(['en', 'de', 'sw', 'average']);
    expect(diamond).toMatchObject({ y: [84.31, 76.16, 68.16, 73.31], marker: { symbol: 'diamond' } });
    const scores = figures.scoresBySchedule(rows.scores)[0]!;
    expect(bar!.y[1]).toBeCloseTo(figures.mean([...scores.byLanguage.get('de')!.values()]) - 33.3, 10);
  });

  test("relative to full: ours against our full runs, the paper's against its Table 7", () => {
    const gradual = traces(all.relativeToFull!()).find((trace) => trace.name === 'gradual (GU)')!;
    const byName = figures.scoresBySchedule([...rows.scores, ...full.scores]);
    const [ofGradual, ofFull] = ['gradual', 'full'].map((name) => byName.find((s) => s.schedule === name)!.average);
    const difference = (seed: number) => ofGradual!.get(seed)! - ofFull!.get(seed)!;
    expect(gradual.y[0]).toBeCloseTo((difference(1) + difference(2)) / 2, 10);
    const gradualBar = (seeds: readonly number[]) => {
      const own = [...rows.scores, ...full.scores.filter(({ seed }) => seeds.includes(seed))];
      return figures.relativeToFull(own, { runs: [...runs, ...full.runs] });
    };
    expect(traces(gradualBar([2])).find(({ name }) => name === gradual.name)!.y[0]).toBeCloseTo(difference(2), 10);
    expect(textOf(gradualBar([2]))).toContain('; seed 2; 4 runs');
    const apart = [...rows.scores.filter(({ seed }) => seed === 1), ...full.scores.filter(({ seed }) => seed === 2)];
    expect(() => figures.relativeToFull(apart, { runs: [...runs, ...full.runs] })).toThrow(
      /standard has no seed in common with full fine-tuning. Run it with seed 2/,
    );
    expect(gradual.y[1]).toBeCloseTo(73.44 - 73.43, 10);
    expect(() => figures.relativeToFull(rows.scores, { runs })).toThrow(/no runs of schedule "full"/);
    expect(figures.relativeToFull([], { runs: [], paper: [paper] }).data).toHaveLength(3);
  });

  test('relative to full: each data set by its own metric', () => {
    const accuracies = [...rows.scores, ...full.scores];
    const answers = accuracies.flatMap((row) => [
      { ...row, dataset: 'xquad', metric: 'f1', value: row.value / 2 },
      { ...row, dataset: 'xquad', metric: 'em', value: 0 },
    ]);
    const both = figures.relativeToFull([...accuracies, ...answers], { runs: [...runs, ...full.runs] });
    for (const { x, y } of traces(both)) {
      expect(x.map((group) => String(group).replace(/.*→ /, ''))).toEqual(['mini-nli', 'xquad']);
      expect(y[1]).toBeCloseTo((y[0] as number) / 2, 10);
    }
  });

  test("relative to full: says how ours and the paper's differences were taken, and what their error bars are of", () => {
    const ours = [...rows.scores, ...full.scores];
    const allRuns = [...runs, ...full.runs];
    const note = (scores: typeof ours, settings: readonly figures.PaperSetting[] = []) =>
      textOf(figures.relativeToFull(scores, { runs: allRuns, paper: settings })).replace(/<br>/g, '; ');
    const taken = 'difference of the transfer averages (without English)';
    const theirs = 'hatched: the paper, difference of printed means, ± sd of the schedule alone';
    expect(note(ours)).toMatch(/seed by seed; bars ± sd of the difference$/);
    expect(note(ours, [paper])).toContain(`${taken}, seed by seed; bars ± sd of the difference; ${theirs}`);
    expect(note([], [paper])).toContain(`${taken}; ${theirs}`);
    expect(note(ours.filter(({ seed }) => seed === 1))).toMatch(/, seed by seed$/);
  });

  test('orders of several experiments: the runs of each in its panel’s title, a legend that is true of all', () => {
    const legend = (figure: Figure) => traces(figure).flatMap((trace) => (trace.showlegend ? [trace.name] : []));
    const figure = all.unfreezingOrderPanels!();
    expect(textOf(figure)).toContain('copa: 1 run\nmnli: 4 runs\nsquad: 2 runs');
    expect(textOf(figure)).toContain('; seeds 1–4 (copa: 1 / squad: 1, 2); 7 runs');
    expect(legend(figure)).toEqual(['FUN, mean ± sd', 'gradual (GU)']);
    const ofSeed1 = severalOrders.unfreezing.filter(({ seed }) => seed === 1);
    expect(legend(figures.unfreezingOrder(ofSeed1, { runs: severalOrders.runs }))).toEqual(['FUN', 'gradual (GU)']);
    expect(legend(all.unfreezingOrder!())).toEqual(['FUN, mean of 2 runs ± sd', 'gradual (GU)']);
    const single = rows.unfreezing.filter(({ seed }) => seed === 1);
    expect(legend(figures.unfreezingOrder(single, { runs }))).toEqual(['FUN, 1 run', 'gradual (GU)']);
  });

  test('bars: the axis holds every error bar whole', () => {
    // The sd of two values is their distance over √2: German has 60 ± 14, Swahili, near chance, 34 ± 6.
    const of = { de: [50, 70], sw: [30, 38], en: [65, 65] };
    const scores = rows.scores
      .filter(({ schedule }) => schedule === 'fun')
      .map((row) => ({ ...row, value: of[row.language as keyof typeof of][row.seed - 1]! }));
    const [low, high] = figures.transferBars(scores, { runs, chance: 33.3 }).layout.yaxis!.range as [number, number];
    expect(low).toBeLessThan(34 - 8 / Math.SQRT2);
    expect(high).toBeGreaterThan(60 + 20 / Math.SQRT2);
    expect(textOf(figures.transferBars(scores, { runs, chance: 33.3 }))).toContain('bars start at chance, 33.3%');
  });

  test('fixed orders: groups from best to worst, every order in one of them', () => {
    const figure = all.fixedOrderPanels!();
    const means = [...textOf(figure).matchAll(/^(best|worst) 2: ([\d.]+)%$/gm)].map((match) => Number(match[2]));
    expect(means).toHaveLength(2);
    expect(means[0]).toBeGreaterThanOrEqual(means[1]!);
    const thin = traces(figure).filter((trace) => trace.line?.width === 1);
    expect(thin).toHaveLength(4);
    for (const { y } of thin) expect([Math.min(...y), Math.max(...y)]).toEqual([0, 1]);
  });

  test('fixed orders: a seed that one of them lacks is left out of all', () => {
    const last = fixed.runs.at(-1)!;
    const draw = (isWanted: (row: { runId: string; seed: number }) => boolean) =>
      figures.fixedOrderPanels(
        fixed.fisher.filter(isWanted),
        fixed.validation.filter(isWanted),
        fixed.scores.filter(isWanted),
        { runs: fixed.runs, groups: 2, window: 1 },
      );
    expect(draw(({ runId }) => runId !== last.runId)).toEqual(draw(({ seed }) => seed !== last.seed));
    expect(() => draw(({ runId }) => runId === fixed.runs[0]!.runId || runId === last.runId)).toThrow(
      /No seed \(of 1, 2\) was run with every schedule.*run the missing seeds/,
    );
  });

  test('points of one schedule can be averaged before they are correlated: over the seeds that all have', () => {
    const label = (runId: string) => runId.replace(/-s\d$/, '');
    const labelled = figures.transferPoints(fixed.fisher, fixed.scores, { window: 1, label });
    const averaged = figures.averageByLabel(labelled);
    expect(averaged).toHaveLength(4);
    expect(averaged[0]!.transfer).toBeCloseTo((points[0]!.transfer + points[1]!.transfer) / 2, 10);
    const cut = figures.averageByLabel(labelled.slice(0, -1));
    expect(cut.map(({ transfer }) => transfer)).toEqual([0, 2, 4, 6].map((i) => points[i]!.transfer));
    const note = (of: typeof averaged) =>
      textOf(figures.correlationScatter(of, { feature: 'area', runs: fixed.runs, seed: 0, draws: 50 }));
    expect(note(averaged)).toContain('seeds 1, 2; 8 runs');
    expect(note(cut)).toContain('seed 1; 4 runs');
  });

  test('an estimate without a standard error has no band and no ±, and leaves no NaN in the specification', () => {
    const exact = (withoutError: (layer: number) => boolean) =>
      syntheticEstimates(runs[0]!, [4], 5)
        .filter((row) => row.estimator === 'exact')
        .map((row) => ({ ...row, trace: 1, standardError: withoutError(row.layer) ? NaN : 0.1 }));
    const draw = (withoutError: (layer: number) => boolean) =>
      figures.estimatorBands(exact(withoutError), { runs, over: 'layer' });

    const [band, line] = traces(draw((layer) => layer === 2)) as [Trace, Trace & { customdata: string[] }];
    expect(band.x).toEqual([0, 1, 1, 0, null, 3, 4, 4, 3]);
    expect(band.y).toEqual([1.2, 1.2, 0.8, 0.8, null, 1.2, 1.2, 0.8, 0.8]);
    expect(line.y).toEqual([1, 1, 1, 1, 1]);
    expect(line.customdata).toEqual([' ± 0.2', ' ± 0.2', '', ' ± 0.2', ' ± 0.2']);

    const without = draw(() => true);
    expect(traces(without).map(({ name }) => name)).toEqual(['exact']);
    expect(textOf(without)).toContain('no bands');
    expect(textOf(without)).not.toContain('± 2');
  });

  test('on one text, which the caption names: others are not averaged with it', () => {
    const swahili = estimates.map((row) => ({ ...row, language: 'sw' }));
    for (const draw of [
      (of: typeof swahili) => figures.estimatorBands(of, { runs, over: 'layer' }),
      (of: typeof swahili) => figures.estimatorBias(of, { runs }),
    ]) {
      expect(textOf(draw(swahili))).toContain('on test examples in sw');
      expect(() => draw([...(estimates as typeof swahili), ...swahili])).toThrow(
        /on several texts \(training examples, test set sw\).*filter the rows by language/,
      );
    }
  });

  test('bias: the ratio of sums over layers', () => {
    const bias = traces(all.estimatorBias!()).find((trace) => trace.name === 'released code')!;
    const sum = (estimator: string, size: number) =>
      estimates
        .filter((row) => row.estimator === estimator && row.batchSize === size)
        .reduce((total, row) => total + row.trace, 0);
    expect(bias.x).toEqual([1, 2, 4, 8, 16, 32, 64]);
    bias.y.forEach((ratio, i) =>
      expect(ratio).toBeCloseTo(sum('officialCode', bias.x[i] as number) / sum('exact', 32), 10),
    );
  });
});

describe('a mean is over seeds and over nothing else', () => {
  const gradual = (every: number, seeds: readonly number[]) =>
    syntheticRows({ ...small, schedules: [{ name: 'gradual', every }], seeds });
  const draw: Record<string, (of: SyntheticRows) => Figure> = {
    fisherCurves: ({ fisher, runs }) => figures.fisherCurves(fisher, { runs }),
    lossCurves: ({ steps, runs }) => figures.lossCurves(steps, { runs }),
    validationCurves: ({ validation, runs }) => figures.validationCurves(validation, { runs }),
    fisherHeatmap: ({ fisher, runs }) => figures.fisherHeatmap(fisher, { runs }),
    unfreezingOrder: (of) => figures.unfreezingOrder(of.unfreezing, { runs: of.runs, schedule: 'gradual' }),
    transferBars: ({ scores, runs }) => figures.transferBars(scores, { runs }),
    relativeToFull: (of) =>
      figures.relativeToFull([...of.scores, ...full.scores], { runs: [...of.runs, ...full.runs] }),
    estimatorBands: ({ runs: of }) =>
      figures.estimatorBands(
        of.flatMap((run) => syntheticEstimates(run, [4], 2)),
        { runs: of, over: 'layer' },
      ),
  };

  test.each(Object.keys(draw))('%s: runs of other settings are refused, whatever their seeds', (name) => {
    for (const seeds of [[1], [2]]) {
      const mixed = together(gradual(2, [1]), gradual(3, seeds));
      expect(() => draw[name]!(mixed)).toThrow(
        /of gradual \(GU\), \S+gradual2-s1 and \S+gradual3-s\d differ in every: 2 or 3\. .*names that tell them apart/,
      );
    }
  });

  test.each(Object.keys(draw))('%s: one seed twice is refused', (name) => {
    const again = (row: object) => ({ ...row, runId: 'again' });
    const once = gradual(2, [1]);
    const twice = Object.entries(once).map(([key, list]: [string, object[]]) => [key, [...list, ...list.map(again)]]);
    expect(() => draw[name]!(Object.fromEntries(twice) as unknown as SyntheticRows)).toThrow(
      /gradual2-s1 and again both have seed 1\./,
    );
  });

  test('under names of their own they are drawn, a line and a colour each', () => {
    const slow = gradual(3, [1]).steps.map((row) => ({ ...row, schedule: 'gradual, k 3' }));
    const both = together(gradual(2, [1]), gradual(3, [1]));
    const lines = traces(figures.lossCurves([...gradual(2, [1]).steps, ...slow], { runs: both.runs }));
    expect(lines.map(({ name }) => name)).toEqual(['gradual (GU)', 'gradual, k 3']);
    expect(lines[0]!.line!.color).not.toBe(lines[1]!.line!.color);
  });

  test('curves of several training sets have a panel each', () => {
    const both = together(rows, syntheticRows({ ...small, dataset: 'copa' }));
    for (const name of ['lossCurves', 'validationCurves']) {
      const figure = draw[name]!(both);
      expect(textOf(figure)).toContain('multilingual-e5-small, mini-nli\nmultilingual-e5-small, copa');
      expect(traces(figure).filter(({ line, xaxis }) => line!.width > 2 && xaxis === 'x2')).toHaveLength(3);
    }
  });

  test('a title too long for its panel goes on in a second line, for which the figure makes room', () => {
    const figure = all.fisherCurvesPanels!();
    expect(textOf(figure)).toContain('bert-base-multilingual-cased<br>mnli 1k');
    const short = all.unfreezingOrderPanels!();
    expect(textOf(short)).not.toMatch(/copa<br>/);
    const distance = ({ layout }: Figure) => {
      const { t, b } = layout.margin!;
      return (layout.yaxis!.domain![0]! - layout.yaxis4!.domain![1]!) * (layout.height! - t! - b!);
    };
    const shortNames = together(...['a', 'b', 'c', 'd', 'e'].map((dataset) => syntheticRows({ ...small, dataset })));
    const { fisher } = shortNames;
    expect(distance(figure) - distance(figures.fisherCurves(fisher, { runs: shortNames.runs }))).toBeCloseTo(16, 6);
  });

  test('a heat map is of one training set', () => {
    const both = together(
      rows,
      syntheticRows({ ...small, dataset: 'copa', schedules: [{ name: 'random', every: 2 }] }),
    );
    expect(() => draw.fisherHeatmap!(both)).toThrow(
      /rows are of .*mini-nli and of .*copa\. Draw one for each: .*comparisons/,
    );
  });
});

describe('what cannot be drawn is refused with the way out', () => {
  const stray = rows.steps.map((row) => ({ ...row, runId: 'stray' }));
  test.each<[string, () => unknown, RegExp]>([
    ['rows of an unknown run', () => figures.lossCurves(stray, { runs }), /run "stray", but no run row/],
    [
      'two metrics',
      () => figures.validationCurves([...rows.validation, { ...rows.validation[0]!, metric: 'f1' }], { runs }),
      /Choose which.*accuracy, f1/,
    ],
    ['no curve', () => figures.fisherCurves([], { runs }), /no values of tr\(F\) to draw/],
    ['no tr(F)', () => figures.fisherHeatmap([], { runs }), /no estimates of tr\(F\).*trackFisher/],
    [
      'an estimate without the exact one',
      () =>
        figures.estimatorBias(
          estimates.filter((row) => row.estimator !== 'exact'),
          { runs },
        ),
      /layer 0 at step 0/,
    ],
    [
      'more groups than runs',
      () => figures.fixedOrderPanels(fixed.fisher, fixed.validation, fixed.scores, { runs: fixed.runs, groups: 9 }),
      /4 orders have both.*9 groups/,
    ],
    ['an even window', () => figures.lossCurves(rows.steps, { runs, window: 2 }), /window must be odd/],
    [
      'a scale that there is not',
      () => figures.fisherHeatmap(rows.fisher, { runs, scale: 'lin' as 'linear' }),
      /scale "lin" is not known. Allowed: log, linear/,
    ],
    [
      'bands over nothing that there is',
      () => figures.estimatorBands(estimates, { runs, over: 'layers' as 'layer' }),
      /over "layers" is not known. Allowed: layer, step/,
    ],
    [
      'columns that the paper has not',
      () => figures.paperTable({ model: 'mbert' }, { columns: 'datasets' as 'dataset' }),
      /columns "datasets" is not known. Allowed: dataset, language, trainExamples/,
    ],
  ])('%s', (_what, make, message) => {
    expect(make).toThrow(message);
  });

  const drawn: Record<string, (options: never) => unknown> = {
    fisherCurves: (options) => figures.fisherCurves(rows.fisher, options),
    fisherHeatmap: (options) => figures.fisherHeatmap(rows.fisher, options),
    fixedOrderPanels: (options) => figures.fixedOrderPanels(fixed.fisher, fixed.validation, fixed.scores, options),
    lossCurves: (options) => figures.lossCurves(rows.steps, options),
    validationCurves: (options) => figures.validationCurves(rows.validation, options),
    unfreezingOrder: (options) => figures.unfreezingOrder(rows.unfreezing, options),
    transferBars: (options) => figures.transferBars(rows.scores, options),
    transferPoints: (options) => figures.transferPoints(fixed.fisher, fixed.scores, options),
    relativeToFull: (options) => figures.relativeToFull([...rows.scores, ...full.scores], options),
    correlationScatter: (options) => figures.correlationScatter(points, options),
    estimatorBands: (options) => figures.estimatorBands(estimates, options),
    estimatorBias: (options) => figures.estimatorBias(estimates, options),
    scheduleTable: (options) => figures.scheduleTable(rows.scores, options),
    scheduleCells: (options) => figures.scheduleCells(rows.scores, options),
    compareSchedules: (options) => figures.compareSchedules(rows.scores, options),
    tokenLengths: (options) => figures.tokenLengths([], options),
    tokensPerWord: (options) => figures.tokensPerWord([], options),
    paperTable: (options) => figures.paperTable({}, options),
    selectPaperValues: (options) => figures.selectPaperValues(options),
  };
  test.each(Object.entries(drawn))('%s: a mistyped option, and one that is none', (name, draw) => {
    const all = [...runs, ...full.runs, ...fixed.runs];
    expect(() => draw({ runs: all, smooth: 3 } as never)).toThrow(
      new RegExp(`^${name}: unknown .*"smooth". Allowed: [a-z]`),
    );
    expect(() => draw(3 as never)).toThrow(new RegExp(`^${name} takes an object with [a-z].*; given was 3\\.$`));
  });

  test('a run with tr(F) but no scores', () => {
    expect(() => figures.transferPoints(fixed.fisher, rows.scores)).toThrow(/has tr\(F\) but no scores/);
    const { runId, language } = fixed.scores.filter((row) => row.language !== 'en')[0]!;
    const fewer = fixed.scores.filter((row) => row.runId !== runId || row.language !== language);
    expect(() => figures.transferPoints(fixed.fisher, fewer)).toThrow(/no scores in .*, so it cannot be placed among/);
  });
});

// Data is what plotly takes; the cast above must not hide a trace without a type.
test.each(Object.entries(all))('%s: every trace has a type', (_name, make) => {
  make().data.forEach((trace: Data) => expect(trace.type).toMatch(/^(scatter|bar|heatmap)$/));
});
