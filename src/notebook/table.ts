/** Rows as a table: as HTML and as aligned text. */
import { refuseUnknownKeys, UserError } from '../engine/errors';
import { rowsOf, type Rows } from '../experiments/tableRows';
import { escapeHtml } from './figureHtml';

/** How a value is written: so many digits after the point, or what the function makes of it. */
export type ColumnFormat = number | ((value: unknown) => string);

export interface TableOptions {
  readonly title?: string;
  /** Which columns, in this order. Default: all, in the order in which rows first have them. */
  readonly columns?: readonly string[];
  /** By column; others get up to four significant digits. */
  readonly format?: Readonly<Record<string, ColumnFormat>>;
}

interface Cells {
  readonly columns: readonly string[];
  readonly lines: readonly (readonly string[])[];
  /** Whether the column holds numbers, which stand at the right. */
  readonly numeric: readonly boolean[];
}

function cellsOf(rows: Rows, options: TableOptions): Cells {
  refuseUnknownKeys('table', options, ['title', 'columns', 'format']);
  const { objects, names } = rowsOf(rows);
  const columns = options.columns ?? names;
  const formats = options.format ?? {};
  for (const name of [...columns, ...Object.keys(formats)]) {
    if (!names.includes(name)) throw new UserError(`table: no column "${name}". There are: ${names.join(', ')}.`);
  }
  return {
    columns,
    lines: objects.map((row) => columns.map((name) => formatValue(row[name], formats[name]))),
    numeric: columns.map((name) => objects.some((row) => typeof row[name] === 'number')),
  };
}

function formatValue(value: unknown, format: ColumnFormat | undefined): string {
  if (typeof format === 'function') return format(value);
  if (value === undefined || value === null) return '';
  if (typeof value !== 'number') return typeof value === 'object' ? JSON.stringify(value) : `${value as string}`;
  if (Number.isNaN(value)) return '–';
  if (format !== undefined) return value.toFixed(format);
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

export function tableHtml(rows: Rows, options: TableOptions = {}): string {
  const { columns, lines, numeric } = cellsOf(rows, options);
  const line = (cells: readonly string[], tag: 'th' | 'td') => {
    const html = cells.map((cell, i) => {
      const style = numeric[i] ? 'text-align: right; font-variant-numeric: tabular-nums' : 'text-align: left';
      return `<${tag} style="${style}">${escapeHtml(cell)}</${tag}>`;
    });
    return `<tr>${html.join('')}</tr>`;
  };
  const { title } = options;
  return [
    '<table>',
    ...(title === undefined ? [] : [`<caption style="text-align: left">${escapeHtml(title)}</caption>`]),
    `<thead>${line(columns, 'th')}</thead>`,
    `<tbody>${lines.map((cells) => line(cells, 'td')).join('\n')}</tbody>`,
    '</table>',
  ].join('\n');
}

export function tableText(rows: Rows, options: TableOptions = {}): string {
  const { columns, lines, numeric } = cellsOf(rows, options);
  const widths = columns.map((name, i) => Math.max(name.length, ...lines.map((cells) => cells[i]!.length)));
  const align = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (numeric[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  const { title } = options;
  return [...(title === undefined ? [] : [title]), align(columns), ...lines.map(align)].join('\n');
}
