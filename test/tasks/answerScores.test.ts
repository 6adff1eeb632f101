import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isMlqaLanguage, normalizeMlqa, normalizeSquad, scoreAnswer } from '../../src/tasks/answerScores';

interface Golden {
  readonly language: string;
  readonly prediction: string;
  readonly accepted: string[];
  readonly exactMatch: number;
  readonly f1: number;
}
// Values of the official scripts; official/make_answer_goldens.py says how they were made.
const goldens = JSON.parse(readFileSync(new URL('official/answer-goldens.json', import.meta.url), 'utf8')) as {
  squad: Golden[];
  mlqa: Golden[];
};

function normalizerOf(metric: 'squad' | 'mlqa', language: string) {
  if (metric === 'squad') return normalizeSquad;
  if (!isMlqaLanguage(language)) throw new Error(`Not a language of MLQA: ${language}`);
  return normalizeMlqa(language);
}

describe.each(['squad', 'mlqa'] as const)('%s: equal to the official script', (metric) => {
  test('at least 200 cases', () => {
    expect(goldens[metric].length).toBeGreaterThanOrEqual(200);
  });

  test.each(goldens[metric])(
    '$language: $prediction / $accepted',
    ({ language, prediction, accepted, exactMatch, f1 }) => {
      const score = scoreAnswer(prediction, accepted, normalizerOf(metric, language));
      expect(score.exactMatch).toBe(exactMatch);
      expect(score.f1).toBeCloseTo(f1, 12);
    },
  );
});

test('a question without an accepted answer is refused', () => {
  expect(() => scoreAnswer('x', [], normalizeSquad)).toThrow(/at least one accepted answer/);
});
