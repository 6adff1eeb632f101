/** Notebooks run headless, checked and exported: with the real Jupyter, when set-up has made it. */
import { JSDOM } from 'jsdom';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executeNotebook } from '../../src/notebook/execute';
import { exportHtml } from '../../src/notebook/exportHtml';
import { hasJupyter, jupyterFolder } from '../../src/notebook/jupyter';
import { checkOutputs, readNotebook, type Notebook, type Output } from '../../src/notebook/notebookFile';
import { figureCell, writeNotebook } from './smallNotebook';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(path.join(tmpdir(), 'execute-test-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => path.join(folder, name);

describe.skipIf(!hasJupyter())('with Jupyter (skipped where "npm start" has not made it)', () => {
  test('runs every cell at the project root with the profile, and saves figures, text and tables', async () => {
    writeNotebook(at('good.ipynb'), [
      '# A small notebook',
      `console.log(process.env.PROFILE, process.cwd());`,
      figureCell(),
      `import { table, markdown } from './src/notebook/display';\ntable([{ language: 'sw', accuracy: 61.23 }], { format: { accuracy: 1 } });\nmarkdown('**bold**');`,
    ]);
    const progress: number[][] = [];
    const run = await executeNotebook(at('good.ipynb'), {
      profile: 'mini',
      output: at('out/good.ipynb'),
      onCell: (done, of) => progress.push([done, of]),
    });
    expect(run.errors).toEqual([]);
    expect(progress).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    const notebook = readNotebook(run.output);
    expect(checkOutputs(notebook)).toEqual([]);
    expect(outputsOf(notebook, 0)).toEqual([
      { output_type: 'stream', name: 'stdout', text: [`mini ${path.resolve(__dirname, '../..')}\n`] },
    ]);
    // The figure is shown once although it is also the cell's last expression.
    expect(outputsOf(notebook, 1).map((output) => 'data' in output && Object.keys(output.data).sort())).toEqual([
      ['image/png', 'text/html', 'text/plain'],
    ]);
    expect(JSON.stringify(outputsOf(notebook, 2))).toMatch(/61\.2<.*text\/markdown":\["\*\*bold\*\*"\]/s);
    // The original is as it was, and nothing else is left.
    expect(checkOutputs(readNotebook(at('good.ipynb')))).toContain('cell 1: not run');
    expect(readdirSync(at('out'))).toEqual(['good.ipynb']);
  });

  test('an exported page draws its figures from plotly.js in it, once, with no other host', async () => {
    await exportHtml(at('out/good.ipynb'), at('page.html'));
    const html = readFileSync(at('page.html'), 'utf8');
    expect(html.match(/DecompressionStream/g)).toHaveLength(1);
    expect(html.length).toBeLessThan(6e6);
    expect(html).not.toMatch(/<script[^>]*src="[^"]*(require|jquery|plotly)/);
    const { document } = new JSDOM(html).window;
    expect(document.querySelectorAll('div > img[src^="data:image/png;base64,"]')).toHaveLength(1);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('keeps the outputs of a failed run, names the cell, and does not run the rest', async () => {
    writeNotebook(at('bad.ipynb'), [
      `console.log('before');`,
      `throw new RangeError('too far');`,
      `console.log('after');`,
    ]);
    const run = await executeNotebook(at('bad.ipynb'));
    expect(run.errors).toEqual([{ cell: 2, ename: 'RangeError', evalue: 'too far' }]);
    const notebook = readNotebook(at('bad.ipynb'));
    expect(outputsOf(notebook, 0)).toMatchObject([{ text: ['before\n'] }]);
    expect(outputsOf(notebook, 2)).toEqual([]);
    expect(checkOutputs(notebook)).toEqual([
      'cell 2: RangeError: too far',
      'cell 3: not run',
      '0 figures are shown; there should be at least 1',
    ]);
  });

  test('a kernel that dies, a cell that takes too long and a rejected promise are errors', async () => {
    writeNotebook(at('dies.ipynb'), [
      `console.log('last words'); setTimeout(() => process.exit(3), 100); await new Promise(() => {});`,
    ]);
    writeNotebook(at('slow.ipynb'), [`await new Promise((resolve) => setTimeout(resolve, 60_000));`]);
    writeNotebook(at('rejects.ipynb'), [
      `void Promise.reject(new Error('nobody looks')); await new Promise((resolve) => setTimeout(resolve, 50));`,
    ]);
    const [dies, slow, rejects] = [
      await executeNotebook(at('dies.ipynb')),
      await executeNotebook(at('slow.ipynb'), { timeout: 2 }),
      await executeNotebook(at('rejects.ipynb')),
    ];
    expect(dies.errors).toMatchObject([{ cell: undefined, ename: 'DeadKernelError' }]);
    expect(outputsOf(readNotebook(dies.output), 0)).toMatchObject([{ text: ['last words\n'] }]);
    expect(slow.errors).toMatchObject([{ cell: undefined, ename: 'CellTimeoutError' }]);
    expect(rejects.errors).toMatchObject([{ cell: 1, ename: 'Unhandled', evalue: 'Error: nobody looks' }]);
  }, 120_000);

  test('can be stopped: what had run is saved', async () => {
    writeNotebook(at('long.ipynb'), [
      `console.log('first');`,
      `await new Promise((resolve) => setTimeout(resolve, 60_000));`,
    ]);
    const stop = new AbortController();
    const running = executeNotebook(at('long.ipynb'), { signal: stop.signal, onCell: () => stop.abort() });
    await expect(running).rejects.toThrow(/was stopped/);
    expect(outputsOf(readNotebook(at('long.ipynb')), 0)).toMatchObject([{ text: ['first\n'] }]);
  });
});

describe('without Jupyter', () => {
  test('says how to get it', () => {
    expect(() => jupyterFolder({ FUN_HOME: folder })).toThrow(
      /No Jupyter in .*jupyter-[0-9a-f]{12}.*"npm start" makes it/,
    );
    expect(hasJupyter({ FUN_JUPYTER: folder })).toBe(false);
  });

  test('looks where set-up makes it', async () => {
    const file = path.resolve(__dirname, '../../src/setup/jupyter.mjs');
    const setup = (await import(file)) as { jupyterFolder: (home: string) => string };
    expect(() => jupyterFolder({ FUN_HOME: folder })).toThrow(setup.jupyterFolder(folder));
  });

  test('a file that is no notebook, or is not there, is refused before anything starts', async () => {
    await expect(executeNotebook(at('missing.ipynb'))).rejects.toThrow(/missing\.ipynb cannot be read as a notebook/);
    await expect(executeNotebook(path.resolve(__dirname, '../../package.json'))).rejects.toThrow(/is not a notebook/);
    await expect(executeNotebook(at('x.ipynb'), { profil: 'mini' } as object)).rejects.toThrow(/unknown "profil"/);
    expect(existsSync(at('missing.ipynb'))).toBe(false);
  });
});

describe('checkOutputs', () => {
  const run = (outputs: Output[], execution_count: number | null = 1): Notebook => ({
    metadata: {},
    cells: [{ cell_type: 'code', source: 'x', outputs, execution_count }],
  });
  const figure: Output = { output_type: 'display_data', data: { 'image/png': 'iVBORw0KGgoAAA' } };

  test('is content with a figure', () => {
    expect(checkOutputs(run([figure]))).toEqual([]);
    expect(checkOutputs(run([]), { figures: 0 })).toEqual([]);
  });

  test('tells what is wrong', () => {
    expect(checkOutputs(run([{ output_type: 'display_data', data: { 'image/png': 'aGVsbG8=' } }]))).toHaveLength(1);
    expect(checkOutputs(run([figure], 4))).toEqual(['cell 1: run out of order']);
    expect(checkOutputs(run([figure, { output_type: 'error', ename: 'E', evalue: 'v' }]))).toEqual(['cell 1: E: v']);
  });
});

const outputsOf = (notebook: Notebook, codeCell: number) =>
  notebook.cells.filter((cell) => cell.cell_type === 'code')[codeCell]!.outputs!;
