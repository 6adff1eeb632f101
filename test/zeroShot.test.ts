/** An adapter and a head of AdapterHub, on a model put together by hand, scored on the test sets of a lab's task. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as fun from '../src/index';
import { temporaryFolder } from './temporaryFolder';

let lab: fun.Lab;
let run: fun.Run;
let folder: string;
beforeAll(async () => {
  process.env.FUN_RUNS = join(temporaryFolder(), 'runs');
  lab = await fun.open({ task: 'nli', profile: 'smoke' });
  run = lab.train({ seed: 5, head: { pooling: 'first' }, evaluation: { languages: ['en', 'sw'], checkpoint: 'last' } });
  for await (const _ of run);
  folder = temporaryFolder();
  fun.saveAdapter(run.model, 'task', folder);
  fun.saveHead(run.model, 'task', folder);
});
afterAll(() => lab.close());

const models: fun.AdapterModel[] = [];
afterAll(() => models.forEach((model) => model.dispose()));
async function base(): Promise<fun.AdapterModel> {
  const model = await fun.openAdapterModel('tiny-random');
  models.push(model);
  return model;
}

test('has the scores of the run that it was saved from, in the languages that are asked for', async () => {
  const model = await base();
  fun.loadTaskAdapter(model, folder, 'theirs');
  fun.loadHead(model, folder, 'theirs');
  model.activate({ task: 'theirs', head: 'theirs' });
  expect(await lab.evaluate(model, ['en', 'sw'])).toEqual(await lab.evaluate(run));
  expect(await lab.evaluate(model, 'sw')).toEqual(await lab.evaluate(run, 'sw'));
  expect((await lab.evaluate(model)).map(({ language }) => language)).toEqual(fun.miniLanguages);
  // The two share a base; scoring one leaves the other as it was.
  const probabilities = async () => (await run.predictTest('sw')).map((row) => row.probability);
  const before = await probabilities();
  await lab.evaluate(model, 'sw');
  expect(await probabilities()).toEqual(before);
});

test('refused: no head, the head of another task, labels in another order, another base', async () => {
  const model = await base();
  await expect(lab.evaluate(model, 'sw')).rejects.toThrow(/No head of this model is active: model\.activate\(/);
  model.addHead('answers', { kind: { type: 'span' }, family: 'adapters', pooling: 'first' }, 1);
  model.activate({ head: 'answers' });
  await expect(lab.evaluate(model, 'sw')).rejects.toThrow(
    /Head "answers" is \{"type":"span"\}; task nli asks for \{"type":"classification","classes":3\}\./,
  );

  const config = join(folder, 'head_config.json');
  const written = readFileSync(config, 'utf8');
  writeFileSync(config, written.replace('"entailment": 0', '"entailment": 2').replace(/("contradiction"): 2/, '$1: 0'));
  fun.loadHead(model, folder, 'reordered');
  writeFileSync(config, written);
  model.activate({ head: 'reordered' });
  await expect(lab.evaluate(model, 'sw')).rejects.toThrow(
    /labels of head "reordered" are in the order contradiction, neutral, entailment, those of task nli in the order ent/,
  );

  const other = new (model.constructor as new (...of: unknown[]) => fun.AdapterModel)('other', model.encoder);
  await expect(lab.evaluate(other, 'sw')).rejects.toThrow(
    /This model is "other", the lab's is "tiny-random": open a lab with that of the model\./,
  );
});
