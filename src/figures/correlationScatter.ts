/** A feature of the tr(F) curve against transfer, with Spearman's correlation: is a wide, early, large curve better? */
import type { Data } from 'plotly.js';
import { refuseUnknownKeys } from '../engine/errors';
import type { RunRow } from './rows';
import { spearman, type ResamplingOptions } from './correlation';
import type { CurveFeatures } from './curves';
import type { Figure } from './figure';
import { frame } from './frame';
import { labelPositions } from './labelPositions';
import { decimal } from './numbers';
import { provenance, runsNamed } from './provenance';
import { palette } from './style';
import type { TransferPoint } from './transferPoints';

export type CurveFeature = keyof CurveFeatures;

const featureTitles: Readonly<Record<CurveFeature, string>> = {
  peakHeight: 'peak height of tr(F)',
  peakStep: 'step of the peak of tr(F)',
  widthAtHalfHeight: 'width of tr(F) at half its height (steps)',
  area: 'area under tr(F) (tr(F) × steps)',
  earlyMean: 'mean tr(F) of the early steps',
};

const plotHeight = 320;

export interface CorrelationScatterOptions extends ResamplingOptions {
  readonly feature: CurveFeature;
  /** The runs that the points were made from, among others perhaps. */
  readonly runs: readonly RunRow[];
}

/** One dot a point. The note gives ρ, its bootstrap interval, and p of a permutation test. */
export function correlationScatter(points: readonly TransferPoint[], options: CorrelationScatterOptions): Figure {
  refuseUnknownKeys('correlationScatter', options, ['feature', 'runs', 'seed', 'draws', 'confidence']);
  const { feature, runs, ...resampling } = options;
  const x = points.map((point) => point[feature]);
  const y = points.map((point) => point.transfer);
  const { rho, interval, p, n, confidence } = spearman(x, y, resampling);
  const labels = points.map(({ label }) => label);
  const dots = {
    type: 'scatter',
    mode: 'text+markers',
    x,
    y,
    text: labels,
    textposition: labelPositions(x, y, labels, { width: 600, height: plotHeight - 40 }),
    textfont: { size: 10 },
    cliponaxis: false,
    marker: { color: palette[0], size: 8 },
    customdata: points.map(({ runId }) => runId),
    hovertemplate: '%{customdata}<br>%{x:.3~g}<br>transfer %{y:.1f}%<extra></extra>',
    showlegend: false,
    // plotly's types know only one position for all labels.
  } as unknown as Data;
  const percent = Math.round(confidence * 100);
  return frame({
    title: `Transfer against ${featureTitles[feature].replace(/ \(.*/, '')}`,
    made: provenance(
      runsNamed(
        points.flatMap(({ runIds }) => runIds),
        runs,
      ),
    ),
    notes: [
      `Spearman ρ = ${decimal(rho, 2)}, ${percent}% interval ${decimal(interval.low, 2)} to ${decimal(interval.high, 2)}, ` +
        `permutation p = ${p < 0.001 ? '< 0.001' : p.toFixed(3)}, n = ${n}`.replace('= <', '<'),
    ],
    data: [dots],
    layout: {
      xaxis: { title: { text: featureTitles[feature] } },
      yaxis: { title: { text: 'transfer average (%)' } },
    },
    plotHeight,
  });
}
