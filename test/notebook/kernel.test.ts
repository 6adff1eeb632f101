/** The kernel launcher, driven as a front end would: each mend of tslab by what a notebook sees. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startKernel, type CellResult, type KernelClient } from './kernelClient';

const root = path.resolve(__dirname, '../..');
let kernel: KernelClient;

/** Runs a cell that fails: after an error tslab aborts what arrives within 200 ms, as "run all" needs it. */
async function executeFailing(code: string): Promise<CellResult> {
  const result = await kernel.execute(code);
  await new Promise((resolve) => setTimeout(resolve, 300));
  return result;
}

/** Modules for cells to import: tslab compiles only files below the project root. */
let folder: string;
let modulePath: (name: string) => string;

beforeAll(async () => {
  mkdirSync(path.join(root, '.cache'), { recursive: true });
  folder = mkdtempSync(path.join(root, '.cache/kernel-test-'));
  modulePath = (name) => `./.cache/${path.basename(folder)}/${name}`;
  kernel = await startKernel(__dirname);
});

afterAll(async () => {
  await kernel.shutdown();
  rmSync(folder, { recursive: true, force: true });
});

describe('running cells', () => {
  test('starts at the project root, whatever folder the notebook is in, and imports from src', async () => {
    const { reply, ...cell } = await kernel.execute(
      `import { oneOf } from './src/engine/errors';\nconsole.log(process.cwd(), oneOf('x', 'a', ['a', 'b']));`,
    );
    expect(cell.stream('stderr')).toBe('');
    expect(reply['status']).toBe('ok');
    expect(cell.stream('stdout')).toBe(`${root} a\n`);
  });

  test('loads a schedule of one’s own from a file of TypeScript', async () => {
    writeFileSync(
      path.join(folder, 'bottom.ts'),
      `import type { ScheduleBody } from '../../src/index';
       const body: ScheduleBody = { needs: 'nothing', select: ({ frozen }) => frozen.slice(0, 1) };
       export default body;`,
    );
    const { reply, ...cell } = await kernel.execute(
      `import { openSchedule, scheduleFile } from './src/schedulers/scheduleFile';
       const bottom = await openSchedule(scheduleFile({ file: '${modulePath('bottom.ts')}', every: 4 }), 12);
       console.log(bottom.name, bottom.every, bottom.select({ frozen: [3, 4] } as any));`,
    );
    expect(cell.stream('stderr')).toBe('');
    expect(reply['status']).toBe('ok');
    expect(cell.stream('stdout')).toBe('bottom 4 [ 3 ]\n');
  });

  test('a warning is seen below the cell that it came from', async () => {
    const { reply, ...cell } = await kernel.execute(
      `process.emitWarning('the disk is full');\nprocess.emitWarning('old', 'DeprecationWarning');`,
    );
    expect(reply['status']).toBe('ok');
    expect(cell.stream('stderr')).toBe('Warning: the disk is full\n');
  });

  test('keeps variables and functions from cell to cell, and a cell may be run again', async () => {
    await kernel.execute('const kept = 41;\nfunction next() { return kept + 1; }');
    await kernel.execute('const kept = 41;\nfunction next() { return kept + 1; }');
    expect((await kernel.execute('next()')).stream('stdout')).toBe('42\n');
  });

  test.each([
    ['await (…)', 'const a1 = await (Promise.resolve(7));\nconsole.log(a1);'],
    ['await […]', 'const [a2] = [await [Promise.resolve(7)][0]];\nconsole.log(a2);'],
    ['a lone for await', 'for await (const n of [Promise.resolve(7)]) console.log(n);'],
    ['await f()', 'const a3 = await Promise.resolve(7);\nconsole.log(a3);'],
  ])('top-level %s', async (_, code) => {
    const { reply, ...cell } = await kernel.execute(code);
    expect(reply['status']).toBe('ok');
    expect(cell.stream('stdout')).toBe('7\n');
  });

  test('echoes the input with its number before the output', async () => {
    const { messages, reply } = await kernel.execute('console.log(1)');
    expect(messages.map((m) => m.type)).toEqual(['execute_input', 'stream']);
    expect(messages[0]!.content).toEqual({ code: 'console.log(1)', execution_count: reply['execution_count'] });
  });

  test('is busy for as long as a cell runs, whatever it answers meanwhile', async () => {
    const sleep = 'await new Promise((resolve) => setTimeout(resolve, 400));';
    const first = kernel.execute(sleep);
    const second = kernel.execute(`console.log('the second runs');\n${sleep}\n${sleep}`);
    await Promise.all([first, kernel.seen('the second runs')]);
    await expect.poll(() => kernel.state()).toBe('busy');
    await kernel.request('complete_request', { code: 'consol', cursor_pos: 6 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(kernel.state()).toBe('busy');
    await second;
    expect(kernel.state()).toBe('idle');
  });

  test('delivers ten thousand lines written in one tick', async () => {
    const cell = await kernel.execute('for (let i = 0; i < 10_000; i++) console.log(i);');
    expect(cell.stream('stdout').split('\n')).toEqual([...Array.from({ length: 10_000 }, (_, i) => String(i)), '']);
  });

  test('process.stdout.write calls back', async () => {
    const cell = await kernel.execute(
      `await new Promise<void>((resolve) => process.stdout.write('a', () => resolve()));\nconsole.log('b');`,
    );
    expect(cell.stream('stdout')).toBe('ab\n');
  });

  test('completes names', async () => {
    const code = 'Math.fro';
    expect(await kernel.request('complete_request', { code, cursor_pos: code.length })).toMatchObject({
      status: 'ok',
      matches: ['fround'],
    });
  });
});

describe('strictness', () => {
  test.each([
    ['strict null checks', 'const s: string = null;', "Type 'null' is not assignable"],
    ['no implicit any', 'function f0(x) { return x; }', "implicitly has an 'any' type"],
    ['unchecked indexed access', 'const n0: number = [1, 2][0];', "'number | undefined' is not assignable"],
    ['unknown in catch', 'try { throw 1; } catch (e) { e.message; }', "'e' is of type 'unknown'"],
  ])('%s', async (_, code, message) => {
    const { reply } = await executeFailing(code);
    expect(reply).toMatchObject({ status: 'error', ename: 'TypeScriptError' });
    expect(reply['evalue']).toContain(message);
  });

  test('a mistake in a file that was edited while the kernel runs is told with its path, and with the reason', async () => {
    writeFileSync(path.join(folder, 'wrong.ts'), 'export const f: () => number = () => "a";\n');
    const { reply } = await executeFailing(`import { f } from '${modulePath('wrong')}';`);
    expect(reply['evalue']).toMatch(/^\.cache\/kernel-test-\w+\/wrong\.ts 1:38 - Type 'string' is not assignable/);
    writeFileSync(path.join(folder, 'reason.ts'), 'export const f: { a: { b: 1 } } = { a: {} as { b: 2 } };\n');
    expect((await executeFailing(`import { f } from '${modulePath('reason')}';`)).reply['traceback']).toEqual([
      expect.stringMatching(/reason\.ts 1:37 - Type '{ b: 2; }' is not assignable to type '{ b: 1; }'\.$/),
      expect.stringMatching(/^ {2}Types of property 'b' are incompatible\.$/),
      expect.stringMatching(/^ {4}Type '2' is not assignable to type '1'\.$/),
    ]);
  });
});

describe('errors', () => {
  test('name, message and traceback, in the reply and published, without frames of tslab', async () => {
    writeFileSync(
      path.join(folder, 'thrower.ts'),
      'export function fall(): never {\n  throw new RangeError("too far");\n}\n',
    );
    const { reply, messages } = await executeFailing(`import { fall } from '${modulePath('thrower')}';\nfall();`);
    expect(reply).toMatchObject({ status: 'error', ename: 'RangeError', evalue: 'too far' });
    const traceback = reply['traceback'] as string[];
    expect(traceback[0]).toBe('RangeError: too far');
    expect(traceback[1]).toMatch(/^ {4}at fall \(\.cache\/kernel-test-\w+\/thrower\.ts:2:/);
    expect(traceback.join('\n')).not.toMatch(/tslab\/dist|node:internal|kernels\/tslab/);
    const { ename, evalue } = reply;
    expect(messages.at(-1)).toMatchObject({ type: 'error', content: { ename, evalue, traceback } });
  });

  test('a user error is told by its message alone', async () => {
    const { reply } = await executeFailing(
      `import { UserError } from './src/engine/errors';\nthrow new UserError('No such layer: 12. Allowed: 0 to 11.');`,
    );
    expect(reply).toMatchObject({
      ename: 'UserError',
      evalue: 'No such layer: 12. Allowed: 0 to 11.',
      traceback: ['UserError: No such layer: 12. Allowed: 0 to 11.'],
    });
  });

  test('a rejected promise and a thrown value that is no error', async () => {
    expect((await executeFailing(`await Promise.reject(new Error('late'));`)).reply).toMatchObject({ evalue: 'late' });
    expect((await executeFailing(`throw 'words';`)).reply).toMatchObject({ ename: 'Error', evalue: 'words' });
  });

  test('the place of a type error is that of the cell as written', async () => {
    const { reply } = await executeFailing(`const v1: number = await ('a');`);
    expect(reply['evalue']).toBe(`1:7 - Type 'string' is not assignable to type 'number'.`);
  });
});

test('after an edit, running the import cell again loads the changed module and all that import it', async () => {
  writeFileSync(path.join(folder, 'bottom.ts'), 'export const value = 1;\n');
  writeFileSync(path.join(folder, 'middle.ts'), "export { value } from './bottom';\n");
  writeFileSync(
    path.join(folder, 'top.ts'),
    "import { value } from './middle';\nexport const twice = () => 2 * value;\n",
  );
  const code = `import { twice } from '${modulePath('top')}';\nconsole.log(twice());`;
  expect((await kernel.execute(code)).stream('stdout')).toBe('2\n');
  writeFileSync(path.join(folder, 'bottom.ts'), 'export const value = 5;\n');
  // tslab hears of the edit from the file system, a moment later.
  await expect.poll(async () => (await kernel.execute(code)).stream('stdout'), { timeout: 10_000 }).toBe('10\n');
});

test('files that come and go while the kernel runs do it no harm; one that was missing is found when it is there', async () => {
  const code = `import { n } from '${modulePath('later')}';\nconsole.log(n);`;
  expect((await executeFailing(code)).reply['evalue']).toMatch(/Cannot find module/);
  const cell = kernel.execute(`await new Promise((resolve) => setTimeout(resolve, 4000));`);
  for (let n = 0; n < 6; n++) {
    writeFileSync(path.join(folder, 'later.ts'), `export const n = ${n};\n`);
    writeFileSync(path.join(folder, 'middle.ts'), `export { value } from './bottom';\nexport const n = ${n};\n`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    if (n < 5) rmSync(path.join(folder, 'later.ts'));
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  expect((await cell).stream('stderr')).toBe('');
  await expect.poll(async () => (await executeFailing(code)).stream('stdout'), { timeout: 20_000 }).toBe('5\n');
});

describe('interrupt', () => {
  const loop = (seconds: number) => `
    import { cellSignal, yieldNow } from './src/notebook/interrupt';
    let steps = 0;
    const until = Date.now() + ${seconds * 1000};
    console.log('loop begins');
    while (!cellSignal().aborted && Date.now() < until) { steps++; await yieldNow(); }
    console.log('loop ended');`;

  test('a loop that looks at the signal stops at once, the cell ends well and keeps its variables', async () => {
    const running = kernel.execute(loop(30));
    const waiting = kernel.execute(`console.log('the next cell ran');`);
    await kernel.seen('loop begins');
    const started = Date.now();
    kernel.interrupt();
    const cell = await running;
    expect(Date.now() - started).toBeLessThan(500);
    expect(cell.reply['status']).toBe('ok');
    expect(cell.stream('stdout')).toContain('loop ended');
    expect((await waiting).reply['status']).toBe('aborted');
    expect((await waiting).stream('stdout')).toBe('');
    expect((await kernel.execute('steps > 0 && !cellSignal().aborted')).stream('stdout')).toBe('true\n');
  });

  test('a second interrupt gives up a cell that does not look at the signal', async () => {
    const running = executeFailing(`console.log('deaf'); await new Promise((r) => setTimeout(r, 30_000));`);
    await kernel.seen('deaf');
    kernel.interrupt();
    await new Promise((resolve) => setTimeout(resolve, 200));
    kernel.interrupt();
    expect((await running).reply).toMatchObject({ status: 'error', ename: 'KeyboardInterrupt' });
  });

  test('three seconds after the first interrupt the cell is given up', async () => {
    const running = executeFailing(`console.log('deaf again'); await new Promise((r) => setTimeout(r, 30_000));`);
    await kernel.seen('deaf again');
    const started = Date.now();
    kernel.interrupt();
    expect((await running).reply['status']).toBe('error');
    expect(Date.now() - started).toBeGreaterThan(2500);
  });

  test('a synchronous endless loop is broken', async () => {
    const running = executeFailing(`process.stdout.write('spinning'); for (;;);`);
    await kernel.seen('spinning');
    await new Promise((resolve) => setTimeout(resolve, 100));
    kernel.interrupt();
    expect((await running).reply).toMatchObject({ status: 'error', ename: 'KeyboardInterrupt' });
    expect((await kernel.execute('1 + 1')).stream('stdout')).toBe('2\n');
  });
});

describe('the end of a kernel', () => {
  test('shutdown ends it with code 0 although a timer is running', async () => {
    const other = await startKernel(root);
    await other.execute('setInterval(() => undefined, 1000);');
    await other.shutdown();
    expect(await other.exited).toBe(0);
  });

  test('it goes when the process that started it has died', async () => {
    const script = `
      const { spawn } = require('node:child_process');
      const fs = require('node:fs');
      const ports = [0, 1, 2, 3, 4].map((i) => ${20_000 + (process.pid % 20_000)} + i);
      const names = ['shell_port', 'iopub_port', 'stdin_port', 'control_port', 'hb_port'];
      const file = ${JSON.stringify(path.join(folder, 'orphan.json'))};
      fs.writeFileSync(file, JSON.stringify({ transport: 'tcp', ip: '127.0.0.1', key: 'k', signature_scheme: 'hmac-sha256',
        ...Object.fromEntries(names.map((name, i) => [name, ports[i]])) }));
      const kernel = spawn(process.execPath, [${JSON.stringify(path.join(root, 'src/notebook/jupyter/kernels/tslab/kernel.cjs'))}, file], { stdio: 'ignore' });
      setTimeout(() => { console.log(kernel.pid); process.kill(process.pid, 'SIGKILL'); }, 2500);`;
    const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [output] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(output.toString());
    expect(isRunning(pid)).toBe(true);
    await expect.poll(() => isRunning(pid), { timeout: 30_000 }).toBe(false);
  });
});

/** Whether the process exists and is not a zombie that nobody has waited for. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
