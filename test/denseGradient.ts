/** A gradient of the parameter's shape, whether the sum holds it whole or by rows. */
import type { GradientSum } from '../src/nn/gradientSum';
import type { Parameter } from '../src/nn/parameter';

export function denseGradient(sum: GradientSum, parameter: Parameter): Float32Array {
  const given = sum.gradients.get(parameter)!.dataSync<'float32'>();
  const rows = sum.rows.get(parameter);
  if (rows === undefined) return given.slice();
  const width = parameter.shape[1]!;
  const dense = new Float32Array(parameter.size);
  rows.forEach((row, i) => dense.set(given.subarray(i * width, (i + 1) * width), row * width));
  return dense;
}
