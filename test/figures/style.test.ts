/** The look of figures: colours that can be told apart, by anyone, on light and on dark ground. */
import { describe, expect, test } from 'vitest';
import {
  layout,
  ownColours,
  scheduleColour,
  scheduleColours,
  scheduleLabel,
  sortSchedules,
  template,
} from '../../src/figures/style';

const PAPER = ['standard', 'gradual', 'fun', 'random', 'lpft', 'gradual-reverse', 'fixed', 'surgical', 'full'];
/** With schedules of one's own beside them, as many as there are colours for. */
const own = ['outside-in', 'mine', 'every-second', 'top-down'];
/** Those that share most figures. */
const MAIN = ['standard', 'gradual', 'fun', 'random', 'lpft', 'gradual-reverse'];

type Triple = readonly [number, number, number];

/** Linear RGB of #rrggbb. */
function linear(colour: string): Triple {
  const channel = (i: number) => {
    const value = Number.parseInt(colour.slice(i, i + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

const luminance = ([r, g, b]: Triple) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

/** Contrast ratio of two colours (WCAG 2). */
function contrast(a: string, b: string): number {
  const [low, high] = [luminance(linear(a)), luminance(linear(b))].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

/** How the colour-blind see linear RGB, at full severity (Machado, Oliveira and Fernandes 2009). */
const VISION: Readonly<Record<string, readonly Triple[]>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Oklab (Ottosson 2020): distances in it are about as large as differences look. */
function oklab([r, g, b]: Triple): Triple {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function seenDistance(a: string, b: string, vision: readonly Triple[]): number {
  const seen = (colour: string) => {
    const rgb = linear(colour);
    const through = vision.map((row) => row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2]);
    return oklab(through.map((value) => Math.min(1, Math.max(0, value))) as unknown as Triple);
  };
  const [p, q] = [seen(a), seen(b)];
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

const pairs = (names: readonly string[]) => names.flatMap((a, i) => names.slice(i + 1).map((b) => [a, b] as const));

describe('colours', () => {
  const schedules = [...PAPER, ...own];
  const colourOf = scheduleColours(schedules);

  test.each(schedules)('%s is seen on white and on a dark page (contrast at least 3 : 1)', (schedule) => {
    expect(contrast(colourOf(schedule), '#ffffff')).toBeGreaterThan(3);
    expect(contrast(colourOf(schedule), '#111111')).toBeGreaterThan(3);
  });

  test('type is read on white and on a dark page (contrast at least 4 : 1)', () => {
    const ink = String(template.layout?.font?.color);
    expect(contrast(ink, '#ffffff')).toBeGreaterThan(4);
    expect(contrast(ink, '#111111')).toBeGreaterThan(4);
  });

  test.each(Object.keys(VISION))('schedules can be told apart with %s vision', (vision) => {
    for (const [a, b] of pairs(schedules)) {
      expect([a, b, seenDistance(colourOf(a), colourOf(b), VISION[vision]!) > 0.06]).toEqual([a, b, true]);
    }
    for (const [a, b] of pairs(MAIN)) {
      expect([a, b, seenDistance(scheduleColour(a), scheduleColour(b), VISION[vision]!) > 0.09]).toEqual([a, b, true]);
    }
  });

  test('fixed orders share a colour; a schedule that begins like one of the paper’s is not that one', () => {
    expect(scheduleColour('fixed-3')).toBe(scheduleColour('fixed'));
    for (const name of ['gradual-slow', 'fun-sketch', 'random-pairs'])
      expect(ownColours).toContain(scheduleColour(name));
  });

  test('a schedule of one’s own has the same colour alone and among others', () => {
    const alone = own.map((name) => scheduleColour(name));
    expect(new Set(alone).size).toBeGreaterThan(1);
    own.forEach((name, i) => expect(scheduleColours([name, 'gradual', 'fun'])(name)).toBe(alone[i]));
  });

  test('schedules of one’s own in one figure have different colours, whatever order they come in', () => {
    const colours = (names: readonly string[]) => own.map(scheduleColours(names));
    expect(new Set(colours(own))).toEqual(new Set(ownColours));
    expect(colours([...own].reverse())).toEqual(colours(own));
    const five = [...own, 'zigzag'];
    expect(ownColours).toContain(scheduleColours(five)('zigzag'));
  });
});

test('schedules have labels and an order; unknown ones come last, by name', () => {
  expect(sortSchedules(['zigzag', 'fun', 'fixed-10', 'fixed-2', 'alternate', 'standard'])).toEqual([
    'standard',
    'fun',
    'fixed-2',
    'fixed-10',
    'alternate',
    'zigzag',
  ]);
  expect([scheduleLabel('fun'), scheduleLabel('zigzag')]).toEqual(['FUN', 'zigzag']);
});

test('a layout has titles, keeps what is given, and is transparent', () => {
  const made = layout({
    title: 'T',
    xTitle: 'step',
    yTitle: 'loss (nats)',
    more: { yaxis: { type: 'log' }, barmode: 'group' },
  });
  expect(made).toMatchObject({
    title: { text: 'T' },
    height: 450,
    xaxis: { title: { text: 'step' } },
    yaxis: { title: { text: 'loss (nats)' }, type: 'log' },
    barmode: 'group',
    template: { layout: { paper_bgcolor: 'rgba(0, 0, 0, 0)', plot_bgcolor: 'rgba(0, 0, 0, 0)' } },
  });
});
