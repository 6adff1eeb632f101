/** What is gathered from a journal, also from one that was written and read again. */
import { expect, test } from 'vitest';
import type { JournalEntry } from '../../src/experiments/journal';
import { gatherLogs } from '../../src/experiments/logs';

test('a standard error of a single value, which JSON does not know, survives a restart', () => {
  const traces = [{ layer: 0, trace: 1.25, standardError: NaN }];
  const events = [
    { type: 'unfreeze', step: 0, layers: [0], scores: traces },
    { type: 'fisher', step: 0, traces: traces.map((trace) => ({ ...trace, trainable: true })) },
  ] as const;
  const entries = events.map((event): JournalEntry => ({ type: 'event', at: 0, event, rssBytes: 0 }));
  const whole = gatherLogs(entries);
  expect(whole.fisher.standardError).toEqual([NaN]);
  expect(gatherLogs(JSON.parse(JSON.stringify(entries)) as JournalEntry[])).toEqual(whole);
});
