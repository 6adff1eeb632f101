/**
 * What training looked like: the loss on the English training batches, and English validation; a panel per experiment.
 */
import { refuseUnknownKeys, UserError } from '../engine/errors';
import type { Figure } from './figure';
import { metricTitle } from './metrics';
import { distinct, type RunRow, type StepRow, type ValidationRow } from './rows';
import { runCurves, smooth, usualWindow } from './runCurves';
import { scheduleCurves } from './scheduleLines';

/**
 * Loss against the step, per schedule. `window`: points of the moving average (odd). Default: 25, fewer of short
 * curves.
 */
export function lossCurves(
  rows: readonly StepRow[],
  options: { readonly runs: readonly RunRow[]; readonly window?: number },
): Figure {
  refuseUnknownKeys('lossCurves', options, ['runs', 'window']);
  const curves = runCurves(rows, (row) => row.loss);
  const { runs, window = usualWindow(25, curves) } = options;
  return scheduleCurves(
    curves.map((curve) => smooth(curve, window)),
    {
      runs,
      title: 'Training loss',
      quantity: 'loss',
      yTitle: 'loss (nats per example)',
      notes: window === 1 ? [] : [`moving average over ${window} steps`],
    },
  );
}

/** English validation against the step, per schedule. `metric` may be left out when the rows hold only one. */
export function validationCurves(
  rows: readonly ValidationRow[],
  options: { readonly runs: readonly RunRow[]; readonly metric?: string },
): Figure {
  refuseUnknownKeys('validationCurves', options, ['runs', 'metric']);
  const metrics = distinct(rows.map((row) => row.metric));
  const metric = options.metric ?? metrics[0];
  if (metric === undefined || (options.metric === undefined && metrics.length > 1) || !metrics.includes(metric)) {
    throw new UserError(
      `Choose which validation metric to draw: ${metrics.join(', ') || 'there are no validation rows'}.`,
    );
  }
  return scheduleCurves(
    runCurves(
      rows.filter((row) => row.metric === metric),
      (row) => row.value,
    ),
    {
      runs: options.runs,
      title: 'English validation during training',
      quantity: metric,
      format: '.1f',
      yTitle: metricTitle(metric),
      notes: [],
    },
  );
}
