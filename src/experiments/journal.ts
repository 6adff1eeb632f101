/**
 * The journal of a run under way: one JSON line for each thing that happened, appended before the trainer goes on. It
 * is always at least as far as the newest checkpoint, so a run that was cut off loses nothing that its checkpoint has.
 */
import { existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { append, writeWhole } from '../engine/atomicFile';
import type { TrainingEvent } from '../training/events';
import type { Inputs } from './inputs';
import type { LanguageEvaluation } from './result';

export type JournalEntry = {
  /** Seconds since the session began. */
  readonly at: number;
} & (
  | { readonly type: 'session'; readonly startedAt: string; readonly commit: string | null; readonly host: string }
  /** With what was opened; not in older journals. */
  | ({ readonly type: 'opened' } & Partial<Inputs>)
  | { readonly type: 'event'; readonly event: TrainingEvent; readonly rssBytes: number }
  | { readonly type: 'evaluation'; readonly evaluation: LanguageEvaluation; readonly rssBytes: number }
  /** What stands above was done for another run, of the same training. */
  | { readonly type: 'trainedBy'; readonly run: string }
);

export interface Journal {
  readonly entries: readonly JournalEntry[];
  append(entry: JournalEntry): void;
}

/** The journal in `folder`, new or with what is there; a last line that was cut off is removed. */
export function openJournal(folder: string): Journal {
  mkdirSync(folder, { recursive: true });
  const path = journalFile(folder);
  const entries: JournalEntry[] = [];
  if (existsSync(path)) {
    const bytes = readFileSync(path);
    let end = 0;
    for (;;) {
      const newline = bytes.indexOf(0x0a, end);
      if (newline < 0) break;
      const entry = parseLine(bytes.toString('utf8', end, newline));
      if (entry === undefined) break;
      entries.push(entry);
      end = newline + 1;
    }
    if (end < bytes.length) truncateSync(path, end);
  }
  return {
    entries,
    append(entry) {
      append(path, lineOf(entry));
      entries.push(entry);
    },
  };
}

/** Writes the journal in `folder` anew, whole or not at all. */
export function writeJournal(folder: string, entries: readonly JournalEntry[]): void {
  writeWhole(journalFile(folder), entries.map(lineOf).join(''));
}

/** Whether a run has begun in `folder`. */
export const hasJournal = (folder: string) => existsSync(journalFile(folder));

/** Where the checkpoints of the run in `folder` are. */
export const checkpointFolder = (folder: string) => join(folder, 'checkpoints');

/** The file of the journal in `folder`. */
export const journalFile = (folder: string) => join(folder, 'journal.jsonl');
const lineOf = (entry: JournalEntry) => `${JSON.stringify(entry)}\n`;

function parseLine(line: string): JournalEntry | undefined {
  try {
    return JSON.parse(line) as JournalEntry;
  } catch {
    return undefined;
  }
}
