/** Figure 1: what the schedules are. For each, a strip layer × step that shows when a layer becomes trainable. */
import type { Data } from 'plotly.js';
import type { Preview } from '../schedulers/preview';
import type { Figure } from './figure';
import { frame } from './frame';
import { gridLayout, layerRange, onPanel } from './panels';
import { frozenColour, scheduleColours, scheduleLabel } from './style';

/** One panel a schedule: a bar a layer, grey while frozen, in the schedule's colour once trainable. */
export function schedulePreview(previews: readonly Preview[]): Figure {
  const colourOf = scheduleColours(previews.map(({ schedule }) => schedule));
  const grid = gridLayout({
    titles: previews.map(({ schedule }) => scheduleLabel(schedule)),
    xTitle: 'optimiser step',
    yTitle: 'layer',
    xaxis: { showgrid: false, zeroline: false },
    yaxis: { showgrid: false, zeroline: false, dtick: 1, range: layerRange(previews.map(({ layers }) => layers - 1)) },
    rowHeight: 230,
  });
  return frame({
    title: 'When each layer becomes trainable',
    made: previews.map((preview) => `${preview.layers} layers, ${preview.steps.toLocaleString('en')} steps`)[0] ?? '',
    notes: ['grey: frozen; the task head is trained from step 0 in all'],
    data: previews.flatMap((preview, index) =>
      strip(preview, colourOf(preview.schedule)).map((trace) => onPanel(index, trace)),
    ),
    layout: { ...grid.layout, barmode: 'overlay', bargap: 0.15, showlegend: false },
    plotHeight: grid.plotHeight,
  });
}

function strip({ schedule, layers, steps, openings }: Preview, colour: string): Data[] {
  const allLayers = Array.from({ length: layers }, (_, layer) => layer);
  const bar = (color: string, from: number[], y: number[], text: string): Data =>
    ({
      type: 'bar',
      orientation: 'h',
      y,
      base: from,
      x: from.map((step) => steps - step),
      marker: { color, line: { width: 0 } },
      hovertemplate: `layer %{y}<br>${text}<extra>${scheduleLabel(schedule)}</extra>`,
      // plotly's types leave out that a base may be a list
    }) as Data;
  const inRange = openings.filter(({ step }) => step < steps);
  return [
    bar(
      frozenColour,
      allLayers.map(() => 0),
      allLayers,
      'frozen',
    ),
    bar(
      colour,
      inRange.map(({ step }) => step),
      inRange.map(({ layer }) => layer),
      'trainable from step %{base:,}',
    ),
  ];
}
