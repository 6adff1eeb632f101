/**
 * JupyterLab driven as a person would, in a real browser: open a notebook, run all cells, see the figure and use it,
 * watch a training run, stop it, go on. Skipped where there is no chromium or no Jupyter. With FUN_SCREENSHOTS set to
 * a folder, pictures of the page are left there.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { executeNotebook } from '../../src/notebook/execute';
import { exportHtml } from '../../src/notebook/exportHtml';
import { hasJupyter } from '../../src/notebook/jupyter';
import { startLab } from '../../src/notebook/lab';
import { figureCell, writeNotebook } from './smallNotebook';

const root = path.resolve(__dirname, '../..');
const browserFile = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((file) => file !== undefined && existsSync(file));

const cells = [
  '# JupyterLab in a browser',
  figureCell(),
  `import * as fun from './src/index';
const lab = await fun.open({ task: 'nli', profile: 'smoke' });
const run = lab.train({ schedule: fun.gradualUnfreezing({ every: 400 }), steps: 4000, trackFisher: { every: 100 }, seed: 1 });
const live = fun.livePanel();
for await (const event of run) live.update(event);
console.log('stopped', run.rows().steps.length < 4000);`,
  `console.log('this cell waits');`,
];

describe.skipIf(browserFile === undefined || !hasJupyter())(
  'in a browser (skipped without chromium or Jupyter)',
  () => {
    let browser: Browser;
    let page: Page;
    let server: ChildProcess;
    let folder: string;
    let address: string;
    const complaints: string[] = [];

    beforeAll(async () => {
      // Below the project root, in a folder that git ignores and Jupyter does not hide.
      mkdirSync(path.join(root, 'data/runs'), { recursive: true });
      folder = mkdtempSync(path.join(root, 'data/runs/browser-test-'));
      writeNotebook(path.join(folder, 'test.ipynb'), cells);
      const port = await freePort();
      const token = 'test';
      server = await startLab({ port, open: 'none', stdio: 'pipe', args: [`--IdentityProvider.token=${token}`] });
      let log = '';
      server.stdout!.on('data', (text: Buffer) => (log += text.toString()));
      server.stderr!.on('data', (text: Buffer) => (log += text.toString()));
      address = `http://127.0.0.1:${port}/lab/tree/${path.relative(root, folder)}/test.ipynb?token=${token}&reset`;
      await vi.waitFor(() => expect(log).toContain('is running at'), { timeout: 90_000, interval: 200 });
      browser = await chromium.launch({
        executablePath: browserFile!,
        args: [
          '--no-sandbox',
          '--disable-gpu',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
        ],
      });
      page = await browser.newPage({ viewport: { width: 1280, height: 1400 } });
      page.on('pageerror', (error) => complaints.push(error.message));
    }, 180_000);

    afterAll(async () => {
      await browser?.close();
      if (server) {
        server.kill('SIGTERM');
        await new Promise((resolve) => server.once('exit', resolve));
      }
      rmSync(folder, { recursive: true, force: true });
    }, 60_000);

    const picture = async (name: string) => {
      const target = process.env.FUN_SCREENSHOTS;
      if (target) await page.screenshot({ path: path.join(target, `${name}.png`) });
    };
    afterEach(async ({ task }) => {
      if (task.result?.state === 'fail') await picture(`failed: ${task.name.slice(0, 40)}`);
    });
    const menu = async (name: string, item: string) => {
      await page.getByRole('menuitem', { name, exact: true }).click();
      await page.getByRole('menuitem', { name: item, exact: true }).click();
    };
    const text = (wanted: string | RegExp) => page.locator('.jp-OutputArea-output', { hasText: wanted }).first();
    /** The step that the live panel says it is at. */
    const step = async () => {
      const subtitle = await page.locator('.js-plotly-plot .infolayer', { hasText: 'of 4000' }).first().textContent();
      return Number(/step (\d+) of 4000/.exec(subtitle ?? '')?.[1]);
    };

    test('run all cells: the figure is drawn and answers the mouse', async () => {
      await page.goto(address);
      await page.locator('.jp-Notebook .jp-CodeCell').first().waitFor({ timeout: 90_000 });
      await page.locator('.jp-NotebookPanel-toolbar', { hasText: 'TypeScript (FUN lab)' }).waitFor({ timeout: 60_000 });
      // JupyterLab passes over cells that are run before it has a kernel.
      await page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor({ timeout: 60_000 });
      await menu('Run', 'Run All Cells');
      const figure = page.locator('.js-plotly-plot').first();
      await figure.waitFor({ timeout: 120_000 });
      await expect.poll(() => figure.locator('.scatterlayer .trace').count()).toBe(1);
      expect(await page.locator('.jp-OutputArea-output img').count()).toBe(0); // the picture gave way
      const box = (await figure.locator('.nsewdrag').first().boundingBox())!;
      await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.75);
      await expect.poll(() => figure.locator('.hovertext').count()).toBeGreaterThan(0);
      await picture('1-figure');
    }, 240_000);

    test('a run is seen while it trains; the Stop button ends it, the waiting cell is not run', async () => {
      const panel = page.locator('.js-plotly-plot').nth(1);
      const failure = page.locator(
        '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"], .jp-RenderedText[data-mime-type="application/vnd.jupyter.stderr"]',
      );
      await panel.or(failure).first().waitFor({ timeout: 180_000 });
      expect(await failure.allTextContents()).toEqual([]);
      await expect.poll(step, { timeout: 60_000 }).toBeGreaterThan(20);
      const before = await step();
      await expect.poll(step, { timeout: 30_000 }).toBeGreaterThan(before);
      expect(await page.locator('#jp-main-statusbar').textContent()).toContain('| Busy');
      await picture('2-training');
      await page
        .locator(
          'jp-button[data-command="notebook:interrupt-kernel"], button[data-command="notebook:interrupt-kernel"]',
        )
        .first()
        .click();
      await text('stopped true').waitFor({ timeout: 30_000 });
      await page.locator('#jp-main-statusbar', { hasText: '| Idle' }).waitFor();
      await picture('3-stopped');
      expect(await step()).toBeLessThan(4000);
      expect(await page.locator('.jp-OutputArea-output', { hasText: 'this cell waits' }).count()).toBe(0);
    }, 240_000);

    test('the run goes on where it was stopped, in the same kernel', async () => {
      const stoppedAt = await step();
      await page.locator('.jp-CodeCell .cm-content').last().click();
      await page.keyboard.press('Control+a');
      await page.keyboard.type(
        `for await (const event of run.resume()) { live.update(event); if (event.type === 'step') { console.log('went on at', event.step); break; } }`,
      );
      await page.keyboard.press('Shift+Enter');
      const line = text('went on at');
      await line.waitFor({ timeout: 60_000 });
      expect(Number(/went on at (\d+)/.exec((await line.textContent()) ?? '')?.[1])).toBe(stoppedAt);
      await picture('4-resumed');
      expect(complaints).toEqual([]);
    }, 120_000);

    test('an exported page is interactive from the disk, without a network', async () => {
      writeNotebook(path.join(folder, 'exported.ipynb'), cells.slice(0, 2));
      expect((await executeNotebook(path.join(folder, 'exported.ipynb'))).errors).toEqual([]);
      await exportHtml(path.join(folder, 'exported.ipynb'), path.join(folder, 'exported.html'));
      const offline = await browser.newContext({ offline: true, viewport: { width: 1000, height: 800 } });
      page = await offline.newPage();
      await page.goto(`file://${path.join(folder, 'exported.html')}`);
      await page.locator('.js-plotly-plot .scatterlayer .trace').waitFor({ timeout: 60_000 });
      await picture('5-exported');
    }, 180_000);
  },
);

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => listener.once('listening', resolve));
  const { port } = listener.address() as AddressInfo;
  await new Promise((resolve) => listener.close(resolve));
  return port;
}
