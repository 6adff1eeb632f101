/** The real model file, where the set-up has put it: sizes, time, memory, and the package's own ids. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openQ4File } from '../../../src/models/embedded/q4File';
import { loadQ4Weights } from '../../../src/models/embedded/q4Names';
import { embeddedTokenizer } from '../../../src/tokenizers/embeddedTokenizer';
import { embeddedModelPath } from '../../tokenizers/embedded';

interface Fixture {
  readonly sentences: readonly {
    readonly text: string;
    readonly ids: readonly number[];
    readonly embedding: readonly number[];
  }[];
}

const path = embeddedModelPath();

describe.skipIf(!existsSync(path))('multilingual-e5-small (skipped where the set-up has not fetched it)', () => {
  test('opens in under 3 s of processor time and 900 MB', () => {
    const before = process.cpuUsage();
    const file = openQ4File(path);
    const weights = loadQ4Weights(file);
    const table = file.embeddingTable();
    embeddedTokenizer(file.tokenizer);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(3);
    expect(process.memoryUsage().rss / 2 ** 20).toBeLessThan(900);

    expect(file.config).toMatchObject({
      hiddenSize: 384,
      layers: 12,
      heads: 12,
      feedForwardSize: 1536,
      positions: 512,
    });
    expect([table.rows, table.width]).toEqual([250037, 384]);
    expect(weights.size).toBe(196);
    const parameters = [...weights.values()].reduce((sum, { data }) => sum + data.length, table.rows * table.width);
    // 117.5 million: BERT's formula for these sizes, without a pooler.
    expect(parameters).toBe(
      250037 * 384 + 514 * 384 + 2 * 384 + 12 * (4 * 384 * 385 + 2 * 384 * 1536 + 1536 + 384 + 4 * 384),
    );
  });

  test("the fixture's ids", () => {
    const tokenizer = embeddedTokenizer(openQ4File(path).tokenizer);
    const fixture = JSON.parse(readFileSync(join(__dirname, 'fixture.json'), 'utf8')) as Fixture;
    expect(fixture.sentences).toHaveLength(10);
    for (const { text, ids } of fixture.sentences)
      expect([...tokenizer.single(`query: ${text}`).ids], text).toEqual(ids);
  });

  test('a batch of rows is looked up in a few milliseconds', () => {
    const table = openQ4File(path).embeddingTable();
    const ids = Int32Array.from({ length: 2048 }, (_, i) => (i * 7919) % table.rows);
    const rows = table.lookup(ids);
    const before = process.cpuUsage();
    for (let i = 0; i < 20; i++) table.lookup(ids, rows);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 20 / 1000).toBeLessThan(15);
  });
});
