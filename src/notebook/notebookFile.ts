/** Notebook files (nbformat 4), as far as this project reads them, and what their outputs must be like. */
import { readFileSync } from 'node:fs';
import { messageOf, UserError } from '../engine/errors';

type Text = string | readonly string[];

export type Output =
  | { readonly output_type: 'stream'; readonly name: 'stdout' | 'stderr'; readonly text: Text }
  | {
      readonly output_type: 'display_data' | 'execute_result';
      readonly data: Readonly<Record<string, Text>>;
    }
  | { readonly output_type: 'error'; readonly ename: string; readonly evalue: string };

export interface Cell {
  readonly cell_type: 'code' | 'markdown' | 'raw';
  readonly source: Text;
  /** Code cells only. */
  readonly outputs?: readonly Output[];
  readonly execution_count?: number | null;
}

export interface Notebook {
  readonly cells: readonly Cell[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface CellError {
  /** Place among the code cells, from 1; undefined when the kernel or the time limit broke the run off. */
  readonly cell: number | undefined;
  readonly ename: string;
  readonly evalue: string;
}

export function readNotebook(file: string): Notebook {
  let notebook: Partial<Notebook> & { nbformat?: number };
  try {
    notebook = JSON.parse(readFileSync(file, 'utf8')) as typeof notebook;
  } catch (error) {
    throw new UserError(`${file} cannot be read as a notebook: ${messageOf(error)}.`);
  }
  if (!Array.isArray(notebook.cells) || notebook.nbformat !== 4) {
    throw new UserError(`${file} is not a notebook of nbformat 4.`);
  }
  return notebook as Notebook;
}

/** The text of a cell or an output, which may be stored as lines. */
export const textOf = (text: Text): string => (typeof text === 'string' ? text : text.join(''));

const codeCells = (notebook: Notebook) =>
  notebook.cells.filter((cell) => cell.cell_type === 'code' && textOf(cell.source).trim() !== '');

/** The errors that cells ended with, and promises that were rejected with nobody looking. */
export function errorsIn(notebook: Notebook): CellError[] {
  return codeCells(notebook).flatMap(({ outputs = [] }, i) =>
    outputs.flatMap((output): CellError[] => {
      if (output.output_type === 'error') return [{ cell: i + 1, ename: output.ename, evalue: output.evalue }];
      const unhandled =
        output.output_type === 'stream' &&
        /^Un(handledPromiseRejection|caughtException): (.*)/m.exec(textOf(output.text));
      return unhandled ? [{ cell: i + 1, ename: 'Unhandled', evalue: unhandled[2]! }] : [];
    }),
  );
}

/** How many figures the outputs show: each has a picture. */
export function figuresIn(notebook: Notebook): number {
  return codeCells(notebook)
    .flatMap(({ outputs = [] }) => outputs)
    .filter((output) => 'data' in output && textOf(output.data['image/png'] ?? '').startsWith('iVBORw0KGgo')).length;
}

/**
 * What is wrong with the outputs of a notebook that was run, in words; empty when all is well: every cell has run, in
 * order, none failed, and there are at least `figures` figures (default 1).
 */
export function checkOutputs(notebook: Notebook, { figures = 1 }: { readonly figures?: number } = {}): string[] {
  const problems = errorsIn(notebook).map(({ cell, ename, evalue }) => `cell ${cell}: ${ename}: ${evalue}`);
  codeCells(notebook).forEach(({ execution_count }, i) => {
    if (execution_count !== i + 1) problems.push(`cell ${i + 1}: ${execution_count ? 'run out of order' : 'not run'}`);
  });
  const shown = figuresIn(notebook);
  if (shown < figures) problems.push(`${shown} figures are shown; there should be at least ${figures}`);
  return problems;
}
