/**
 * What a curve of tr(F) against the step looks like, in numbers: smoothing, scaling, and the four features that the
 * correlation study (§4.2, Figure 4) sets against transfer: peak height, width at half height, area and early mean.
 */
import { UserError, wholeNumber } from '../engine/errors';
import { mean } from './summary';

/** A value at each of ascending steps. */
export interface Curve {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

/**
 * Centred moving average over `window` points (odd). At the ends the window is what is left of it, so the result has
 * as many points as the input.
 */
export function movingAverage(values: readonly number[], window: number): number[] {
  if (wholeNumber('window', window) % 2 === 0) {
    throw new UserError(`window must be odd, so that it has a middle; not ${window}.`);
  }
  const half = (window - 1) / 2;
  return values.map((_, i) => mean(values.slice(Math.max(0, i - half), i + half + 1)));
}

/** Scaled so that the least value is 0 and the greatest 1; all 0 for a constant. */
export function normalise(values: readonly number[]): number[] {
  const low = Math.min(...values);
  const span = Math.max(...values) - low;
  return values.map((value) => (span === 0 ? 0 : (value - low) / span));
}

export interface CurveFeatures {
  /** The greatest value. */
  readonly peakHeight: number;
  /** The step at which it is first reached. */
  readonly peakStep: number;
  /**
   * In steps: how long the curve stays above half the peak's height around the peak. Linear between points; where the
   * curve never falls that low on a side, the curve's end counts.
   */
  readonly widthAtHalfHeight: number;
  /** Trapezoidal, in units of value × step. */
  readonly area: number;
  /** Mean of the points in the first `earlyFraction` of the steps. */
  readonly earlyMean: number;
}

/**
 * The features of a curve. @throws UserError if steps do not ascend, or there is no point.
 * @param earlyFraction what counts as early, as a part of the time from the first to the last step; default a quarter.
 */
export function curveFeatures(curve: Curve, earlyFraction = 0.25): CurveFeatures {
  requireCurve(curve);
  if (!(earlyFraction >= 0 && earlyFraction <= 1)) {
    throw new UserError(`earlyFraction must lie between 0 and 1, not ${earlyFraction}; 0.25 is a quarter.`);
  }
  const { steps, values } = curve;
  const peakHeight = Math.max(...values);
  const peak = values.indexOf(peakHeight);
  const until = steps[0]! + earlyFraction * (steps.at(-1)! - steps[0]!);
  return {
    peakHeight,
    peakStep: steps[peak]!,
    widthAtHalfHeight: fallsBelow(curve, peak, peakHeight / 2, 1) - fallsBelow(curve, peak, peakHeight / 2, -1),
    area: area(curve),
    earlyMean: mean(values.filter((_, i) => steps[i]! <= until)),
  };
}

/** A hill rises and falls: both ends of the curve lie below this part of its peak. */
export const hillEnds = 0.8;

export function hasHill({ values }: Curve): boolean {
  const limit = hillEnds * Math.max(...values);
  return values[0]! < limit && values.at(-1)! < limit;
}

/** Area under the curve by the trapezoidal rule. */
export function area({ steps, values }: Curve): number {
  return values.slice(1).reduce((sum, value, i) => sum + ((value + values[i]!) / 2) * (steps[i + 1]! - steps[i]!), 0);
}

/** The step at which the curve first reaches `level` going from index `from` in a direction, or its end there. */
function fallsBelow({ steps, values }: Curve, from: number, level: number, direction: 1 | -1): number {
  for (let i = from + direction; i >= 0 && i < values.length; i += direction) {
    if (values[i]! > level) continue;
    const before = i - direction;
    const part = (values[before]! - level) / (values[before]! - values[i]!);
    return steps[before]! + part * (steps[i]! - steps[before]!);
  }
  return direction === 1 ? steps.at(-1)! : steps[0]!;
}

function requireCurve({ steps, values }: Curve): void {
  if (steps.length === 0 || steps.length !== values.length) {
    throw new UserError(`A curve has one value for each step; got ${values.length} values and ${steps.length} steps.`);
  }
  if (steps.some((step, i) => i > 0 && step <= steps[i - 1]!)) {
    throw new UserError(`The steps of a curve must ascend; got ${steps.join(', ')}.`);
  }
}
