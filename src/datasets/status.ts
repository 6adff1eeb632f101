/** What data is there: every split and language, whole or a subset, with its licence; as rows and as text. */
import type { DatasetName, SplitName } from './examples';
import { entryOf, findLocal } from './locate';
import { loadDataset } from './load';
import { expectedCountOf, manifest } from './manifest';
import { dataPlaces, type DataPlaces } from './places';

/** One split in one language. */
export interface DatasetStatus {
  readonly name: DatasetName;
  readonly split: SplitName;
  readonly language: string;
  /** Absent: not at hand. */
  readonly state: 'complete' | 'subset' | 'absent';
  /** Examples at hand. */
  readonly count: number;
  readonly expectedCount: number | undefined;
  readonly source: string | undefined;
  readonly licence: string;
  readonly notes: readonly string[];
}

/** Looks at mirror and cache without fetching anything; reads every file to count its examples. */
export async function datasetStatus(places: DataPlaces = dataPlaces()): Promise<DatasetStatus[]> {
  const localOnly = { ...places, fetchFile: undefined };
  const rows: DatasetStatus[] = [];
  for (const name of Object.keys(manifest) as DatasetName[]) {
    const { splits, languages, licence } = manifest[name];
    for (const split of Object.keys(splits) as SplitName[]) {
      for (const language of languages) {
        const key = { name, split, language, suite: 'published' } as const;
        const expectedCount = expectedCountOf(entryOf(key).splitEntry, language);
        if (!findLocal(key, localOnly)) {
          rows.push({
            name,
            split,
            language,
            state: 'absent',
            count: 0,
            expectedCount,
            source: undefined,
            licence,
            notes: [],
          });
          continue;
        }
        const { count, complete, source, notes } = await loadDataset(key, localOnly);
        rows.push({
          name,
          split,
          language,
          state: complete ? 'complete' : 'subset',
          count,
          expectedCount,
          source,
          licence,
          notes,
        });
      }
    }
  }
  return rows;
}

/** One paragraph a data set: its licence, and per split what is complete, a subset (of how many), or absent. */
export function formatDatasetStatus(rows: readonly DatasetStatus[]): string {
  return [...new Set(rows.map(({ name }) => name))]
    .map((name) => {
      const ofName = rows.filter((row) => row.name === name);
      const lines = [...new Set(ofName.map(({ split }) => split))].map((split) =>
        splitLine(
          split,
          ofName.filter((row) => row.split === split),
        ),
      );
      return [`${manifest[name].title} ("${name}") · licence: ${manifest[name].licence}`, ...lines].join('\n');
    })
    .join('\n\n');
}

function splitLine(split: SplitName, rows: readonly DatasetStatus[]): string {
  const group = (state: DatasetStatus['state'], show: (row: DatasetStatus) => string): string[] => {
    const members = rows.filter((row) => row.state === state);
    return members.length > 0 ? [`${state}: ${members.map(show).join(', ')}`] : [];
  };
  const counted = ({ language, count }: DatasetStatus) => `${language} ${count}`;
  const parts = [
    ...group('complete', counted),
    ...group('subset', (row) => `${counted(row)} of ${row.expectedCount} (${row.source})`),
    ...group('absent', ({ language }) => language),
  ];
  return `  ${split}: ${parts.join(' · ')}`;
}
