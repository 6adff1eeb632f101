/**
 * The README's recipe for data of one's own, file by file: trained on, scored and predicted, and named for what they
 * are.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../src/engine/places';
import * as fun from '../src/index';
import { temporaryFolder } from './temporaryFolder';

const own = temporaryFolder();
beforeAll(() => {
  process.env.FUN_DATA = own;
  process.env.FUN_RUNS = join(temporaryFolder(), 'runs');
});
afterAll(() => delete process.env.FUN_DATA);

const write = (file: string, text: string) => {
  mkdirSync(dirname(join(own, file)), { recursive: true });
  writeFileSync(join(own, file), text);
};
const many = <T>(count: number, of: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => of(i));

function writePairs(): void {
  const file = (count: number) =>
    `premise\thypothesis\tlabel\n${many(count, (i) => `It is ${i}.\tIt was ${i}.\t${fun.nliLabels[i % 3]}`).join('\n')}\n`;
  write('mnli/train.tsv', file(30));
  write('xnli/dev-en.tsv', file(9));
  write('xnli/test-sw.tsv', file(12));
}

function writeChoices(): void {
  const item = (id: number) =>
    `<item id="${id}" asks-for="cause" most-plausible-alternative="${1 + (id % 2)}"><p>It is ${id}.</p><a1>One.</a1><a2>Two.</a2></item>`;
  const ids = [...many(30, (i) => i + 1), ...many(8, (i) => i + 401)];
  write('copa/copa-dev.xml', `<copa-corpus>${ids.map(item).join('\n')}</copa-corpus>`);
  const row = { premise: 'Ni moja.', choice1: 'Moja.', choice2: 'Mbili.', question: 'effect' };
  write('xcopa/sw/test.sw.jsonl', many(12, (i) => JSON.stringify({ ...row, label: i % 2 })).join('\n'));
}

function writeQuestions(): void {
  const paragraphs = (count: number, place: string) =>
    many(count, (i) => ({
      context: `Number ${i} lives in ${place}.`,
      qas: [
        {
          id: `${place}-${i}`,
          question: `Where does number ${i} live?`,
          answers: [{ text: place, answer_start: `Number ${i} lives in `.length }],
        },
      ],
    }));
  const file = (count: number, place: string) => JSON.stringify({ data: [{ paragraphs: paragraphs(count, place) }] });
  write('squad/train-v1.1.json', file(30, 'Rome'));
  write('squad/dev-v1.1.json', file(8, 'Oslo'));
  write('xquad/xquad.en.json', file(12, 'Bern'));
  write('xquad/xquad.de.json', file(12, 'Berlin'));
}

test.each([
  ['nli', writePairs, 'sw', ['mnli/train.tsv', 'xnli/dev-en.tsv', 'xnli/test-sw.tsv'], [30, 9, 12]],
  ['copa', writeChoices, 'sw', ['copa/copa-dev.xml', 'copa/copa-dev.xml', 'xcopa/sw/test.sw.jsonl'], [30, 8, 12]],
  ['xquad', writeQuestions, 'de', ['squad/train-v1.1.json', 'squad/dev-v1.1.json', 'xquad/xquad.de.json'], [30, 8, 12]],
] as const)('%s', async (task, prepare, language, files, counts) => {
  prepare();
  const lab = await fun.open({ task, profile: 'smoke' });
  const run = lab.train({
    data: { suite: 'published', trainExamples: 'all' },
    validation: { examples: 'all' },
    evaluation: { languages: [language], examples: 'all' },
  });
  for await (const _ of run);
  expect((await lab.evaluate(run))[0]).toMatchObject({ language, examples: 12 });
  const { data } = run.result();
  expect(data.map(({ source }) => source)).toEqual(files.map((file) => `mirror:${file}`));
  expect(data.map(({ count }) => count)).toEqual(counts);
  for (const { complete, notes, count } of data) {
    expect(complete).toBe(false);
    expect(notes.join()).toMatch(new RegExp(`the source holds ${count} of \\d+ examples`));
  }
  const readme = readFileSync(join(projectRoot(), 'README.md'), 'utf8');
  const anyLanguage = new RegExp(`(?<=[./-])${language}(?=[./])`, 'g');
  const unnamed = files.filter((file) => !readme.includes(`\`${file.replace(anyLanguage, 'LL')}\``));
  expect(unnamed).toEqual([]);
  await lab.close();
});
