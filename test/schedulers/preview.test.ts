import { describe, expect, test } from 'vitest';
import {
  createUnfreezing,
  fisherUnfreezing,
  gradualUnfreezing,
  linearProbingThenFineTuning,
  preview,
  randomUnfreezing,
  type Schedule,
} from '../../src/schedulers/index';

describe('preview', () => {
  test('the strip reads as the schedule is drawn: layers upwards, time rightwards', () => {
    expect(preview(gradualUnfreezing({ every: 2 }), { layers: 3, steps: 6 }).text).toBe(
      ['gradual, steps 0 … 5', 'layer 2 ██████', 'layer 1 ··████', 'layer 0 ····██'].join('\n'),
    );
    expect(
      preview(linearProbingThenFineTuning({ every: 4 }), { layers: 2, steps: 6, timing: 'officialCode' }).text,
    ).toBe(['lpft, steps 0 … 5', 'layer 1 ···███', 'layer 0 ···███'].join('\n'));
  });

  test('a long run is drawn in 60 columns, with layer numbers aligned', () => {
    const lines = preview(gradualUnfreezing({ every: 800 }), { layers: 12, steps: 12000 }).text.split('\n');
    expect(lines[1]).toBe(`layer 11 ${'█'.repeat(60)}`);
    expect(lines[2]).toBe(`layer 10 ${'·'.repeat(4)}${'█'.repeat(56)}`);
    expect(lines[12]).toMatch(/^layer {2}0 ·{44}█{16}$/);
  });

  test('rows are what the state machine does, layer by layer and step by step', () => {
    const schedule = gradualUnfreezing({ every: 3 });
    const { rows } = preview(schedule, { layers: 4, steps: 13 });
    expect(rows).toHaveLength(4 * 13);
    const unfreezing = createUnfreezing({ schedule, layers: 4, timing: 'paper' });
    for (let step = 0; step < 13; step++) {
      unfreezing.open(step, { random: () => 0 });
      const trainable = rows.filter((row) => row.step === step && row.trainable).map((row) => row.layer);
      expect(trainable).toEqual(unfreezing.openLayers);
    }
  });

  test('fun needs supposed traces', () => {
    expect(() => preview(fisherUnfreezing({ every: 1 }), { layers: 2, steps: 2 })).toThrow(
      /fisherTrace: \(layer, step\)/,
    );
    const { openings } = preview(fisherUnfreezing({ every: 1 }), {
      layers: 2,
      steps: 2,
      fisherTrace: (layer) => -layer,
    });
    expect(openings.map(({ layer }) => layer)).toEqual([0, 1]);
  });

  test('random follows its seed', () => {
    const order = (seed: number) =>
      preview(randomUnfreezing({ every: 1 }), { layers: 12, steps: 12, seed }).openings.map(({ layer }) => layer);
    expect(order(1)).toEqual(order(1));
    expect(order(1)).not.toEqual(order(2));
  });

  test("a user's wrong schedule fails in the preview already", () => {
    const wrong: Schedule = { name: 'wrong', every: 1, needs: 'nothing', select: () => [0] };
    expect(() => preview(wrong, { layers: 2, steps: 3 })).toThrow(/schedule "wrong" at step 1/);
  });
});
