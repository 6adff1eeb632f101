/**
 * Figure 4: tr(F) of the fixed orders, scaled to 0–1, with the validation curve; orders grouped by how they transfer.
 */
import type { Data, LayoutAxis } from 'plotly.js';
import { refuseUnknownKeys, UserError } from '../engine/errors';
import { normalise, type Curve } from './curves';
import { smoothingNote, trainableTraceCurves, usualFisherWindow } from './fisherCurves';
import type { Figure } from './figure';
import { frame } from './frame';
import { gridLayout, onPanel } from './panels';
import { provenance, runsNamed } from './provenance';
import { distinct, groupBy, type FisherRow, type RunRow, type ScoreRow, type ValidationRow } from './rows';
import { meanCurve, runCurves, smooth, type RunCurve } from './runCurves';
import { scoreSelectionKeys, selectScores, type ScoreSelection } from './scores';
import { ofCommonSeeds } from './seeds';
import { palette } from './style';
import { mean } from './summary';
import { transferByRun } from './transferPoints';

export interface FixedOrderOptions extends ScoreSelection {
  readonly runs: readonly RunRow[];
  /** How many groups of equal size, best first. Default: 3. */
  readonly groups?: number;
  /** Points of the moving average of tr(F) (odd). Default: 5, fewer of short curves. */
  readonly window?: number;
  /** What an order is called in hover texts, by its first run. Default: the id of that. */
  readonly label?: (runId: string) => string;
}

const fisherColour = palette[0]!;
const validationColour = palette[1]!;

/** An order of opening: the runs that differ in their seed alone, averaged. */
interface Order extends Curve {
  readonly runIds: readonly string[];
  readonly transfer: number;
}

/**
 * A panel a group: every order's scaled tr(F) thin, their mean thick; the mean validation curve dashed, on the right
 * axis.
 *
 * @throws UserError when there are fewer orders than groups, or no seed that every order has.
 */
export function fixedOrderPanels(
  fisher: readonly FisherRow[],
  validation: readonly ValidationRow[],
  scores: readonly ScoreRow[],
  options: FixedOrderOptions,
): Figure {
  refuseUnknownKeys('fixedOrderPanels', options, ['runs', 'groups', 'window', 'label', ...scoreSelectionKeys]);
  const {
    runs: allRuns,
    groups: groupCount = 3,
    window: chosen,
    label = (runId: string) => runId,
    ...selection
  } = options;
  const selected = selectScores(scores, selection);
  const transfer = transferByRun(selected);
  const curves = trainableTraceCurves(fisher).filter(({ runId }) => transfer.has(runId));
  const window = chosen ?? usualFisherWindow(curves);
  const orders = averageSeeds(
    curves.map((curve) => smooth(curve, window)),
    transfer,
    allRuns,
  );
  if (orders.length < groupCount) {
    throw new UserError(
      `${orders.length} ${orders.length === 1 ? 'order has' : 'orders have'} both tr(F) and scores; ` +
        `that is not enough for ${groupCount} groups.`,
    );
  }
  const metric = validationMetric(validation);
  const runIds = orders.flatMap((order) => order.runIds);
  const validations = runCurves(validation, (row) => row.value).filter(({ runId }) => runIds.includes(runId));
  const groups = byTransfer(orders, groupCount);
  const range = validationRange(validations);

  const grid = gridLayout({
    titles: groups.map((group, i) => groupTitle(i, groupCount, group)),
    xTitle: 'optimiser step',
    yTitle: 'tr(F), scaled to 0–1',
    yaxis: { range: [-0.03, 1.03] },
  });
  const data = groups.flatMap((group, index): Data[] => {
    const ids = new Set(group.flatMap(({ runIds }) => runIds));
    const ofGroup = validations.filter(({ runId }) => ids.has(runId));
    const tracesOfPanel = fisherTraces(group, label, index === 0).map((trace) => onPanel(index, trace));
    return [...tracesOfPanel, validationTrace(ofGroup, metric, index)];
  });
  const right = Object.fromEntries(
    groups.map((_, index) => [`yaxis${rightAxis(index)}`, rightAxisLayout(index, groupCount, metric, range)]),
  );
  return frame({
    title: 'tr(F) of fixed unfreezing orders, by how well they transfer',
    made: provenance(runsNamed(runIds, allRuns)),
    notes: [`groups by transfer average on ${selected[0]!.dataset}`, smoothingNote(window)],
    data,
    layout: { ...grid.layout, ...right },
    plotHeight: grid.plotHeight,
  });
}

/**
 * An order is what its runs have in common: all settings but the seed. Scaled last, so that each curve spans 0 to 1.
 */
function averageSeeds(
  curves: readonly RunCurve[],
  transfer: ReadonlyMap<string, number>,
  runs: readonly RunRow[],
): Order[] {
  const settings = new Map(runs.map((run) => [run.runId, run.settings]));
  const labelled = curves.map((curve) => ({ ...curve, label: settings.get(curve.runId) ?? curve.runId }));
  return [...groupBy(ofCommonSeeds(labelled), ({ label }) => label).values()].map((seeds) => {
    const { steps, values } = meanCurve(seeds);
    const runIds = seeds.map(({ runId }) => runId);
    return { runIds, steps, values: normalise(values), transfer: mean(runIds.map((id) => transfer.get(id)!)) };
  });
}

/** Orders from best to worst transfer, cut into groups whose sizes differ by at most one. */
function byTransfer(orders: readonly Order[], count: number): Order[][] {
  const sorted = [...orders].sort((a, b) => b.transfer - a.transfer);
  return Array.from({ length: count }, (_, i) =>
    sorted.slice(Math.round((i * sorted.length) / count), Math.round(((i + 1) * sorted.length) / count)),
  );
}

function groupTitle(index: number, count: number, group: readonly Order[]): string {
  const place = index === 0 ? 'best' : index === count - 1 ? 'worst' : 'middle';
  return `${place} ${group.length}: ${mean(group.map(({ transfer }) => transfer)).toFixed(1)}%`;
}

function fisherTraces(group: readonly Order[], label: (runId: string) => string, showlegend: boolean): Data[] {
  const average = meanCurve(group);
  const common = { type: 'scatter', mode: 'lines', legendgroup: 'tr(F)' } as const;
  return [
    ...group.map(({ runIds, steps, values }): Data => ({
      ...common,
      x: [...steps],
      y: [...values],
      line: { color: fisherColour, width: 1 },
      opacity: 0.4,
      showlegend: false,
      hovertemplate: `${label(runIds[0]!)}<br>step %{x:,}<br>scaled tr(F) %{y:.2f}<extra></extra>`,
    })),
    {
      ...common,
      x: [...average.steps],
      y: [...average.values],
      line: { color: fisherColour, width: 2.5 },
      name: 'tr(F), mean of the group',
      showlegend,
      hovertemplate: 'mean of the group<br>step %{x:,}<br>scaled tr(F) %{y:.2f}<extra></extra>',
    },
  ];
}

function validationTrace(curves: readonly RunCurve[], metric: string, index: number): Data {
  const average = meanCurve(curves);
  return {
    type: 'scatter',
    mode: 'lines',
    x: [...average.steps],
    y: [...average.values],
    xaxis: index === 0 ? 'x' : `x${index + 1}`,
    yaxis: `y${rightAxis(index)}`,
    line: { color: validationColour, width: 2, dash: 'dash' },
    name: `English validation ${metric}, mean of the group`,
    legendgroup: 'validation',
    showlegend: index === 0,
    hovertemplate: `step %{x:,}<br>validation %{y:.1f}<extra></extra>`,
  };
}

/** Number of the right-hand axis of a panel; the first hundred are left-hand ones. */
const rightAxis = (index: number) => 101 + index;

function rightAxisLayout(index: number, count: number, metric: string, range: [number, number]): Partial<LayoutAxis> {
  const id = index === 0 ? '' : `${index + 1}`;
  const isLast = index === count - 1;
  return {
    overlaying: `y${id}` as LayoutAxis['overlaying'],
    anchor: `x${id}` as LayoutAxis['anchor'],
    side: 'right',
    range: [...range],
    showgrid: false,
    tickmode: 'auto',
    ticks: isLast ? 'outside' : '',
    showticklabels: isLast,
    ...(isLast ? { title: { text: `validation ${metric} (%)` } } : {}),
  };
}

function validationMetric(rows: readonly ValidationRow[]): string {
  const metrics = distinct(rows.map((row) => row.metric));
  if (metrics.length !== 1) {
    throw new UserError(`Give the validation rows of one metric; these have: ${metrics.join(', ') || 'none'}.`);
  }
  return metrics[0]!;
}

/** One range for all panels, so that they can be compared. */
function validationRange(curves: readonly RunCurve[]): [number, number] {
  const values = curves.flatMap((curve) => curve.values);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = 0.04 * (high - low || 1);
  return [low - margin, high + margin];
}
