import { join } from 'node:path';
import { expect, test } from 'vitest';
import { questionText } from '../../src/tasks/ownText';
import { questionAnswering } from '../../src/tasks/questionAnswering';
import { encodeAll } from '../../src/tasks/task';
import { loadTokenizer } from '../../src/tokenizers/loadTokenizer';
import { goldenFolder } from '../tokenizers/golden';

test('an answer has no white space around it, though a token includes the space before its word', () => {
  const context = 'Nobody in the village\n remembers.';
  const example = questionText.read({ question: 'Where?', context }, 'rows[0]');
  const settings = questionAnswering.defaults;
  const encoded = encodeAll(questionAnswering, [example], loadTokenizer(join(goldenFolder, 'xlmr-small')), settings);
  const { starts, ends } = encoded[0]!.spans;
  const answered = (first: number, last: number) => {
    const logitsAt = (token: number) => Float32Array.from(starts, (_, i) => Number(i === token));
    const logits = [{ start: logitsAt(first), end: logitsAt(last) }];
    const [prediction] = questionAnswering.predict(logits, encoded, [example], settings);
    return questionText.tell(prediction!, undefined);
  };
  // The token of ▁in begins at the space before it.
  const village = [starts.indexOf(context.indexOf(' in the')), ends.indexOf(context.indexOf('\n'))] as const;
  expect(answered(...village)).toEqual({ answer: 'in the village', start: 7, end: 21, score: 2 });
  expect(answered(starts.indexOf(0), village[1])).toMatchObject({ answer: 'Nobody in the village', start: 0, end: 21 });
  expect(questionText.tell({ text: 'empty', start: -1, end: -1, score: 0 }, undefined)).toMatchObject({ answer: '' });
});
