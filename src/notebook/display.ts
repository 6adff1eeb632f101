/**
 * What a cell shows: figures, tables, text. A figure or a table as the last expression of a cell is shown as well.
 *
 *     show(figures.fisherCurves(fisher, { runs }));
 *     table(scores, { title: 'Accuracy, %', format: { accuracy: 1 } });
 *     markdown(`**FUN** opens layer ${first} first.`);
 */
import { randomUUID } from 'node:crypto';
import { isTable, type Rows } from '../experiments/tableRows';
import { exportFigure } from '../figures/export';
import { isFigure, type Figure } from '../figures/figure';
import { figureHtml } from './figureHtml';
import { cellSignal } from './interrupt';
import { display, inNotebook, type MimeBundle } from './output';
import { tableHtml, tableText, type TableOptions } from './table';

/** The picture's width where it is not interactive, in CSS px, when the figure does not set one. */
const WIDTH = 800;

/**
 * Shows a figure under the cell: interactive in JupyterLab and in exported pages, a picture where no script runs.
 * Outside a notebook nothing happens. Returns the figure, so that it can be kept.
 */
export function show(figure: Figure): Figure {
  if (inNotebook()) display(figureBundle(figure));
  // Asked again as the last expression of the same cell, it is not shown twice.
  shown.set(figure, cellSignal());
  return figure;
}

/** A figure as an output. Drawing the picture takes 0.1 to 0.5 s, the first one of a kernel 2 s more. */
export function figureBundle(figure: Figure): MimeBundle {
  const width = figure.layout.width ?? WIDTH;
  const png = exportFigure(figure, { format: 'png', width }).toString('base64');
  return {
    'text/html': figureHtml(`figure-${randomUUID()}`, figure, { png, width }),
    'image/png': png,
    'text/plain': `[figure: ${titleOf(figure)}]`,
  };
}

/**
 * Shows rows as a table: plain objects, an arquero table, or a danfo data frame. Outside a notebook it is printed.
 * @param options `title`; `columns` to choose and order them; `format` by column: digits after the point, or a function
 */
export function table(rows: Rows, options: TableOptions = {}): void {
  const text = tableText(rows, options);
  if (inNotebook()) display({ 'text/html': tableHtml(rows, options), 'text/plain': text });
  else console.log(text);
}

/** Shows Markdown, with values computed in the cell. Outside a notebook it is printed as it is. */
export function markdown(text: string): void {
  if (inNotebook()) display({ 'text/markdown': text, 'text/plain': text });
  else console.log(text);
}

const shown = new WeakMap<Figure, AbortSignal>();

/** The kernel offers the value of a cell's last expression; true when it was shown here. */
function showLastExpression(value: unknown): boolean {
  if (isFigure(value)) {
    if (shown.get(value) !== cellSignal()) show(value);
    return true;
  }
  if (!isTable(value)) return false;
  table(value);
  return true;
}
Object.assign(globalThis, { [Symbol.for('fun.showLastExpression')]: showLastExpression });

function titleOf({ data, layout }: Figure): string {
  const { title } = layout;
  const text = typeof title === 'string' ? title : title?.text;
  return text ?? `${data.length} ${data.length === 1 ? 'trace' : 'traces'}`;
}
