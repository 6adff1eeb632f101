/** The non-linearities that occur in adapters and heads, each with its derivative at the pre-activation. */
import { tf } from '../engine/tf';
import { biasGelu, biasGeluGrad } from '../engine/ops';

/** `gelu` is the exact one (by erf), `gelu_new` the tanh approximation of old AdapterHub files. */
export type ActivationName = 'relu' | 'gelu' | 'gelu_new' | 'tanh';

/** x [N, H] → f(x) [N, H]. */
export function activate(x: tf.Tensor2D, name: ActivationName): tf.Tensor2D {
  switch (name) {
    case 'relu':
      return tf.relu(x);
    case 'tanh':
      return tf.tanh(x);
    case 'gelu':
      return biasGelu(x, zeros(x));
    case 'gelu_new':
      return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner(x)), 1));
  }
}

/** dy ∘ f′(x), x the pre-activation. */
export function activationGradient(dy: tf.Tensor2D, x: tf.Tensor2D, name: ActivationName): tf.Tensor2D {
  switch (name) {
    case 'relu':
      return tf.mul(dy, tf.step(x));
    case 'tanh':
      return tf.mul(dy, tf.sub(1, tf.square(tf.tanh(x))));
    case 'gelu':
      return biasGeluGrad(dy, x, zeros(x));
    case 'gelu_new': {
      const t = tf.tanh(inner(x));
      const dInner = tf.mul(tf.add(tf.mul(tf.square(x), 3 * 0.044715), 1), Math.sqrt(2 / Math.PI));
      const slope = tf.add(tf.mul(tf.add(t, 1), 0.5), tf.mul(tf.mul(x, 0.5), tf.mul(tf.sub(1, tf.square(t)), dInner)));
      return tf.mul(dy, slope);
    }
  }
}

const zeros = (x: tf.Tensor2D): tf.Tensor1D => tf.zeros([x.shape[1]]);

/** √(2/π)·(x + 0.044715·x³) */
const inner = (x: tf.Tensor2D): tf.Tensor2D =>
  tf.mul(tf.mul(x, tf.add(tf.mul(tf.square(x), 0.044715), 1)), Math.sqrt(2 / Math.PI));
