import { describe, expect, test } from 'vitest';
import type { MultipleChoiceExample, NliExample } from '../../src/datasets/examples';
import { multipleChoice } from '../../src/tasks/multipleChoice';
import { nli } from '../../src/tasks/nli';
import { encodeAll, meanScores } from '../../src/tasks/task';
import { wordTokenizer } from './wordTokenizer';

const pairs: NliExample[] = [
  { premise: 'two dogs run', hypothesis: 'animals move', label: 0 },
  { premise: 'a b c d e f g h', hypothesis: 'i j', label: 2 },
];

describe('nli', () => {
  test('premise and hypothesis as a pair, with type ids where the model has them', () => {
    const [first] = encodeAll(nli, pairs, wordTokenizer('bert'), nli.defaults);
    expect([...first!.sequences[0]!.ids]).toEqual([0, 10, 11, 12, 2, 13, 14, 2]);
    expect([...first!.sequences[0]!.typeIds]).toEqual([0, 0, 0, 0, 0, 1, 1, 1]);
    expect(first).toMatchObject({ id: 0, source: 0, target: { kind: 'class', label: 0 } });
  });

  test('the longer text is cut first', () => {
    const tokenizer = wordTokenizer('bert');
    const [, second] = encodeAll(nli, pairs, tokenizer, { maxLength: 9 });
    expect(second!.sequences[0]!.ids).toHaveLength(9);
    expect(tokenizer.decode(second!.sequences[0]!.ids.subarray(1, 5))).toBe('a b c d');
    expect(tokenizer.decode(second!.sequences[0]!.ids.subarray(6, 8))).toBe('i j');
  });

  test('accuracy of the most likely class', () => {
    const encoded = encodeAll(nli, pairs, wordTokenizer(), nli.defaults);
    const predictions = nli.predict([Float32Array.of(3, 1, 2), Float32Array.of(0, 5, 2)], encoded, pairs, nli.defaults);
    expect(predictions).toEqual([0, 1]);
    expect(meanScores(predictions.map((p, i) => nli.score(p, pairs[i]!, 'en')))).toEqual({ accuracy: 0.5 });
    expect(() => nli.predict([], encoded, pairs, nli.defaults)).toThrow(/0 rows of logits for 2/);
  });
});

describe('multiple choice', () => {
  const question: MultipleChoiceExample = {
    premise: 'Rangi ilikauka.',
    choices: ['Jua liliwaka.', 'Mvua ilinyesha sana.'],
    asksFor: 'cause',
    label: 0,
  };

  test('the choices of a question are the sequences of one example, asked in English', () => {
    const tokenizer = wordTokenizer();
    const [encoded, ...rest] = encodeAll(multipleChoice, [question], tokenizer, multipleChoice.defaults);
    expect(rest).toEqual([]);
    expect(encoded!.sequences).toHaveLength(2);
    expect(tokenizer.decode(encoded!.sequences[0]!.ids.subarray(1, 7))).toBe('Rangi ilikauka. What was the cause?');
    expect(tokenizer.decode(encoded!.sequences[1]!.ids.subarray(9, 12))).toBe('Mvua ilinyesha sana.');
    expect(encoded!.target).toEqual({ kind: 'class', label: 0 });
  });

  test('accuracy; of equal logits the first wins', () => {
    const encoded = encodeAll(multipleChoice, [question], wordTokenizer(), multipleChoice.defaults);
    expect(multipleChoice.predict([Float32Array.of(1, 1)], encoded, [question], multipleChoice.defaults)).toEqual([0]);
    expect(multipleChoice.score(1, question, 'sw')).toEqual({ accuracy: 0 });
  });
});
