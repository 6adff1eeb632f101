/**
 * Multiple choice (COPA → XCOPA): `{premise} What was the {cause|effect}?` paired with each choice, one logit a
 * choice, accuracy. The question is asked in English in every language, as in the paper's scripts.
 */
import type { MultipleChoiceExample } from '../datasets/examples';
import type { EncodedExample } from './batch';
import { labelPrediction } from './labelPrediction';
import type { ClassLogits, Task } from './task';

export interface MultipleChoiceSettings {
  /** Tokens of premise, question and one choice together, special tokens included. */
  readonly maxLength: number;
}

/** The choices of a question are the sequences of one example; predictions are choice numbers. */
export const multipleChoice: Task<MultipleChoiceExample, MultipleChoiceSettings, EncodedExample, ClassLogits, number> =
  {
    name: 'multipleChoice',
    head: { kind: 'multipleChoice' },
    ...labelPrediction,
    defaults: { maxLength: 512 },
    encode: ({ premise, choices, asksFor, label }, source, tokenizer, { maxLength }) => {
      const first = `${premise} What was the ${asksFor}?`;
      const sequences = choices.map((choice) => {
        const { ids, typeIds } = tokenizer.pair(first, choice, { maxLength });
        return { ids, typeIds };
      });
      return [{ id: source, source, sequences, target: { kind: 'class', label } }];
    },
  };
