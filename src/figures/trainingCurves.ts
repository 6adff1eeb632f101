/** What training looked like: the loss on the English training batches, and English validation. */
import type { Figure } from './figure';
import { frame } from './frame';
import { gridLayout } from './panels';
import { provenance, runsOf } from './provenance';
import { UserError } from '../engine/errors';
import { distinct, type RunRow, type StepRow, type ValidationRow } from './rows';
import { runCurves, smooth } from './runCurves';
import { scheduleLines, seedNote } from './scheduleLines';
import { metricTitle } from './metrics';

/** Loss against the step, per schedule. `window`: points of the moving average (odd). Default: 25. */
export function lossCurves(
  rows: readonly StepRow[],
  options: { readonly runs: readonly RunRow[]; readonly window?: number },
): Figure {
  const { window = 25 } = options;
  const curves = runCurves(rows, (row) => row.loss).map((curve) => smooth(curve, window));
  return frame({
    title: 'Training loss',
    made: provenance(runsOf(rows, options.runs)),
    notes: [...seedNote(curves), ...(window === 1 ? [] : [`moving average over ${window} steps`])],
    data: scheduleLines(curves, { quantity: 'loss' }),
    ...gridLayout({ titles: [''], xTitle: 'optimiser step', yTitle: 'loss (nats per example)' }),
  });
}

/** English validation against the step, per schedule. `metric` may be left out when the rows hold only one. */
export function validationCurves(
  rows: readonly ValidationRow[],
  options: { readonly runs: readonly RunRow[]; readonly metric?: string },
): Figure {
  const metrics = distinct(rows.map((row) => row.metric));
  const metric = options.metric ?? metrics[0];
  if (metric === undefined || (options.metric === undefined && metrics.length > 1) || !metrics.includes(metric)) {
    throw new UserError(
      `Choose which validation metric to draw: ${metrics.join(', ') || 'there are no validation rows'}.`,
    );
  }
  const selected = rows.filter((row) => row.metric === metric);
  const curves = runCurves(selected, (row) => row.value);
  return frame({
    title: 'English validation during training',
    made: provenance(runsOf(selected, options.runs)),
    notes: seedNote(curves),
    data: scheduleLines(curves, { quantity: metric, format: '.1f' }),
    ...gridLayout({ titles: [''], xTitle: 'optimiser step', yTitle: metricTitle(metric) }),
  });
}
