/** The gallery: what is drawn from which results, and the page that shows it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { JSDOM } from 'jsdom';
import { dispatch } from '../../src/commands/dispatch';
import { galleryFigures } from '../../src/commands/gallery';
import { notebookSweeps } from '../../src/experiments/definitions/mini';
import { findSweep } from '../../src/experiments/definitions/index';
import { expandSweep } from '../../src/experiments/sweep';
import { madeUpResult } from '../notebook/madeUpResults';

const resultsOf = (...sweeps: string[]) =>
  sweeps.flatMap((name) => expandSweep(findSweep(name), 'small')).map((run) => madeUpResult(run));

describe('galleryFigures', () => {
  test('with everything recorded every figure is drawn', () => {
    const byId = new Map(resultsOf(...notebookSweeps.map(({ name }) => name)).map((result) => [result.id, result]));
    const items = galleryFigures([...byId.values()], 'small');
    expect(items.filter(({ figure }) => figure === undefined)).toEqual([]);
    expect(new Set(items.map(({ name }) => name)).size).toBe(items.length);
    expect(items.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['figure-1', 'figure-2', 'figure-3', 'figure-4', 'figure-5', 'table-14-2', 'table-12-3']),
    );
    for (const { figure } of items) expect(figure!.data.length).toBeGreaterThan(0);
  });

  test('with nothing recorded the paper and the definitions are left, and the others say why', () => {
    const items = galleryFigures([], 'small');
    const drawn = items.filter(({ figure }) => figure !== undefined).map(({ name }) => name);
    expect(drawn).toEqual(['figure-1', 'figure-2-paper', 'tables-16-18']);
    expect(items.find(({ name }) => name === 'figure-5')!.note).toBe('0 of 10 runs are recorded');
  });

  test('runs that do not suffice for a figure: it is left out with the reason', () => {
    const [one] = resultsOf('figure-4');
    const items = galleryFigures([one!], 'small');
    const panels = items.find(({ name }) => name === 'figure-4')!;
    expect(panels.figure).toBeUndefined();
    expect(panels.note).toMatch(/^1 of 20 runs are recorded\. 1 order has both tr\(F\) and scores/);
  });
});

describe('npm run figures', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'figures-test-'));
    vi.stubEnv('FUN_RESULTS', path.join(folder, 'results'));
    vi.spyOn(console, 'log').mockImplementation(() => undefined);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true, force: true });
  });

  test('writes pictures and a page that finds all of them beside it', async () => {
    const to = path.join(folder, 'out');
    expect(await dispatch(['figures', '--to', to])).toBe(0);
    const files = readdirSync(to).sort();
    const pictures = ['figure-1', 'figure-2-paper', 'tables-16-18'].flatMap((name) => [`${name}.png`, `${name}.svg`]);
    expect(files).toEqual([...pictures, 'index.html'].sort());
    const { document } = new JSDOM(readFileSync(path.join(to, 'index.html'), 'utf8')).window;
    const used = [...document.querySelectorAll('img')].map((image) => image.getAttribute('src')!);
    const linked = [...document.querySelectorAll('section a')].map((link) => link.getAttribute('href')!);
    expect(new Set([...used, ...linked])).toEqual(new Set(pictures));
    const missing = document.querySelector('#figure-3')!.textContent;
    expect(missing).toContain('0 of 20 runs are recorded');
    expect(missing).toContain('Not drawn.');
  });
});
