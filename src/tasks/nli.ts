/** Natural language inference (MNLI → XNLI): a pair of sentences, three classes, accuracy. */
import { nliLabels, type NliExample } from '../datasets/examples';
import type { EncodedExample } from './batch';
import { labelPrediction } from './labelPrediction';
import type { ClassLogits, Task } from './task';

export interface NliSettings {
  /** Tokens of premise and hypothesis together, special tokens included. */
  readonly maxLength: number;
}

/** Premise and hypothesis as a pair, the longer one cut first; predictions are label numbers. */
export const nli: Task<NliExample, NliSettings, EncodedExample, ClassLogits, number> = {
  name: 'nli',
  head: { kind: 'classification', classes: nliLabels.length },
  ...labelPrediction,
  defaults: { maxLength: 128 },
  encode: ({ premise, hypothesis, label }, source, tokenizer, { maxLength }) => {
    const { ids, typeIds } = tokenizer.pair(premise, hypothesis, { maxLength });
    return [{ id: source, source, sequences: [{ ids, typeIds }], target: { kind: 'class', label } }];
  },
};
