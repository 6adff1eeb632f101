/** Makes typed parameters, their values read from a file or drawn from the seed's own streams. */
import { randomStream } from '../engine/random';
import { handOver, tf } from '../engine/tf';
import type { LayerNorm } from './layerNorm';
import type { Linear } from './linear';
import { Parameter, type Address } from './parameter';

/**
 * How a parameter starts when no file gives it: N(0, 0.02), zeros, ones, or uniform in ±1/√inputs. These are the
 * initial values of the Python libraries.
 */
export type Initial = 'normal' | 'zeros' | 'ones' | 'kaimingUniform';

/** The values of a tensor, row-major; throws a UserError when there are none. */
export type ReadTensor = (name: string, shape: readonly number[], initial: Initial) => Float32Array;

export interface ParameterFactory {
  parameter(name: string, address: Address, shape: readonly number[], initial: Initial): Parameter;
  /** `${name}.weight` [outputs, inputs] and `${name}.bias` [outputs]. */
  linear(name: string, address: Address, inputs: number, outputs: number): Linear;
  /** `${name}.weight` and `${name}.bias`, both [size]. */
  layerNorm(name: string, address: Address, size: number, epsilon: number): LayerNorm;
}

export function parameterFactory(read: ReadTensor): ParameterFactory {
  const parameter: ParameterFactory['parameter'] = (name, address, shape, initial) =>
    new Parameter(name, address, handOver(tf.tensor(read(name, shape, initial), [...shape], 'float32')));
  return {
    parameter,
    linear: (name, address, inputs, outputs) => ({
      weight: parameter(`${name}.weight`, address, [outputs, inputs], 'normal'),
      bias: parameter(`${name}.bias`, address, [outputs], 'zeros'),
    }),
    layerNorm: (name, address, size, epsilon) => ({
      gamma: parameter(`${name}.weight`, address, [size], 'ones'),
      beta: parameter(`${name}.bias`, address, [size], 'zeros'),
      epsilon,
    }),
  };
}

/** Random initial values. Each tensor has a stream of its own name, so that adding one never changes another. */
export function randomTensors(seed: number): ReadTensor {
  return (name, shape, initial) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const stream = randomStream(seed, `init/${name}`);
    switch (initial) {
      case 'zeros':
        return new Float32Array(size);
      case 'ones':
        return new Float32Array(size).fill(1);
      case 'normal':
        return Float32Array.from({ length: size }, () => 0.02 * stream.normal());
      case 'kaimingUniform': {
        const bound = 1 / Math.sqrt(shape[1]!);
        return Float32Array.from({ length: size }, () => bound * (2 * stream.uniform() - 1));
      }
    }
  };
}
