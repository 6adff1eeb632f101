/** ‖gradient‖² by group, of gradients that are summed over a batch. */
import { tf } from '../engine/tf';
import type { Parameter } from '../nn/parameter';

export function squaredNorms(
  gradients: ReadonlyMap<Parameter, tf.Tensor>,
  groupOf: (parameter: Parameter) => number | undefined,
): Map<number, number> {
  const result = new Map<number, number>();
  for (const [parameter, gradient] of gradients) {
    const group = groupOf(parameter);
    if (group === undefined) continue;
    const squared = tf.tidy(() => gradient.square().sum().dataSync()[0]!);
    result.set(group, (result.get(group) ?? 0) + squared);
  }
  return result;
}
