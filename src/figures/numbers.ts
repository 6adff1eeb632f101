/** How numbers are written for people, the same in tables, sentences and notes of figures; minus is U+2212. */

/** "0.72", "−0.21". */
export function decimal(value: number, digits: number): string {
  return (value < 0 ? '−' : '') + Math.abs(value).toFixed(digits);
}

/** Of a difference: "+1.2", "−0.4". */
export function signed(value: number, digits = 1): string {
  return (value < 0 ? '' : '+') + decimal(value, digits);
}

/** "61.7 ± 1.0"; without a deviation where there is none (a single seed has NaN, the paper prints some without). */
export function withSd(mean: number, sd = NaN, digits = 1): string {
  return mean.toFixed(digits) + (Number.isNaN(sd) ? '' : ` ± ${sd.toFixed(digits)}`);
}
