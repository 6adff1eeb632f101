/** A schedule of one's own in a file: the same run as with the object in a lab, in other processes, too. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { dispatch } from '../src/commands/dispatch';
import { runId } from '../src/experiments/configuration';
import { configure } from '../src/experiments/profiles';
import { openStore } from '../src/experiments/store';
import * as fun from '../src/index';
import { openSchedule } from '../src/schedulers/scheduleFile';
import { smokeLabs } from './smokeLabs';
import { temporaryFolder } from './temporaryFolder';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
  process.env.FUN_RUNS = join(folder, 'runs');
  process.env.FUN_RESULTS = join(folder, 'results');
});
afterEach(() => {
  vi.restoreAllMocks();
  delete process.env.FUN_RESULTS;
});
const { open } = smokeLabs();

/** Writes a file of the name in a folder of its own: a module is loaded once. */
function write(name: string, code: string): string {
  const own = join(folder, String(Math.random()));
  mkdirSync(own);
  writeFileSync(join(own, name), code);
  return join(own, name);
}

/** What it does, as an object and as code. */
const body: fun.ScheduleBody = {
  needs: 'fisher',
  select: ({ fisherTrace }) => [[...fisherTrace].reduce((a, b) => (b[1] < a[1] ? b : a))[0]],
};
const code = `import type { ScheduleBody } from '${join(process.cwd(), 'src/index')}';
const body: ScheduleBody = { needs: '${body.needs}', select: ${body.select.toString()} };
export default body;
`;
const rest = { steps: 12, seed: 3, evaluation: { languages: ['en', 'sw'] } } as const;

async function trained(schedule: fun.TrainChoices['schedule']): Promise<fun.Run> {
  const run = (await open()).train({ ...rest, schedule });
  for await (const _ of run);
  await run.evaluate();
  return run;
}

test('a run with the file is that with the object; in a sweep, by a process of its own, too', async () => {
  const file = write('least-first.ts', code);
  const withObject = (await trained({ name: 'mine', every: 2, ...body })).result();
  const run = await trained({ file, every: 2 });
  const { logs, evaluation, configuration } = run.result();
  expect(run.id).toMatch(/^nli-tiny-random-bottleneck16-least-first2-s3-[0-9a-f]{10}$/);
  expect(configuration.schedule).toMatchObject({ name: 'least-first', file, every: 2 });
  expect({ logs, evaluation }).toEqual({ logs: withObject.logs, evaluation: withObject.evaluation });
  expect(logs.unfreezing.layer).toHaveLength(4);

  const sweep = write(
    'mine.ts',
    `export default { name: 'mine', title: '', profile: 'smoke', runs: () => [
      { task: 'nli', ...${JSON.stringify(rest)}, schedule: { file: ${JSON.stringify(file)}, every: 2 } },
    ] };`,
  );
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  expect(await dispatch(['sweep', sweep])).toBe(0);
  const [id, ...others] = openStore().ids('smoke');
  expect([id, others]).toEqual([run.id, []]);
  const result = openStore().read('smoke', run.id);
  expect({ logs: result.logs, evaluation: result.evaluation }).toEqual({ logs, evaluation });
});

test('another content is another run; a run does not begin with another content than it was written down with', async () => {
  const file = write('changing.ts', code);
  const first = configure('smoke', { task: 'nli', schedule: { file, every: 2 } });
  writeFileSync(file, `${code}// changed\n`);
  const second = configure('smoke', { task: 'nli', schedule: { file, every: 2 } });
  expect(runId(first)).not.toBe(runId(second));
  expect(() => configure('smoke', { task: 'nli', schedule: first.schedule })).toThrow(/changing\.ts has changed since/);
  const path = join(folder, 'run.json');
  writeFileSync(path, JSON.stringify(first));
  const said: string[] = [];
  for (const stream of ['log', 'error'] as const) {
    vi.spyOn(console, stream).mockImplementation((text: unknown) => void said.push(String(text)));
  }
  expect(await dispatch(['train', '--configuration', path])).toBe(1);
  expect(said.join('\n')).toMatch(/changing\.ts has changed since this run was written down/);
  rmSync(file);
  expect(await dispatch(['train', '--configuration', path])).toBe(1);
  expect(said.join('\n')).toMatch(/There is no file .*changing\.ts/);
});

test('a file that was changed after it was loaded is not taken for what it is now', async () => {
  const file = write('edited.ts', code);
  const configured = () => configure('smoke', { task: 'nli', schedule: { file, every: 2 } }).schedule;
  expect((await openSchedule(configured(), 4)).name).toBe('edited');
  writeFileSync(file, code.replace('<', '>'));
  await expect(openSchedule(configured(), 4)).rejects.toThrow(/edited\.ts was changed after .*restart the kernel/);
  writeFileSync(file, code);
  expect((await openSchedule(configured(), 4)).name).toBe('edited');
});

test('what is no schedule is refused by name', async () => {
  const refused = (schedule: unknown, message: RegExp) =>
    expect(() => configure('smoke', { task: 'nli', schedule: schedule as fun.ScheduleName })).toThrow(message);
  refused({ file: join(folder, 'none.ts') }, /there is no file .*none\.ts of TypeScript/);
  refused({ file: write('gradual.ts', code) }, /"gradual" is no name for a schedule of one's own/);
  refused({ file: write('two words.ts', code) }, /"two words" is no name/);
  const file = write('mine.ts', code);
  refused({ file, order: [1, 2] }, /A schedule in a file: unknown "order"/);
  refused({ file, name: 'other' }, /has the name of the file, "mine", not "other"/);
  refused({ file, every: 0 }, /every must be a whole number/);
  const opened = async (text: string, message: RegExp) => {
    const run = (await open()).train({ ...rest, schedule: { file: write('wrong.ts', text), every: 2 } });
    await expect(run[Symbol.asyncIterator]().next()).rejects.toThrow(message);
  };
  await opened('export const select = 1;', /has no schedule\. It should be its default export/);
  await opened('export default { needs: "nothing", select: 3 };', /schedule "wrong": select must be a function/);
  await opened('export default { needs: "tr(F)", select: () => [] };', /schedule "wrong": needs/);
});
