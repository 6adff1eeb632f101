import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { dispatch } from '../../src/commands/dispatch';
import { runId } from '../../src/experiments/configuration';
import { configure } from '../../src/experiments/profiles';
import { executeRun } from '../../src/experiments/runner';
import { openStore } from '../../src/experiments/store';
import { openFakeLab } from '../experiments/fakeLab';

let folder: string;
const said: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fun-cli-'));
  process.env.FUN_RESULTS = join(folder, 'results');
  process.env.FUN_RUNS = join(folder, 'runs');
  said.length = 0;
  for (const stream of ['log', 'error'] as const) {
    vi.spyOn(console, stream).mockImplementation((text: unknown) => void said.push(String(text)));
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  delete process.env.FUN_RESULTS;
  delete process.env.FUN_RUNS;
  rmSync(folder, { recursive: true, force: true });
});

async function cli(...argv: string[]): Promise<{ code: number; text: string }> {
  said.length = 0;
  const code = await dispatch(argv);
  return { code, text: said.join('\n') };
}

/** Two runs of the fake lab in the results store. */
async function recordRuns(): Promise<void> {
  for (const name of ['standard', 'gradual'] as const) {
    await executeRun(configure('smoke', { task: 'nli', schedule: { name } }), {
      openLab: (configuration) => openFakeLab(configuration, {}),
      store: openStore(),
    });
  }
}

describe('wrong usage ends with 2, and says what is right', () => {
  test.each([
    [['trian'], /There is no command "trian". There are: first-light, lab, doctor, train, sweep/],
    [['train', '--sede', '1'], /Unknown option '--sede'.*--seed N/s],
    [['train', '--seed'], /argument missing.*npm run fun -- train/s],
    [['train', '--seed', 'one'], /--seed needs a number, not "one"/],
    [['train', 'now'], /Too many arguments: now/],
    [['train', '--order', '3;2'], /--order needs layers, as in 10,2,6/],
    [['results', 'export'], /needs --to FILE/],
    [['data', 'fetch'], /status, or fetch NAME/],
    [['run'], /needs --list FILE and --index N/],
    [['constructor'], /There is no command "constructor"/],
    [
      ['train', '--dry-run', '--seed', '1', '--seed=2'],
      /--seed was given more than once: give it once.*npm run fun -- train/s,
    ],
    [['sweep', 'nli-schedules', '--only', 'a', '--dry-run', '--only', 'b'], /--only was given more than once/],
  ])('%j', async (argv, message) => {
    const { code, text } = await cli(...argv);
    expect(text).toMatch(message);
    expect(code).toBe(2);
  });
});

describe('options that would be ignored are refused', () => {
  test.each([
    [
      ['train', '--configuration', 'run.json', '--seed', '7', '--dry-run', '--steps', '99'],
      'train --configuration does not take --seed, --steps. Allowed: --configuration, --save, --dry-run.',
    ],
    [
      ['sweep', 'nli-schedules', '--dry-run', '--partition', 'gpu', '--cpus', '4'],
      'sweep without --launcher slurm does not take --partition, --cpus. Allowed: --profile, --model, --language-adapters, --languages, --jobs, --only, --save, --dry-run, --launcher.',
    ],
    [['sweep', '--dry-run'], 'sweep without a name does not take --dry-run. It takes no options.'],
    [['sweep', 'status', '--jobs', '3'], 'sweep status does not take --jobs. It takes no options.'],
    [['results', 'table', '--to', 'x.csv'], 'results table does not take --to. It takes no options.'],
    [['data', 'status', '--languages', 'en'], 'data status does not take --languages. It takes no options.'],
    [['data', 'status', 'xnli'], 'data status shows every data set; "xnli" is one too many.'],
  ])('%j', async (argv, message) => {
    expect(await cli(...argv)).toEqual({ code: 2, text: message });
  });
});

describe('what cannot be done ends with 1, and says why, without a stack', () => {
  test.each([
    [['train', '--profile', 'tiny'], /profile "tiny" is not known. Allowed: smoke, mini, small, paper/],
    [['train', '--schedule', 'gu'], /schedule "gu" is not known/],
    [['train', '--profile', 'smoke', '--languages', 'xx1'], /language codes/],
    [['train', '--configuration', 'nowhere.json'], /nowhere.json cannot be read/],
    [
      ['train', '--dry-run', '--model', 'xlm-roberta-bse'],
      /Model "xlm-roberta-bse" is not known\. Allowed: multilingual-e5-small/,
    ],
    [['train', '--dry-run', '--languages', 'en,fr'], /xnli test \(mini\) is not there in "fr"\. Allowed: en, de/],
    [['train', '--dry-run', '--profile', 'small', '--task', 'copa', '--languages', 'de'], /in "de"\. Allowed: et, ht/],
    [['train', '--dry-run', '--task', 'qa-mlqa'], /The mini suite has no mlqa/],
    [['sweep', 'nli-schedules', '--dry-run', '--model', 'e5'], /Model "e5" is not known/],
    [['sweep', 'nli-schedules', '--dry-run', '--languages', 'en,xx'], /xnli test \(published\) is not there in "xx"/],
    [['sweep', 'toString'], /sweep "toString" is not known/],
    [['sweep', 'nli-schedules', '--dry-run', '--jobs', '0'], /--jobs must be a whole number of at least 1, not 0/],
    [['sweep', 'nli-schedules', '--dry-run', '--jobs', '-1'], /--jobs must be a whole number of at least 1, not -1/],
    [['train', '--dry-run', '--learning-rate', '-1e-3'], /learning rate must be .*, not -0.001/],
    [['sweep', 'c1'], /sweep "c1" is not known. Allowed: first-light, search-nli/],
    [['sweep', 'cancel', 'nli-schedules'], /Nothing of "nli-schedules" is in the queue/],
    [['results', 'tabel'], /results "tabel" is not known. Allowed: table/],
  ])('%j', async (argv, message) => {
    const { code, text } = await cli(...argv);
    expect(text).toMatch(message);
    expect(text).not.toMatch(/\n\s+at /);
    expect(code).toBe(1);
  });
});

test('help lists the commands, and each its options', async () => {
  const { code, text } = await cli('--help');
  expect(code).toBe(0);
  for (const name of ['train', 'sweep', 'results', 'data']) {
    expect(text).toContain(`  ${name}`);
    expect((await cli(name, '--help')).text).toContain(`npm run fun -- ${name}`);
  }
});

test('train --dry-run prints a configuration that --configuration takes', async () => {
  const options = [
    '--profile',
    'smoke',
    '--schedule',
    'fun',
    '--every',
    '3',
    '--seed',
    '5',
    '--track-fisher',
    '--languages',
    'en,sw',
  ];
  const { code, text } = await cli('train', ...options, '--dry-run');
  expect(code).toBe(0);
  const printed = text.slice(0, text.lastIndexOf('}') + 1);
  expect(JSON.parse(printed)).toMatchObject({
    schedule: { name: 'fun', every: 3 },
    seed: 5,
    evaluation: { languages: ['en', 'sw'] },
    trackFisher: { estimator: 'exact', layers: 'all' },
  });
  writeFileSync(join(folder, 'run.json'), printed);
  const again = await cli('train', '--configuration', join(folder, 'run.json'), '--dry-run');
  expect(again.text).toBe(text);
});

test('sweep lists sweeps; --dry-run lists runs, their cost and what is done', async () => {
  expect((await cli('sweep')).text).toMatch(/nli-schedules\s+small\s+MNLI/);
  expect((await cli('sweep', 'nli-schedules', '--dry-run', '--jobs', '2')).text).toMatch(
    /24 runs, 0 done; about \d+ h \d+ min with 2 at a time/,
  );
  const { text } = await cli('sweep', 'first-light', '--profile', 'smoke', '--dry-run');
  expect(text).toMatch(/new .*nli-tiny-random-bottleneck16-fun2-s1-[0-9a-f]{10}\n3 runs, 0 done/);
});

test('train --language-adapters: none, hub, or a folder that exists', async () => {
  const printed = async (...options: string[]) => {
    const { text } = await cli('train', '--profile', 'paper', '--dry-run', ...options);
    return (JSON.parse(text.slice(0, text.lastIndexOf('}') + 1)) as { languageAdapters: unknown }).languageAdapters;
  };
  expect(await printed()).toEqual({ source: 'hub' });
  expect(await printed('--model', 'mdeberta-v3-base')).toBe('none');
  expect(await printed('--language-adapters', 'none')).toBe('none');
  expect(await printed('--model', 'mdeberta-v3-base', '--language-adapters', 'hub')).toEqual({ source: 'hub' });
  expect(await printed('--language-adapters', folder)).toEqual({ source: 'folder', path: folder });
  const wrong = await cli('train', '--dry-run', '--language-adapters', 'hbu');
  expect(wrong.text).toMatch(/--language-adapters needs none, hub or a folder; there is no folder "hbu"/);
  expect(wrong.code).toBe(2);
});

test('sweep --model makes the same comparison on another model, and results summary --model reads it', async () => {
  const options = ['--model', 'bert-base-multilingual-cased', '--languages', 'en,de,sw'];
  const { code, text } = await cli('sweep', 'nli-schedules', '--profile', 'paper', ...options, '--dry-run');
  expect(code).toBe(0);
  expect(text).toContain('nli-bert-base-multilingual-cased-bottleneck16-fun50-s4-');
  expect(text).not.toContain('xlm-roberta-base');
  const read = await cli('results', 'summary', 'paper', ...options);
  expect(read.code).toBe(0);
  expect(read.text).toContain('"model":"bert-base-multilingual-cased","languages":["en","de","sw"]');
  expect(await cli('results', 'table', ...options)).toMatchObject({ code: 2 });
  const nowhere = await cli('sweep', 'nli-schedules', '--language-adapters', 'nowhere', '--dry-run');
  expect(nowhere.text).toMatch(/there is no folder "nowhere"/);
});

test('a sweep of one’s own, in a file', async () => {
  const file = join(folder, 'mine.ts');
  const lists = async (code: string) => {
    writeFileSync(file, code);
    const path = `${file.slice(0, -3)}-${Math.random()}.ts`; // a module is loaded once
    renameSync(file, path);
    return cli('sweep', path, '--profile', 'smoke', '--dry-run');
  };
  const { code, text } = await lists(`export default {
    name: 'mine', title: 'Two seeds', profile: 'mini',
    runs: (profile: string) => [1, 2].map((seed) => ({ task: 'nli', seed, schedule: 'gradual', steps: profile === 'smoke' ? 10 : 20 })),
  };`);
  expect(code).toBe(0);
  const ids = [1, 2].map((seed) => runId(configure('smoke', { task: 'nli', seed, schedule: 'gradual', steps: 10 })));
  expect(text.split('\n').map((line) => line.match(/nli-\S+/)?.[0])).toEqual([...ids, undefined]);

  const wrong = async (source: string) => (await lists(source)).text;
  expect(await wrong('export const sweep = 1;')).toMatch(
    /mine-.*\.ts has no sweep\. It should be its default export: /,
  );
  expect(await wrong('throw new Error("mistaken");')).toMatch(/mine-.*\.ts cannot be loaded: mistaken/);
  const named = (name: string, run: string) =>
    wrong(`export default { name: '${name}', title: '', profile: 'mini', runs: () => [${run}] };`);
  expect(await named('two words', '')).toMatch(/"two words" is no name for a sweep/);
  expect(await named('mine', '{ task: "nli", lr: 1 }')).toMatch(/A run: unknown "lr"/);
  expect((await cli('sweep', join(folder, 'none.ts'))).text).toMatch(/There is no file .*none\.ts/);
});

test('sweep --only narrows the runs by their names', async () => {
  const { text } = await cli('sweep', 'nli-schedules', '--dry-run', '--only', 'standard-s2,gradual16');
  expect(text.match(/bottleneck16-\S+-s\d/g)).toEqual(
    ['gradual16-s1', 'standard-s2', 'gradual16-s2', 'gradual16-s3', 'gradual16-s4'].map((run) => `bottleneck16-${run}`),
  );
  const wrong = await cli('sweep', 'first-light', '--profile', 'smoke', '--dry-run', '--only', 'gu');
  expect(wrong.text).toMatch(/No run has "gu" in its name. The runs are:\n  nli-tiny-random-bottleneck16-standard/);
  expect(wrong.code).toBe(1);
  const half = await cli('sweep', 'nli-schedules', '--dry-run', '--only', 'gradual16,standrd-s1');
  expect(half.text).toMatch(/No run has "standrd-s1" in its name. The runs are:/);
  expect(half.code).toBe(1);
});

test('results: a table, and exports that can be read back', async () => {
  expect((await cli('results', 'table', 'smoke')).text).toMatch(/no results of profile "smoke" yet/);
  await recordRuns();
  const { text } = await cli('results', 'table', 'smoke');
  expect(text).toMatch(/mini-nli → nli.*standard.*accuracy/);
  expect(text).toMatch(/gradual/);
  expect((await cli('results', 'list', 'smoke')).text.split('\n')).toHaveLength(2);

  const paths = ['csv', 'arrow', 'parquet'].map((ending) => join(folder, `scores.${ending}`));
  for (const path of paths) expect((await cli('results', 'export', 'smoke', '--to', path)).code).toBe(0);
  const { fromCSV, fromArrow } = await import('arquero');
  const { parquetReadObjects } = await import('hyparquet');
  const csv = fromCSV(readFileSync(paths[0]!, 'utf8')).objects() as { language: string; value: number }[];
  expect(csv).toHaveLength(16);
  const plain = (rows: object[]) => rows.map((row): object => ({ ...row }));
  expect(plain(fromArrow(readFileSync(paths[1]!)).objects())).toEqual(plain(csv));
  const bytes = readFileSync(paths[2]!);
  const parquet = await parquetReadObjects({ file: Uint8Array.from(bytes).buffer });
  expect(parquet.map((row) => [String(row.language), Number(row.value)])).toEqual(
    csv.map(({ language, value }): unknown[] => [language, value]),
  );
  const wrong = await cli('results', 'export', 'smoke', '--to', join(folder, 'scores.xlsx'));
  expect(wrong.text).toMatch(/file format "xlsx" is not known. Allowed: csv, arrow, parquet/);
});

test('a sweep whose folders cannot be written is refused before it is launched', async () => {
  writeFileSync(join(folder, 'runs'), 'a file is in the way');
  const { code, text } = await cli('sweep', 'first-light', '--profile', 'smoke');
  expect(text).toMatch(/runs\/smoke cannot be written \(.+\)\. Set FUN_RUNS to a folder/);
  expect(code).toBe(1);
});

test('as a program: a reader that has seen enough ends it quietly', () => {
  const piped = '"$0" --import tsx src/cli.ts sweep | true; echo "${PIPESTATUS[0]}"';
  const { stdout, stderr } = spawnSync('bash', ['-c', piped, process.execPath], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toBe('141\n');
});

test('as a program: exit code and streams', () => {
  const run = (...argv: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', 'src/cli.ts', ...argv], { encoding: 'utf8' });
  const wrong = run('nothing');
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toMatch(/There is no command "nothing"/);
  expect(wrong.stdout).toBe('');
});
