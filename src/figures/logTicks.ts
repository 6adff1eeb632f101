/**
 * Tick values of a logarithmic axis or colour bar, written out in full: 1, 10, 100, … between the bounds, or
 * 1, 2, 5, 10, … where there would be fewer than three.
 */
export function logTicks(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low));
  const decades = Array.from({ length: Math.ceil(Math.log10(high)) - first + 1 }, (_, i) => first + i);
  const inside = (digits: readonly number[]) =>
    decades
      .flatMap((exponent) => digits.map((digit) => Number(`${digit}e${exponent}`)))
      .filter((tick) => tick >= low && tick <= high);
  const powers = inside([1]);
  return powers.length >= 3 ? powers : inside([1, 2, 5]);
}
