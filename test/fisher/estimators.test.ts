/** Every estimator × task × what is trained × reduction against the loop over examples and labels. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomStream } from '../../src/engine/random';
import { tf } from '../../src/engine/tf';
import { choleskyFactor, drawLabels, likeliestLabels } from '../../src/fisher/columns';
import { exactTraceByLoop, traceAtLabelsByLoop, traceOfVectorsByLoop } from '../../src/fisher/oracle';
import { labelProbabilities, perExampleTraces, type FisherBatch } from '../../src/fisher/perExampleTraces';
import { fisherTrace } from '../../src/fisher/trace';
import type { AdapterModel } from '../../src/models/adapterModel';
import { factorLoss } from '../../src/nn/categorical';
import { gradientSum } from '../../src/nn/gradientSum';
import type { Parameter } from '../../src/nn/parameter';
import { padBatch } from '../../src/tasks/batch';
import { fisherBatch } from '../../src/training/fisherSamples';
import { layerOrNone, relative, subjects, tasks, tinyExamples, tinyModel, type Tiny } from './tiny';

const RELATIVE = 1e-4;
const estimators = ['exact', 'mc', 'sketch', 'mode', 'empirical'] as const;

/** What each estimator should give, by a loop over the examples; random draws are repeated from the same stream. */
function byLoop(
  estimator: (typeof estimators)[number],
  model: AdapterModel,
  batch: FisherBatch,
  parameters: readonly Parameter[],
): number[] {
  const pass = model.forward(batch);
  const p = labelProbabilities(pass.factors, batch);
  const stream = randomStream(7, 'draws');
  try {
    switch (estimator) {
      case 'exact':
        return exactTraceByLoop(model, batch, parameters);
      case 'mc':
        return traceAtLabelsByLoop(
          model,
          batch,
          parameters,
          p.map((pf) => drawLabels(pf, stream)),
        );
      case 'sketch': {
        const vectors = p.map((pf) => tf.tidy(() => choleskyFactor(pf).signedSum(0, stream).arraySync()));
        return traceOfVectorsByLoop(model, batch, parameters, vectors);
      }
      case 'mode':
        return traceAtLabelsByLoop(model, batch, parameters, p.map(likeliestLabels));
      case 'empirical':
        return traceAtLabelsByLoop(model, batch, parameters, batch.goldLabels);
    }
  } finally {
    pass.release();
    tf.dispose(p);
  }
}

describe.each(tasks)('%s', (task) => {
  describe.each(subjects)('%s', (subject) => {
    let tiny: Tiny;
    const batch = fisherBatch(padBatch(tinyExamples(task, 3), { padId: 0 }));
    beforeAll(() => {
      tiny = tinyModel(task, subject);
    });
    afterAll(() => tiny.dispose());

    test.each(estimators)('%s: by layer, in all, mean', (estimator) => {
      const { model, parameters } = tiny;
      const stream = () => randomStream(7, 'draws');
      const options = { estimator, parameters, stream: stream() };
      const { traces } = perExampleTraces(model, batch, { ...options, groupOf: layerOrNone });
      const groups = [...new Set(parameters.map(layerOrNone))].filter((group) => traces.has(group));
      expect(groups.length).toBeGreaterThan(0);
      const wanted = new Map(
        groups.map((group) => [
          group,
          byLoop(
            estimator,
            model,
            batch,
            parameters.filter((parameter) => layerOrNone(parameter) === group),
          ),
        ]),
      );
      for (const [group, ofGroup] of wanted) {
        ofGroup.forEach((want, e) => expect(relative(traces.get(group)![e]!, want)).toBeLessThan(RELATIVE));
      }
      const inAll = fisherTrace(model, [batch], { estimator, parameters, groupOf: () => 0, stream: stream() });
      const perExample = [0, 1, 2].map((e) => [...wanted.values()].reduce((sum, ofGroup) => sum + ofGroup[e]!, 0));
      const mean = perExample.reduce((a, b) => a + b) / 3;
      const variance = perExample.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 2;
      expect(relative(inAll.trace.get(0)!, mean)).toBeLessThan(RELATIVE);
      expect(relative(inAll.standardError.get(0)!, Math.sqrt(variance / 3))).toBeLessThan(10 * RELATIVE);
    });

    test('officialCode: the squared norm of the summed gradients', () => {
      const { model, parameters } = tiny;
      const got = fisherTrace(model, [batch], { estimator: 'officialCode', parameters, groupOf: () => 0 });
      // One example at a time, gradients added up, squared at the end; the batch is padded as a whole.
      const sum = gradientSum(new Set(parameters));
      for (let e = 0; e < 3; e++) {
        const pass = model.forward(batch, { wanted: new Set(parameters) });
        const p = labelProbabilities(pass.factors, batch);
        const only = p.map((pf) => likeliestLabels(pf).map((y, i) => (i === e ? y : -1)));
        const { loss, dFactors } = factorLoss(pass.factors, only, batch.possibleLabels);
        pass.backwardAndRelease(dFactors, sum);
        tf.dispose([loss, ...p, ...dFactors]);
      }
      const squared = [...sum.gradients.values()].reduce((total, g) => {
        return total + g.dataSync<'float32'>().reduce((s, x) => s + x * x, 0);
      }, 0);
      sum.dispose();
      expect(relative(got.trace.get(0)!, squared / 9 / 3)).toBeLessThan(RELATIVE);
    });
  });
});
