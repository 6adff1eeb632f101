/** Clipping by the global gradient norm (Pascanu et al. 2013), as torch.nn.utils.clip_grad_norm_. */
import { tf } from '../engine/tf';
import type { Parameter } from '../nn/parameter';

/** Scales all gradients by min(1, maxNorm/(norm + 1e-6)); the results and the norm before clipping are the caller's. */
export function clipByGlobalNorm(
  gradients: ReadonlyMap<Parameter, tf.Tensor>,
  maxNorm: number,
): { clipped: Map<Parameter, tf.Tensor>; norm: tf.Scalar } {
  const parameters = [...gradients.keys()];
  const { scaled, norm } = tf.tidy(() => {
    const squares = [...gradients.values()].map((g) => g.square().sum<tf.Scalar>());
    const total = tf.sqrt<tf.Scalar>(tf.addN(squares));
    const factor = tf.minimum(1, tf.div(maxNorm, total.add(1e-6)));
    return { scaled: [...gradients.values()].map((g) => g.mul(factor)), norm: total };
  });
  return { clipped: new Map(parameters.map((parameter, i) => [parameter, scaled[i]!])), norm };
}
