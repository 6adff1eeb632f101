/** The live panel as one figure of four parts: loss, validation, tr(F) by layer, and the layer × step strip. */
import type { Data, LayoutAxis } from 'plotly.js';
import type { Figure } from '../figures/figure';
import { frozenColour, layerColour, layout, palette, scheduleColour, scheduleLabel } from '../figures/style';
import { statusLine, type LiveState, type Series } from './liveState';

export const PANEL_HEIGHT = 540;

/** A curve has at most this many points, each the mean of those that it stands for: drawing must cost little. */
const MOST_POINTS = { loss: 400, other: 150 };

export function liveFigure(state: LiveState): Figure {
  const { scheduleName, totalSteps } = state;
  const steps = { range: [0, Math.max(1, totalSteps)] };
  return {
    data: [...lossTraces(state), ...validationTraces(state), ...fisherTraces(state), ...stripTraces(state)],
    layout: layout({
      title: scheduleLabel(scheduleName),
      height: PANEL_HEIGHT,
      more: {
        title: { text: scheduleLabel(scheduleName), subtitle: { text: statusLine(state) } },
        // What the reader has zoomed to stays while the data change.
        uirevision: scheduleName,
        showlegend: false,
        barmode: 'overlay',
        bargap: 0.15,
        margin: { t: 84, r: 24, l: 60, b: 52 },
        ...part('', [0, 0.46], [0.58, 1], { ...steps }, { title: { text: 'training loss' }, rangemode: 'tozero' }),
        ...part('2', [0.58, 1], [0.58, 1], { ...steps }, { title: { text: validationTitle(state) } }),
        ...part(
          '3',
          [0, 0.46],
          [0, 0.42],
          { ...steps, title: { text: 'step' } },
          { title: { text: 'tr(F) by layer' }, rangemode: 'tozero', exponentformat: 'power' },
        ),
        ...part(
          '4',
          [0.58, 1],
          [0, 0.42],
          { ...steps, title: { text: 'step' }, showgrid: false },
          { title: { text: 'layer trained' }, dtick: 1, showgrid: false, zeroline: false },
        ),
      },
    }),
  };
}

/** The pair of axes of one part: where it lies (as shares of the width and height), and its settings. */
function part(id: string, x: number[], y: number[], xaxis: Partial<LayoutAxis>, yaxis: Partial<LayoutAxis>): object {
  return {
    [`xaxis${id}`]: { domain: x, anchor: `y${id}`, ...xaxis },
    [`yaxis${id}`]: { domain: y, anchor: `x${id}`, ...yaxis },
  };
}

function lossTraces({ loss, scheduleName }: LiveState): Data[] {
  const { steps, values } = thinned(loss, MOST_POINTS.loss);
  return [
    {
      type: 'scatter',
      mode: 'lines',
      x: steps,
      y: values,
      line: { color: scheduleColour(scheduleName), width: 1.5 },
      hovertemplate: 'step %{x:,}<br>loss %{y:.3~g}<extra></extra>',
    },
  ];
}

/** One metric is named by the axis, several each at the end of its curve. */
function validationTitle({ validation }: LiveState): string {
  return `English ${validation.size === 1 ? [...validation.keys()][0] : 'validation'}`;
}

function validationTraces({ validation, totalSteps }: LiveState): Data[] {
  return [...validation].map(([metric, series], i) => {
    const { x, y } = points(thinned(series, MOST_POINTS.other));
    const isNamed = (point: number) => validation.size > 1 && point === x.length - 1;
    return {
      type: 'scatter',
      mode: 'text+lines+markers',
      x,
      y,
      text: x.map((_, point) => (isNamed(point) ? metric : '')),
      // Below the curve: a rising one ends at the upper frame.
      textposition: x.at(-1)! > totalSteps / 2 ? 'bottom left' : 'bottom right',
      cliponaxis: false,
      xaxis: 'x2',
      yaxis: 'y2',
      line: { color: palette[i % palette.length]!, width: 2 },
      hovertemplate: `step %{x:,}<br>${metric} %{y:.4~g}<extra></extra>`,
    };
  });
}

const points = ({ steps, values }: Series) => ({ x: steps, y: values });

function fisherTraces({ traces, layers }: LiveState): Data[] {
  return [...traces].map(([layer, series]) => ({
    type: 'scatter',
    mode: 'lines+markers',
    ...points(thinned(series, MOST_POINTS.other)),
    xaxis: 'x3',
    yaxis: 'y3',
    line: { color: layerColour(layer, layers), width: 1.5 },
    marker: { size: 3 },
    hovertemplate: `layer ${layer}<br>step %{x:,}<br>tr(F) %{y:.3~g}<extra></extra>`,
  }));
}

/** A bar a layer: grey up to now while it is frozen, in the schedule's colour from where it was opened. */
function stripTraces({ layers, openedAt, step, scheduleName }: LiveState): Data[] {
  const all = Array.from({ length: layers }, (_, layer) => layer);
  const opened = all.filter((layer) => openedAt.has(layer));
  const bars = (color: string, base: number[], y: number[], text: string): Data => {
    const length = base.map((start) => Math.max(0, step - start));
    const axes = { xaxis: 'x4', yaxis: 'y4' };
    const hovertemplate = `layer %{y}<br>${text}<extra></extra>`;
    // plotly's types lack a base for each bar.
    return { type: 'bar', orientation: 'h', ...axes, base, x: length, y, marker: { color }, hovertemplate } as Data;
  };
  return [
    bars(
      frozenColour,
      Array.from(all, () => 0),
      all,
      'frozen',
    ),
    bars(
      scheduleColour(scheduleName),
      opened.map((layer) => openedAt.get(layer)!),
      opened,
      'trained from step %{base:,}',
    ),
  ];
}

/** The series itself, or means over equal stretches of it when it is long. */
export function thinned({ steps, values }: Series, most: number): Series {
  const size = Math.ceil(steps.length / most);
  if (size <= 1) return { steps: [...steps], values: [...values] };
  const means = (numbers: readonly number[]) =>
    Array.from({ length: Math.ceil(numbers.length / size) }, (_, i) => {
      const stretch = numbers.slice(i * size, (i + 1) * size);
      return stretch.reduce((sum, value) => sum + value, 0) / stretch.length;
    });
  return { steps: means(steps), values: means(values) };
}
