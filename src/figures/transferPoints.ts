/** The correlation study (§4.2): for every run, what its tr(F) curve looks like and how well it transfers. */
import { refuseUnknownKeys, UserError } from '../engine/errors';
import { curveFeatures, type CurveFeatures } from './curves';
import { trainableTraceCurves, usualFisherWindow } from './fisherCurves';
import { groupBy, type FisherRow, type ScoreRow } from './rows';
import { smooth } from './runCurves';
import { scoresBySchedule, scoreSelectionKeys, selectScores, targetLanguages, type ScoreSelection } from './scores';
import { ofCommonSeeds } from './seeds';
import { mean } from './summary';

/** One run, or the mean of the runs of one schedule. */
export interface TransferPoint extends CurveFeatures {
  /** The run's id; for a mean, the label of its schedule. */
  readonly runId: string;
  readonly label: string;
  /** NaN for a mean over seeds. */
  readonly seed: number;
  /** The runs that it is of. */
  readonly runIds: readonly string[];
  /** Transfer average (without English), in percent. */
  readonly transfer: number;
}

export interface TransferPointOptions extends ScoreSelection {
  /** Points of the moving average that the features are taken from (odd). Default: 5, fewer of short curves. */
  readonly window?: number;
  /** Part of the run that counts as early. Default: a quarter. */
  readonly earlyFraction?: number;
  /** What a run is called: runs of one label are the seeds of one schedule. Default: the run's schedule. */
  readonly label?: (runId: string) => string;
}

/** One point a run. @throws UserError for a run without tr(F) or without scores. */
export function transferPoints(
  fisher: readonly FisherRow[],
  scores: readonly ScoreRow[],
  options: TransferPointOptions = {},
): TransferPoint[] {
  refuseUnknownKeys('transferPoints', options, ['window', 'earlyFraction', 'label', ...scoreSelectionKeys]);
  const curves = trainableTraceCurves(fisher);
  const { window = usualFisherWindow(curves), earlyFraction, label, ...selection } = options;
  const selected = selectScores(scores, selection);
  const [languages, transfer] = [targetLanguages(selected), transferByRun(selected)];
  return curves.map((curve) => {
    const { runId, schedule, seed } = curve;
    const ofRun = transfer.get(runId);
    if (ofRun === undefined) {
      throw new UserError(
        `Run "${runId}" has tr(F) but no scores in ${languages.join(', ') || 'any language besides English'}, so it cannot be placed ` +
          `among the others: test it in all of them, or leave it out.`,
      );
    }
    const features = curveFeatures(smooth(curve, window), earlyFraction);
    return { ...features, runId, label: label?.(runId) ?? schedule, seed, runIds: [runId], transfer: ofRun };
  });
}

/** Transfer average of each run, in percent; of those that were tested in all languages that the others were. */
export function transferByRun(scores: readonly ScoreRow[]): Map<string, number> {
  const languages = targetLanguages(scores).length;
  return new Map(
    [...groupBy(scores, (row) => row.runId)].flatMap(([runId, ofRun]) => {
      const average = [...scoresBySchedule(ofRun)[0]!.average.values()][0];
      return average === undefined || targetLanguages(ofRun).length < languages ? [] : [[runId, average] as const];
    }),
  );
}

/**
 * The points averaged over the seeds of one label. Seeds of one schedule are not independent pairs, so a correlation
 * over schedules is taken from these. Only seeds that every label has count.
 *
 * @throws UserError when there is no such seed.
 */
export function averageByLabel(points: readonly TransferPoint[]): TransferPoint[] {
  return [...groupBy(ofCommonSeeds(points), (point) => point.label)].map(([label, seeds]) => {
    const average = (key: keyof CurveFeatures | 'transfer') => mean(seeds.map((point) => point[key]));
    return {
      runId: label,
      label,
      seed: NaN,
      runIds: seeds.flatMap(({ runIds }) => runIds),
      peakHeight: average('peakHeight'),
      peakStep: average('peakStep'),
      widthAtHalfHeight: average('widthAtHalfHeight'),
      area: average('area'),
      earlyMean: average('earlyMean'),
      transfer: average('transfer'),
    };
  });
}
