/** What results say of the engine that a run computes on and of the data that it reads. */
import type { Split } from '../datasets/examples';
import { engineLine } from '../engine/engineLine';
import type { DataSource, EngineFacts } from './result';
import type { SharedBase } from './openBase';
import type { TaskSets } from './taskSets';

export function engineFacts({ engine, precision }: Pick<SharedBase, 'engine' | 'precision'>): EngineFacts {
  return { line: engineLine(engine, precision), threads: engine.threads, precision };
}

export function dataSources({ train, validation, tests }: TaskSets): DataSource[] {
  return [
    dataSource('train', train.split),
    dataSource('validation', validation.split),
    ...[...tests.values()].map(({ split }) => dataSource('test', split)),
  ];
}

function dataSource(use: DataSource['use'], split: Split<unknown>): DataSource {
  return {
    use,
    dataset: split.name,
    language: split.language,
    split: split.split,
    source: split.source,
    files: split.files,
    count: split.count,
    expectedCount: split.expectedCount ?? null,
    complete: split.complete,
    notes: split.notes,
  };
}
