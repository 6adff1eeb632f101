/**
 * `npm start`: the embedded model on the embedded NLI suite under three schedules, zero-shot in every language, the first
 * notebook executed, its figures as pictures. What is done is kept: a second call only draws.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { UserError } from '../engine/errors';
import { engineLine } from '../engine/engineLine';
import { openEngine } from '../engine/tf';
import { firstLight } from '../experiments/definitions/index';
import type { ProfileName } from '../experiments/configuration';
import { clock, textReporter } from '../experiments/report';
import { resultRows } from '../experiments/rows';
import { runHere } from '../experiments/runHere';
import { projectRoot } from '../datasets/places';
import { exportFigure } from '../figures/export';
import type { Figure } from '../figures/figure';
import { fisherCurves, fisherHeatmap, transferBars, unfreezingOrder } from '../figures/index';
import { scheduleTable } from '../figures/scheduleTable';
import { executeNotebook } from '../notebook/execute';
import { exportHtml } from '../notebook/exportHtml';
import { tableText } from '../notebook/table';

const NOTEBOOK = 'notebooks/01-first-light.ipynb';

export async function firstLightCommand(profile: ProfileName = firstLight.profile): Promise<number> {
  const started = Date.now();
  console.log(engineLine(await openEngine()));
  const abort = new AbortController();
  const stop = () => abort.abort();
  process.once('SIGINT', stop);
  const surface = process.stdout.isTTY ? 'terminal' : 'log';
  const { onEvent } = textReporter((text) => process.stdout.write(text), surface);
  const results = await runHere(firstLight, { profile, onEvent, signal: abort.signal });
  process.off('SIGINT', stop);
  if (abort.signal.aborted) return 130;

  const root = projectRoot();
  const folder = join(root, 'figures', 'first-light');
  mkdirSync(folder, { recursive: true });
  const rows = resultRows(results);
  const { runs } = rows;
  const pictures: Readonly<Record<string, Figure>> = {
    'fisher-curves': fisherCurves(rows.fisher, { runs }),
    'fisher-heatmap': fisherHeatmap(rows.fisher, { runs }),
    'unfreezing-order': unfreezingOrder(rows.unfreezing, { runs }),
    'accuracy-by-language': transferBars(rows.scores, { runs, chance: 100 / 3 }),
  };
  for (const [name, figure] of Object.entries(pictures)) exportFigure(figure, join(folder, `${name}.png`));
  console.log(`Figures: ${relative(root, folder)}/{${Object.keys(pictures).join(', ')}}.png`);

  await runNotebook(join(root, NOTEBOOK), join(folder, 'first-light.ipynb'), profile);
  console.log(`Notebook: ${relative(root, folder)}/first-light.html`);
  console.log(`\n${tableText(scheduleTable(rows.scores), { format: {} })}`);
  console.log(`\nDone in ${clock((Date.now() - started) / 1000)}. Open the lab: npm run lab (then ${NOTEBOOK}).`);
  return 0;
}

/** Executes the notebook on the results that are there, and exports it as a page that needs no server. */
async function runNotebook(notebook: string, output: string, profile: ProfileName): Promise<void> {
  if (!existsSync(notebook)) throw new UserError(`${notebook} is missing; restore it with git checkout.`);
  const { errors } = await executeNotebook(notebook, { profile, output });
  if (errors.length > 0) {
    throw new UserError(`${notebook} failed: ${errors.map(({ ename, evalue }) => `${ename}: ${evalue}`).join('\n')}`);
  }
  await exportHtml(output, output.replace(/\.ipynb$/, '.html'));
}
