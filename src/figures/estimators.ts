/** What the estimators of tr(F) say about one trained model, and how wrong the released code's is. */
import type { Data } from 'plotly.js';
import { oneOf, refuseUnknownKeys, UserError } from '../engine/errors';
import type { Figure } from './figure';
import { frame } from './frame';
import { logTicks } from './logTicks';
import { provenance, runsOf } from './provenance';
import { distinct, groupBy, type EstimatorRow, type RunRow } from './rows';
import { requireSeeds } from './seeds';
import { palette } from './style';
import { mean } from './summary';

const estimatorOrder = ['exact', 'officialCode', 'mc', 'sketch', 'mode', 'empirical'];
const estimatorColour = (estimator: string) => palette[Math.max(0, estimatorOrder.indexOf(estimator))]!;
const estimatorLabel = (estimator: string) => (estimator === 'officialCode' ? 'released code' : estimator);

export interface EstimatorBandsOptions {
  readonly runs: readonly RunRow[];
  /** Per layer at the last step of the rows, or over time as the mean over layers. */
  readonly over: 'layer' | 'step';
}

/**
 * tr(F) by each estimator, with a band of two standard errors where the estimate has one. Rows that share a place
 * (several seeds) are averaged.
 */
export function estimatorBands(rows: readonly EstimatorRow[], options: EstimatorBandsOptions): Figure {
  refuseUnknownKeys('estimatorBands', options, ['runs', 'over']);
  const over = oneOf('over', options.over, ['layer', 'step']);
  const lastStep = Math.max(...rows.map((row) => row.step));
  const selected = over === 'layer' ? rows.filter((row) => row.step === lastStep) : rows;
  requireSeeds(selected, options.runs);
  const text = oneText(selected);
  const layers = distinct(selected.map((row) => row.layer)).length;
  const data = [...groupBy(selected, (row) => row.estimator)].flatMap(([estimator, ofEstimator]): Data[] => {
    const places = [...groupBy(ofEstimator, (row) => row[over])].sort(([a], [b]) => a - b);
    const x = places.map(([place]) => place);
    const y = places.map(([, here]) => mean(here.map((row) => row.trace)));
    // Layers are estimated from the same examples: their errors may add up fully, so the mean error bounds the mean's.
    const error = places.map(([, here]) => 2 * mean(here.map((row) => row.standardError)));
    const color = estimatorColour(estimator);
    const common = { type: 'scatter', mode: 'lines', legendgroup: estimator } as const;
    const outline = bandOutline(x, y, error);
    const band: Data = {
      ...common,
      ...outline,
      fill: 'toself',
      fillcolor: color,
      opacity: 0.18,
      line: { width: 0 },
      hoverinfo: 'skip',
      showlegend: false,
    };
    return [
      ...(outline.x.length === 0 ? [] : [band]),
      {
        ...common,
        mode: over === 'layer' ? 'lines+markers' : 'lines',
        x,
        y,
        line: { color, width: 2 },
        marker: { color, size: 5 },
        name: estimatorLabel(estimator),
        customdata: error.map((value) => (Number.isFinite(value) ? ` ± ${Number(value.toPrecision(2))}` : '')),
        hovertemplate: `${estimatorLabel(estimator)}<br>${over} %{x:,}<br>tr(F) %{y:.3~g}%{customdata}<extra></extra>`,
      },
    ];
  });
  const hasBands = selected.some((row) => Number.isFinite(row.standardError));
  return frame({
    title: over === 'layer' ? 'tr(F) of each layer, by estimator' : 'tr(F) over time, by estimator',
    made: provenance(runsOf(selected, options.runs)),
    notes: [
      over === 'layer' ? `at step ${lastStep.toLocaleString('en')}` : `mean over ${layers} layers`,
      ...text,
      hasBands ? 'bands: ± 2 standard errors' : 'no bands: these estimates have no standard errors',
    ],
    data,
    layout: {
      xaxis: {
        title: { text: over === 'layer' ? 'layer' : 'optimiser step' },
        ...(over === 'layer' ? { dtick: 1 } : {}),
      },
      yaxis: { title: { text: over === 'layer' ? 'tr(F)' : 'tr(F) per layer' }, rangemode: 'tozero' },
    },
    plotHeight: 320,
  });
}

/** What the caption says of the text that the estimates are on. @throws UserError when they are on several. */
function oneText(rows: readonly EstimatorRow[]): string[] {
  const languages = distinct(rows.map((row) => row.language));
  if (languages.length > 1) {
    const texts = languages.map((language) => (language === undefined ? 'training examples' : `test set ${language}`));
    throw new UserError(
      `These estimates are on several texts (${texts.join(', ')}), which do not average; filter the rows by language.`,
    );
  }
  return languages[0] === undefined ? [] : [`on test examples in ${languages[0]}`];
}

/** Around y: there along the upper edge, back along the lower one; a stretch without errors parts it (null). */
function bandOutline(
  x: readonly number[],
  y: readonly number[],
  error: readonly number[],
): { x: (number | null)[]; y: (number | null)[] } {
  const outline = { x: [] as (number | null)[], y: [] as (number | null)[] };
  let stretch: number[] = [];
  const close = () => {
    const back = [...stretch].reverse();
    if (outline.x.length > 0 && stretch.length > 0) [outline.x, outline.y].forEach((edge) => edge.push(null));
    outline.x.push(...[...stretch, ...back].map((i) => x[i]!));
    outline.y.push(...stretch.map((i) => y[i]! + error[i]!), ...back.map((i) => y[i]! - error[i]!));
    stretch = [];
  };
  error.forEach((value, i) => (Number.isFinite(value) ? stretch.push(i) : close()));
  close();
  return outline;
}

/**
 * The released code's estimate divided by the exact one, against its batch size: each layer thin, the sum over layers
 * thick. An unbiased estimate lies on 1. Both axes are logarithmic.
 * @throws UserError when a run, step and layer has an `officialCode` row but no `exact` one.
 */
export function estimatorBias(rows: readonly EstimatorRow[], options: { readonly runs: readonly RunRow[] }): Figure {
  refuseUnknownKeys('estimatorBias', options, ['runs']);
  const text = oneText(rows);
  const place = (row: EstimatorRow) => `${row.runId} ${row.step} ${row.layer}`;
  const exact = new Map(rows.filter((row) => row.estimator === 'exact').map((row) => [place(row), row.trace]));
  const official = rows.filter((row) => row.estimator === 'officialCode');
  const missing = official.find((row) => !exact.has(place(row)));
  if (official.length === 0 || missing !== undefined) {
    throw new UserError(
      'The bias needs rows of estimator "officialCode", and for each one of "exact" of the same run, step and layer' +
        (missing === undefined
          ? '.'
          : `; layer ${missing.layer} at step ${missing.step} of ${missing.runId} has none.`),
    );
  }
  const color = estimatorColour('officialCode');
  const ratios = (ofPlace: readonly EstimatorRow[]) =>
    [...groupBy(ofPlace, (row) => row.batchSize)]
      .sort(([a], [b]) => a - b)
      .map(([batchSize, here]) => ({
        batchSize,
        ratio: mean(here.map((row) => row.trace)) / mean(here.map((row) => exact.get(place(row))!)),
      }));
  const line = (points: ReturnType<typeof ratios>, name: string, width: number): Data => ({
    type: 'scatter',
    mode: width > 1 ? 'lines+markers' : 'lines',
    x: points.map(({ batchSize }) => batchSize),
    y: points.map(({ ratio }) => ratio),
    line: { color, width },
    marker: { color, size: 6 },
    opacity: width > 1 ? 1 : 0.4,
    name,
    showlegend: width > 1,
    hovertemplate: `${name}<br>batch of %{x}<br>%{y:.3~g} of the exact tr(F)<extra></extra>`,
  });
  const layers = [...groupBy(official, (row) => row.layer)].sort(([a], [b]) => a - b);
  const layerLines = layers.map(([layer, ofLayer]) => line(ratios(ofLayer), `layer ${layer}`, 1));
  const shown = layers.flatMap(([, ofLayer]) => ratios(ofLayer).map(({ ratio }) => ratio)).filter((ratio) => ratio > 0);
  const ticks = logTicks(Math.min(...shown, 1) / 1.3, Math.max(...shown, 1) * 1.3);
  const sizes = distinct(official.map((row) => row.batchSize)).sort((a, b) => a - b);
  return frame({
    title: "The released code's estimate against the exact tr(F)",
    made: provenance(runsOf(official, options.runs)),
    notes: ['thin: single layers; thick: all layers; dashed: no bias', ...text],
    data: [
      {
        type: 'scatter',
        mode: 'lines',
        x: [sizes[0]!, sizes.at(-1)!],
        y: [1, 1],
        line: { color: estimatorColour('exact'), width: 1.5, dash: 'dash' },
        name: estimatorLabel('exact'),
        hoverinfo: 'skip',
      },
      ...layerLines,
      line(ratios(official), estimatorLabel('officialCode'), 2.5),
    ],
    layout: {
      xaxis: { title: { text: 'batch size (examples)' }, type: 'log', tickvals: sizes, ticktext: sizes.map(String) },
      yaxis: { title: { text: 'estimate / exact tr(F)' }, type: 'log', tickvals: ticks, ticktext: ticks.map(String) },
    },
    plotHeight: 320,
  });
}
