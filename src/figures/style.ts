/**
 * How every figure looks. Transparent ground, grey type and lines: legible in dark and in light themes. A schedule has
 * the same colour everywhere; colours are told apart by colour-blind readers too (test/figures/style.test.ts measures).
 */
import type { Layout, LayoutAxis, Template } from 'plotly.js';

/** First the font that pictures are drawn with; in a browser whichever of these is there. */
const FONT = 'Inter, "Open Sans", "Segoe UI", Helvetica, Arial, sans-serif';
/** Type: contrast above 4 : 1 on white and on the dark theme's #111111. */
const INK = '#767676';
const GRID = 'rgba(128, 128, 128, 0.22)';
const LINE = 'rgba(128, 128, 128, 0.65)';

interface ScheduleStyle {
  readonly colour: string;
  readonly label: string;
}

/** In the order in which legends and tables show them. */
const SCHEDULES: Readonly<Record<string, ScheduleStyle>> = {
  standard: { colour: '#7d7e7c', label: 'standard' },
  gradual: { colour: '#1667df', label: 'gradual (GU)' },
  fun: { colour: '#de7026', label: 'FUN' },
  random: { colour: '#187048', label: 'random' },
  lpft: { colour: '#b705a6', label: 'LPFT' },
  'gradual-reverse': { colour: '#4d9ac1', label: 'gradual, reversed' },
  fixed: { colour: '#8d5610', label: 'fixed order' },
  surgical: { colour: '#8d7ae6', label: 'surgical' },
  full: { colour: '#a49077', label: 'full fine-tuning' },
};

/** For schedules of one's own, and for nothing else: no schedule above looks like them. */
export const ownColours: readonly string[] = ['#d31e4c', '#785678', '#fe35ad', '#6858b8'];

/** For anything that is no schedule: languages, estimators, layers. In this order; they repeat after the last. */
export const palette: readonly string[] = [
  'gradual',
  'fun',
  'random',
  'lpft',
  'gradual-reverse',
  'fixed',
  'surgical',
  'full',
].map((name) => SCHEDULES[name]!.colour);

/** A layer that is not trained. */
export const frozenColour = 'rgba(128, 128, 128, 0.3)';

/** From low to high, equally readable for all: plotly's name of a colour scale for heatmaps. */
export const sequentialScale = 'Viridis';

/** The schedule that a name belongs to: "fixed-3" and "fixed:top-down" are fixed orders, "fun-sketch" is one's own. */
function styleOf(schedule: string): ScheduleStyle | undefined {
  return SCHEDULES[schedule] ?? (/^fixed[-:/ ]/.test(schedule) ? SCHEDULES.fixed : undefined);
}

/** Colour of a schedule that is drawn by itself, as #rrggbb. */
export function scheduleColour(schedule: string): string {
  return scheduleColours([schedule])(schedule);
}

/**
 * The colours of the schedules that one figure holds, as #rrggbb. A schedule of one's own has the colour that its name
 * asks for, the same in every figure; where an earlier one (by name) has that already, the next that is free. They
 * repeat when there are more of them than colours.
 */
export function scheduleColours(schedules: readonly string[]): (schedule: string) => string {
  const own = new Map<string, string>();
  for (const schedule of [...new Set(schedules)].filter((name) => styleOf(name) === undefined).sort()) {
    const wanted = [...schedule].reduce((hash, letter) => (31 * hash + letter.codePointAt(0)!) % 997, 0);
    const fromWanted = ownColours.map((_, i) => ownColours[(wanted + i) % ownColours.length]!);
    const taken = [...own.values()];
    own.set(schedule, fromWanted.find((colour) => !taken.includes(colour)) ?? fromWanted[0]!);
  }
  return (schedule) => styleOf(schedule)?.colour ?? own.get(schedule)!;
}

/** How a schedule is called in legends and titles. */
export function scheduleLabel(schedule: string): string {
  return SCHEDULES[schedule]?.label ?? schedule;
}

/** Schedules in the order of legends and tables; unknown ones come last, by name. */
export function sortSchedules(schedules: readonly string[]): string[] {
  const order = Object.keys(SCHEDULES);
  const rank = (schedule: string) => {
    const known = styleOf(schedule);
    return known ? order.findIndex((name) => SCHEDULES[name] === known) : order.length;
  };
  return [...schedules].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b, 'en', { numeric: true }));
}

/** Part of Viridis that is seen on light and on dark ground, from the lowest layer to the top one. */
const LAYER_STOPS = ['#3e5fa0', '#21918c', '#4fae4a'] as const;

/** Colour of one layer of `layers`, 0 the lowest: blue at the bottom, green at the top. */
export function layerColour(layer: number, layers: number): string {
  const position = layers < 2 ? 0 : (2 * layer) / (layers - 1);
  const below = Math.min(1, Math.floor(position));
  const [from, to] = [LAYER_STOPS[below]!, LAYER_STOPS[below + 1]!];
  const channels = [1, 3, 5].map((i) => {
    const [a, b] = [from, to].map((colour) => Number.parseInt(colour.slice(i, i + 2), 16));
    return Math.round(a! + (position - below) * (b! - a!));
  });
  return `#${channels.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

const axis: Partial<LayoutAxis> = {
  gridcolor: GRID,
  linecolor: LINE,
  zerolinecolor: LINE,
  zerolinewidth: 1,
  ticks: 'outside',
  ticklen: 4,
  tickcolor: LINE,
  automargin: true,
  title: { standoff: 12 },
};

/** What all figures share, as plotly's template: it holds for every axis of every panel. */
export const template: Template = {
  layout: {
    font: { family: FONT, size: 14, color: INK },
    title: { x: 0, xref: 'container', xanchor: 'left', pad: { l: 12 }, font: { size: 17 } },
    paper_bgcolor: 'rgba(0, 0, 0, 0)',
    plot_bgcolor: 'rgba(0, 0, 0, 0)',
    colorway: [...palette],
    margin: { l: 64, r: 16, t: 56, b: 52 },
    legend: { bgcolor: 'rgba(0, 0, 0, 0)' },
    // Templates have this; plotly's types of a layout do not.
    ...({ annotationdefaults: { arrowcolor: INK } } as Partial<Layout>),
    hovermode: 'closest',
    hoverlabel: { font: { family: FONT, size: 13 }, align: 'left', namelength: -1 },
    xaxis: axis,
    yaxis: axis,
  },
  data: {
    bar: [{ type: 'bar', error_y: { type: 'data', array: [], color: INK }, marker: { line: { width: 0 } } }],
    heatmap: [{ type: 'heatmap', colorscale: sequentialScale, colorbar: { outlinewidth: 0, tickcolor: LINE } }],
  },
};

export interface LayoutOptions {
  readonly title?: string;
  /** Title of the x axis, with its unit. */
  readonly xTitle?: string;
  /** Title of the y axis, with its unit. */
  readonly yTitle?: string;
  /** Height in px. Default: 450; the width is that of the page. */
  readonly height?: number;
  /** Anything else that plotly's layout has; axes are merged with their titles. */
  readonly more?: Partial<Layout>;
}

/** A layout in the project's style. */
export function layout({ title, xTitle, yTitle, height = 450, more = {} }: LayoutOptions): Partial<Layout> {
  const titled = (text: string | undefined, given: Partial<LayoutAxis> | undefined): Partial<LayoutAxis> =>
    text === undefined ? { ...given } : { title: { text }, ...given };
  return {
    template,
    height,
    ...(title === undefined ? {} : { title: { text: title } }),
    ...more,
    xaxis: titled(xTitle, more.xaxis),
    yaxis: titled(yTitle, more.yaxis),
  };
}
