import { describe, expect, test } from 'vitest';
import { tf } from '../../src/engine/tf';
import { block, type Block, type Needs } from '../../src/nn/block';
import { Chain } from '../../src/nn/chain';
import { gradientSum } from '../../src/nn/gradientSum';
import { linear, linearInputGradient, linearOwnGradient, type Linear } from '../../src/nn/linear';
import { Parameter } from '../../src/nn/parameter';

const layer = (name: string, rows: number[][]): Linear => ({
  weight: new Parameter(name, { role: 'head' }, tf.tensor2d(rows)),
});
const layers = [layer('a', [[1, 2]]), layer('b', [[3], [4]]), layer('c', [[5, 6]])] as const;
const [a, b, c] = layers;

/** Runs the layers that are given on x [1, in], and keeps what every block was told. */
function run(of: readonly Linear[], wanted: readonly Linear[], options: { hasWantedBelow?: boolean } = {}) {
  const parameters = new Set(wanted.map(({ weight }) => weight));
  const x = tf.tensor2d([[1, -1]]);
  const chain = new Chain(parameters, { input: x, ...options });
  const told: Needs[] = [];
  let y = x;
  for (const p of of) {
    const needs = chain.needs([p.weight]);
    told.push(needs);
    y = chain.add(linearBlock(y, p, needs, parameters));
  }
  const sum = gradientSum(parameters);
  return { chain, told, x, y, sum, gradientOf: (p: Linear) => [...sum.gradients.get(p.weight)!.dataSync()] };
}

function linearBlock(x: tf.Tensor2D, p: Linear, needs: Needs, wanted: Set<Parameter>): Block {
  return block(
    () => ({ y: linear(x, p), saved: { x: x.clone() } }),
    ({ x: saved }, dy, sink) => {
      linearOwnGradient(p, saved, dy, wanted, sink);
      return needs.inputGradient ? linearInputGradient(dy, p) : undefined;
    },
  );
}

const needs = (inputGradient: boolean, ownGradients: boolean): Needs => ({ inputGradient, ownGradients });

describe('Chain', () => {
  test('tells each block what lies below it, and sends a gradient no further down than the lowest wanted parameter', () => {
    const { chain, told, y, sum, gradientOf } = run([a, b, c], [b]);
    expect(told).toEqual([needs(false, false), needs(false, true), needs(true, false)]);
    expect(chain.hasWanted).toBe(true);
    expect([...y.dataSync()]).toEqual([-39]); // [1, −1] → −1 → [−3, −4] → −15 − 24
    // d/dB = dy · x: dy = c = [5, 6], x = −1. A block below would need an input gradient that nobody computes.
    expect(chain.sendBack(tf.tensor2d([[1]]), sum)).toBeUndefined();
    expect(gradientOf(b)).toEqual([-5, -6]);
    sum.dispose();
    chain.release();
    y.dispose();
  });

  test('returns the gradient of its input where something wanted lies below it', () => {
    const { chain, told, y, sum } = run([a], [], { hasWantedBelow: true });
    expect(told).toEqual([needs(true, false)]);
    const dx = chain.sendBack(tf.tensor2d([[2]]), sum)!;
    expect([...dx.dataSync()]).toEqual([2, 4]);
    tf.dispose([dx, y]);
    chain.release();
  });

  test('sends back as often as one likes', () => {
    const { chain, y, sum, gradientOf } = run([a, b, c], [a, c]);
    for (let i = 0; i < 2; i++) expect(chain.sendBack(tf.tensor2d([[1]]), sum)).toBeUndefined();
    expect(gradientOf(a)).toEqual([2 * 39, 2 * -39]); // (5·3 + 6·4) · [1, −1], twice
    expect(gradientOf(c)).toEqual([2 * -3, 2 * -4]);
    sum.dispose();
    chain.release();
    y.dispose();
  });

  test.each([true, false])(
    'frees what entered a block, and all it kept when it is released (on the way: %s)',
    (releases) => {
      const before = tf.memory().numTensors;
      const { chain, x, y, sum } = run([a, b, c], [b]);
      expect(x.isDisposed).toBe(true);
      expect(y.isDisposed).toBe(false);
      chain.sendBack(tf.tensor2d([[1]]), sum, { releases });
      sum.dispose();
      y.dispose();
      const kept = tf.memory().numTensors - before;
      // Nothing is sent to the lowest block: it was left out, and what it saved is not the chain's to free.
      expect(kept).toBe(releases ? 1 : 3);
      chain.release();
      expect(tf.memory().numTensors - before).toBe(1);
    },
  );
});
