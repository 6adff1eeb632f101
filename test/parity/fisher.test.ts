/** tr(F) per layer and example, under every estimator, against values from PyTorch's autograd. */
import { afterEach, describe, expect, test } from 'vitest';
import { randomStream } from '../../src/engine/random';
import { layerOf, perExampleTraces } from '../../src/fisher/perExampleTraces';
import { fisherTrace, type FisherBatch } from '../../src/fisher/trace';
import type { AdapterModel } from '../../src/models/adapterModel';
import { hasParity, kinds, readFixture } from './fixture';
import { goldenBatch, goldenModel } from './goldenModel';

const RELATIVE = 1e-4;

describe.skipIf(!hasParity)('Fisher traces of the task adapter', () => {
  let model: AdapterModel | undefined;
  afterEach(() => model?.dispose());

  describe.each(kinds)('%s', (kind) => {
    describe.each(['cls', 'mc', 'qa'] as const)('%s', (task) => {
      const setUp = () => {
        const fixture = readFixture(kind);
        const golden = fixture.fisher[task];
        const opened = (model = goldenModel(kind));
        opened.activate({ language: 'en', task: 'task', head: task });
        const gold = golden.gold_labels as unknown as number[][];
        const inputs = fixture.inputs[({ cls: 'cls', mc: 'mc4', qa: 'qa_short' } as const)[task]];
        const factors = task === 'qa' ? [0, 1] : [0];
        const batch: FisherBatch = {
          ...goldenBatch(inputs),
          goldLabels: factors.map((f) => Int32Array.from(gold, (labels) => labels[f]!)),
        };
        const parameters = opened
          .parameters()
          .filter(({ address }) => address.role === 'taskAdapter' && address.layer !== undefined);
        return { golden, model: opened, batch, parameters };
      };

      test.each([
        ['exact', 'exact'],
        ['mode', 'argmax'],
        ['empirical', 'gold'],
      ] as const)('%s', (estimator, name) => {
        const { golden, model: opened, batch, parameters } = setUp();
        const stream = randomStream(0, 'parity');
        const { traces } = perExampleTraces(opened, batch, { estimator, parameters, groupOf: layerOf, stream });
        const want = golden[name]!.per_example;
        const [examples, layers] = want.shape as [number, number];
        for (let e = 0; e < examples; e++) {
          for (let layer = 0; layer < layers; layer++) {
            const value = want.data[e * layers + layer]!;
            expect(Math.abs(traces.get(layer)![e]! - value) / value, `example ${e}, layer ${layer}`).toBeLessThan(
              RELATIVE,
            );
          }
        }
      });

      test('officialCode', () => {
        const { golden, model: opened, batch, parameters } = setUp();
        const { trace } = fisherTrace(opened, [batch], { estimator: 'officialCode', parameters });
        golden.official.layers.data.forEach((value, layer) => {
          expect(Math.abs(trace.get(layer)! - value) / value, `layer ${layer}`).toBeLessThan(RELATIVE);
        });
      });
    });
  });
});
