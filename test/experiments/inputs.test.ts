/** Inputs of two openings of a run, compared part by part. */
import { expect, test } from 'vitest';
import { changedInputs, modelSourceText, type Inputs } from '../../src/experiments/inputs';
import type { DataSource } from '../../src/experiments/result';

const part = (language: string, files?: DataSource['files']): DataSource => ({
  use: 'test',
  dataset: 'xcopa',
  language,
  split: 'test',
  source: 'made up',
  ...(files === undefined ? {} : { files }),
  count: 1,
  expectedCount: 1,
  complete: true,
  notes: [],
});
const inputs = (data: DataSource[], modelSource = 'owner/name@1'): Inputs => ({ modelSource, data });

test.each<[string, Inputs, Inputs, string[]]>([
  ['nothing', inputs([part('sw', { a: '1' })]), inputs([part('sw', { a: '1' })]), []],
  ['a content', inputs([part('sw', { a: '1', b: '2' })]), inputs([part('sw', { a: '1', b: '3' })]), ['b']],
  ['a name', inputs([part('sw', { a: '1' })]), inputs([part('sw', { 'a.gz': '1' })]), []],
  ['both', inputs([part('sw', { a: '1' })]), inputs([part('sw', { b: '2' })]), ['a (now b)']],
  ['a file that came', inputs([part('sw', { a: '1' })]), inputs([part('sw', { a: '1', b: '2' })]), ['b']],
  ['a file that went', inputs([part('sw', { a: '1', b: '2' })]), inputs([part('sw', { a: '1' })]), ['b (gone)']],
  ['the languages', inputs([part('sw', { a: '1' })]), inputs([part('th', { a: '2' })]), []],
  [
    'a file of two parts',
    inputs([part('sw', { a: '1' }), part('th', { a: '1' })]),
    inputs([part('sw', { a: '2' }), part('th', { a: '2' })]),
    ['a'],
  ],
  ['hashes that older results lack', inputs([part('sw')]), inputs([part('sw', { a: '1' })]), []],
  ['the commit of a model', inputs([]), inputs([], 'owner/name@2'), ['the model (owner/name@1, now owner/name@2)']],
  [
    'an adapter, and the languages',
    inputs([], modelSourceText('m', 'en: x@1; sw: y@1')),
    inputs([], modelSourceText('m', 'en: x@2; th: z@1')),
    ['the language adapter "en" (x@1, now x@2)'],
  ],
  [
    'what training starts from',
    { ...inputs([]), startedFrom: { source: 'a', parts: 'adapter' } },
    { ...inputs([]), startedFrom: { source: 'b', parts: 'adapter' } },
    ['what training starts from (a, now b)'],
  ],
])('what changed: %s', (_, before, now, changed) => {
  expect(changedInputs(before, now)).toEqual(changed);
});
