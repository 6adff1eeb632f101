/**
 * `npm start`: the embedded model on the embedded NLI suite under three schedules, zero-shot in every language, the
 * first notebook executed, its figures as pictures. What is done is kept: a second call only draws.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { writeWhole } from '../engine/atomicFile';
import { UserError } from '../engine/errors';
import { engineLine } from '../engine/engineLine';
import { formatDuration } from '../engine/formatDuration';
import { projectRoot } from '../engine/places';
import { openEngine } from '../engine/tf';
import { firstLight } from '../experiments/definitions/index';
import type { ProfileName } from '../experiments/configuration';
import { textReporter } from '../experiments/report';
import type { RunResult } from '../experiments/result';
import { resultRows } from '../experiments/rows';
import { runHere } from '../experiments/runHere';
import { exportFigure } from '../figures/export';
import type { Figure } from '../figures/figure';
import { fisherCurves, fisherHeatmap, transferBars, unfreezingOrder } from '../figures/index';
import { scheduleTable } from '../figures/scheduleTable';
import { executeNotebook } from '../notebook/execute';
import { exportHtml } from '../notebook/exportHtml';
import { tableText } from '../notebook/table';
import { withInterrupt } from './interrupt';

const NOTEBOOK = 'notebooks/01-first-light.ipynb';

/** Returns the exit code: 130 when it was stopped. */
export function firstLightCommand(profile: ProfileName = firstLight.profile): Promise<number> {
  return withInterrupt((signal) => runAndDraw(profile, signal));
}

async function runAndDraw(profile: ProfileName, signal: AbortSignal): Promise<number> {
  const started = Date.now();
  console.log(engineLine(await openEngine()));
  const { onEvent } = textReporter(process.stdout);
  const results = await runHere(firstLight, { profile, onEvent, signal });
  if (signal.aborted) {
    console.log('Stopped. The same command goes on from here.');
    return 130;
  }

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

  await notebookOnce(join(root, NOTEBOOK), folder, { profile, results, signal });
  console.log(`Notebook: ${relative(root, folder)}/first-light.html`);
  console.log(`\n${tableText(scheduleTable(rows.scores), { format: {} })}`);
  console.log(
    `\nDone in ${formatDuration((Date.now() - started) / 1000)}. Open the lab: npm run lab (then ${NOTEBOOK}).`,
  );
  return 0;
}

/** Executes the notebook unless it was executed before, as it is now, on these results; exports it as a page. */
async function notebookOnce(
  notebook: string,
  folder: string,
  { profile, results, signal }: { profile: ProfileName; results: readonly RunResult[]; signal: AbortSignal },
): Promise<void> {
  if (!existsSync(notebook)) throw new UserError(`${notebook} is missing; restore it with git checkout.`);
  const [output, page] = ['first-light.ipynb', 'first-light.html'].map((name) => join(folder, name)) as [
    string,
    string,
  ];
  const stamp = join(folder, 'made-from.json');
  const madeFrom = JSON.stringify({
    notebook: createHash('sha256').update(readFileSync(notebook)).digest('hex'),
    results: results.map(({ id }) => id),
    profile,
  });
  if (existsSync(page) && existsSync(stamp) && readFileSync(stamp, 'utf8') === madeFrom) return;
  console.log(`Executing ${relative(projectRoot(), notebook)} …`);
  const { errors } = await executeNotebook(notebook, { profile, output, signal });
  if (errors.length > 0) {
    const messages = errors.map(({ ename, evalue }) => `${ename}: ${evalue}`);
    throw new UserError(`${notebook} failed; it is kept with its outputs as ${output}.\n${messages.join('\n')}`);
  }
  await exportHtml(output, page);
  writeWhole(stamp, madeFrom);
}
