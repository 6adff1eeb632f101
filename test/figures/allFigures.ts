/** Every figure of the project, of made-up rows: what the tests of specifications and of pictures draw. */
import * as figures from '../../src/figures/index';
import type { Figure } from '../../src/figures/index';
import { fisherUnfreezing, gradualUnfreezing, preview, standardTraining } from '../../src/schedulers/index';
import { syntheticEstimates, syntheticRows, together } from './syntheticRows';

export const schedules = [{ name: 'standard' }, { name: 'gradual', every: 2 }, { name: 'fun', every: 2 }] as const;
export const small = { schedules, seeds: [1, 2], steps: 8, layers: 3, every: 2, languages: ['en', 'de', 'sw'] };
export const rows = syntheticRows(small);
export const { runs } = rows;
export const full = syntheticRows({ ...small, schedules: [{ name: 'full' }] });
export const fixed = syntheticRows({
  ...small,
  layers: 4,
  schedules: [
    [0, 1, 2],
    [1, 0, 2],
    [2, 0, 1],
    [2, 1, 0],
  ].map((order) => ({ name: 'fixed', every: 2, order })),
  label: (i) => `-${i}`,
});
/** As Figure 5 has them: an experiment a panel, not all with the same seeds. */
export const severalOrders = together(
  ...Object.entries({ copa: [1], mnli: [1, 2, 3, 4], squad: [1, 2] }).map(([dataset, seeds]) =>
    syntheticRows({ ...small, layers: 12, steps: 36, schedules: [{ name: 'fun', every: 3 }], dataset, seeds }),
  ),
);
/** Names too long for a line of their panels' titles, in two rows of panels. */
export const longNames = together(
  ...['squad', 'copa', 'mnli', 'mnli 1k', 'mnli 5k'].map((dataset) =>
    syntheticRows({ ...small, model: 'bert-base-multilingual-cased', dataset }),
  ),
);
export const estimates = syntheticEstimates(runs[0]!, [0, 4], 2);
export const points = figures.transferPoints(fixed.fisher, fixed.scores, { window: 1 });
export const paper = { model: 'xlmr', dataset: 'xnli' } as const;
export const previews = [standardTraining(), gradualUnfreezing({ every: 2 }), fisherUnfreezing({ every: 2 })].map(
  (schedule) => preview(schedule, { layers: 3, steps: 8, fisherTrace: (layer) => layer % 2 }),
);

export const all: Record<string, () => Figure> = {
  schedulePreview: () => figures.schedulePreview(previews),
  fisherCurves: () => figures.fisherCurves(rows.fisher, { runs, window: 3 }),
  fisherCurvesPanels: () => figures.fisherCurves(longNames.fisher, { runs: longNames.runs, window: 3 }),
  fisherHeatmap: () => figures.fisherHeatmap(rows.fisher, { runs }),
  unfreezingOrder: () => figures.unfreezingOrder(rows.unfreezing, { runs }),
  unfreezingOrderPanels: () => figures.unfreezingOrder(severalOrders.unfreezing, { runs: severalOrders.runs }),
  transferBars: () => figures.transferBars(rows.scores, { runs, paper, chance: 33.3 }),
  relativeToFull: () =>
    figures.relativeToFull([...rows.scores, ...full.scores], { runs: [...runs, ...full.runs], paper: [paper] }),
  fixedOrderPanels: () =>
    figures.fixedOrderPanels(fixed.fisher, fixed.validation, fixed.scores, { runs: fixed.runs, groups: 2, window: 1 }),
  correlationScatter: () =>
    figures.correlationScatter(points, { feature: 'peakHeight', runs: fixed.runs, seed: 1, draws: 200 }),
  lossCurves: () => figures.lossCurves(rows.steps, { runs, window: 3 }),
  validationCurves: () => figures.validationCurves(rows.validation, { runs }),
  estimatorBandsByLayer: () => figures.estimatorBands(estimates, { runs, over: 'layer' }),
  estimatorBandsByStep: () => figures.estimatorBands(estimates, { runs, over: 'step' }),
  estimatorBias: () => figures.estimatorBias(estimates, { runs }),
};
