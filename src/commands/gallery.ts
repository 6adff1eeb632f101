/** The figures of the paper, each drawn from the results that it is about, or the reason why it cannot be. */
import { UserError } from '../engine/errors';
import {
  averageByLabel,
  correlationScatter,
  fisherCurves,
  fisherHeatmap,
  fixedOrderPanels,
  paperPoints,
  relativeToFull,
  schedulePreview,
  transferBars,
  transferPoints,
  unfreezingOrder,
  type Figure,
} from '../figures/index';
import { paperDatasets, type PaperSetting } from '../figures/paperValues';
import { fisherUnfreezing, gradualUnfreezing, preview, standardTraining } from '../schedulers/index';
import { comparisons, describeSchedule, type Comparison } from '../experiments/comparisons';
import { runId, type ProfileName } from '../experiments/configuration';
import { findSweep } from '../experiments/definitions/index';
import type { RunResult } from '../experiments/result';
import { resultRows } from '../experiments/rows';
import { expandSweep } from '../experiments/sweep';

export interface GalleryFigure {
  /** File name without ending. */
  readonly name: string;
  readonly title: string;
  /** How many of its runs there are; or why it is not drawn. */
  readonly note: string;
  /** Absent where the runs that it needs are missing. */
  readonly figure?: Figure;
}

/** Every figure; `results` are those of the profile, in any order. */
export function galleryFigures(results: readonly RunResult[], profile: ProfileName): GalleryFigure[] {
  const byId = new Map(results.map((result) => [result.id, result]));
  const runsOf = (sweep: string) => {
    const ids = expandSweep(findSweep(sweep), profile).map(runId);
    const own = ids.flatMap((id) => byId.get(id) ?? []);
    return { own, note: `${own.length} of ${ids.length} runs are recorded` };
  };
  /** One figure of all runs of a sweep. */
  const ofSweep = (sweep: string, name: string, title: string, draw: (own: readonly RunResult[]) => Figure) => {
    const { own, note } = runsOf(sweep);
    return own.length === 0 ? { name, title, note } : drawn(name, title, note, () => draw(own));
  };
  /** A figure for each condition that the sweep's results hold; an empty place where there is none. */
  const perComparison = (sweep: string, name: string, title: string, draw: (comparison: Comparison) => Figure) => {
    const { own, note } = runsOf(sweep);
    if (own.length === 0) return [{ name, title, note }];
    return comparisons(own).map((comparison, i) =>
      drawn(`${name}-${i + 1}`, `${title} (${comparison.title})`, note, () => draw(comparison)),
    );
  };
  return [
    drawn('figure-1', 'Figure 1: the schedules', 'a definition; no results needed', drawSchedules),
    drawn('figure-2-paper', 'Figure 2 as the paper has it', 'the paper alone', () =>
      relativeToFull([], { runs: [], paper: paperSettings(['mbert', 'xlmr']) }),
    ),
    ofSweep('table-1', 'figure-2', 'Figure 2: transfer relative to full fine-tuning', drawRelative),
    ofSweep('figure-3', 'figure-3', 'Figure 3: tr(F), standard and gradual', (own) => {
      const { fisher, runs } = resultRows(own);
      return fisherCurves(fisher, { runs });
    }),
    ...perComparison('figure-3', 'figure-3-layers', 'tr(F) of every layer', ({ rows }) =>
      fisherHeatmap(rows.fisher, { runs: rows.runs }),
    ),
    ofSweep('figure-4', 'figure-4', 'Figure 4: ten fixed orders', (own) => {
      const { fisher, validation, scores, runs } = resultRows(own);
      return fixedOrderPanels(fisher, validation, scores, { runs });
    }),
    ...(['peakHeight', 'widthAtHalfHeight', 'area', 'earlyMean'] as const).map((feature) =>
      ofSweep('figure-4', `figure-4-${feature}`, `Figure 4: transfer against ${feature} of tr(F)`, (own) => {
        const { fisher, scores, runs } = resultRows(own);
        const label = (id: string) => describeSchedule(byId.get(id)!.configuration);
        return correlationScatter(averageByLabel(transferPoints(fisher, scores, { label })), {
          feature,
          runs,
          seed: 0,
        });
      }),
    ),
    ofSweep('figure-5', 'figure-5', 'Figure 5: the order in which FUN opens the layers', (own) => {
      const { unfreezing, runs } = resultRows(own);
      return unfreezingOrder(unfreezing, { runs });
    }),
    ...perComparison('table-1', 'tables-8-9-10', 'Tables 1, 8, 9, 10: transfer by language', drawTransfer),
    ...perComparison('table-2', 'table-14', 'Tables 2 and 14: LoRA', drawTransfer),
    ...perComparison('table-11', 'table-11', 'Tables 11 and 13: few examples', drawTransfer),
    ...perComparison('table-12', 'table-12', 'Table 12: gradual unfreezing reversed', drawTransfer),
    drawn('tables-16-18', 'Tables 16–18: mDeBERTa as the paper has it', 'the paper alone', () =>
      paperPoints(paperSettings(['mdeberta'])),
    ),
  ];
}

/** A figure whose runs do not suffice is left out, with the reason. */
function drawn(name: string, title: string, note: string, draw: () => Figure): GalleryFigure {
  try {
    return { name, title, note, figure: draw() };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { name, title, note: `${note}. ${error.message}` };
  }
}

function drawSchedules(): Figure {
  const every = 50;
  const schedules = [standardTraining(), gradualUnfreezing({ every }), fisherUnfreezing({ every })];
  // Largest in layers 0, 1, 11, 10, …: FUN follows tr(F) and not the depth.
  const fisherTrace = (layer: number) => (layer - 8) ** 2 + layer;
  return schedulePreview(schedules.map((schedule) => preview(schedule, { layers: 12, steps: 700, fisherTrace })));
}

/** Only data sets that there are runs of full fine-tuning of. */
function drawRelative(own: readonly RunResult[]): Figure {
  const { scores, runs } = resultRows(own);
  const withFull = new Set(scores.filter(({ schedule }) => schedule === 'full').map(({ dataset }) => dataset));
  const compared = scores.filter(({ dataset }) => withFull.has(dataset));
  if (compared.length === 0) throw new UserError('There are no runs of full fine-tuning to compare with.');
  const paper = paperSettings(['mbert', 'xlmr']).filter(({ dataset }) => withFull.has(dataset));
  return relativeToFull(compared, { runs, paper });
}

function drawTransfer({ rows, metric, chance, paper }: Comparison): Figure {
  return transferBars(rows.scores, { runs: rows.runs, metric, chance, ...(paper === undefined ? {} : { paper }) });
}

function paperSettings(models: readonly PaperSetting['model'][]): PaperSetting[] {
  return models.flatMap((model) => paperDatasets.map((dataset) => ({ model, dataset })));
}
