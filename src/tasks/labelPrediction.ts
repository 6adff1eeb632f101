/** Predicting one label an example: the largest logit, accuracy. Shared by NLI (classes) and multiple choice. */
import { argMax, checkLogits, type ClassLogits } from './task';

export const labelPrediction = {
  mainMetric: 'accuracy',
  predict: (logits: readonly ClassLogits[], encoded: readonly unknown[]): number[] => {
    checkLogits(logits, encoded);
    return logits.map(argMax);
  },
  score: (prediction: number, { label }: { readonly label: number }) => ({ accuracy: Number(prediction === label) }),
};
