/** The exact GELU (Hendrycks and Gimpel 2016), u·Φ(u) with Φ by erf, of u = x + bias, and its gradient. */
import { hasFusedOps, runOp, tf } from '../tf';

/** x [N, H], bias [H] → GELU(x + bias) [N, H]. */
export function biasGelu(x: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return hasFusedOps() ? runOp('FunBiasGelu', {}, [x, bias]) : biasGeluComposed(x, bias);
}

/** dy ∘ GELU′(x + bias), GELU′(u) = Φ(u) + u·φ(u): the gradient of x; summed over rows, that of the bias. */
export function biasGeluGrad(dy: tf.Tensor2D, x: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return hasFusedOps() ? runOp('FunBiasGeluGrad', {}, [dy, x, bias]) : biasGeluGradComposed(dy, x, bias);
}

export function biasGeluComposed(x: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return tf.tidy(() => {
    const u = tf.add<tf.Tensor2D>(x, bias);
    return tf.mul(u, normalCdf(u));
  });
}

export function biasGeluGradComposed(dy: tf.Tensor2D, x: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return tf.tidy(() => {
    const u = tf.add<tf.Tensor2D>(x, bias);
    const density = tf.mul(tf.exp(tf.mul(tf.square(u), -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return tf.mul(dy, tf.add(normalCdf(u), tf.mul(u, density)));
  });
}

const normalCdf = (u: tf.Tensor2D): tf.Tensor2D => tf.mul(tf.add(tf.erf(tf.mul(u, Math.SQRT1_2)), 1), 0.5);
