/** Notebook files made by tests. */
import { writeFileSync } from 'node:fs';

/** Writes a notebook with these code cells; one that begins with `# ` is Markdown. */
export function writeNotebook(file: string, cells: readonly string[]): void {
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: 'tslab', display_name: 'TypeScript (FUN lab)', language: 'typescript' },
      language_info: { name: 'typescript', file_extension: '.ts', mimetype: 'text/typescript' },
    },
    cells: cells.map((source, i) =>
      source.startsWith('# ')
        ? { cell_type: 'markdown', id: `cell-${i}`, metadata: {}, source }
        : { cell_type: 'code', id: `cell-${i}`, metadata: {}, source, outputs: [], execution_count: null },
    ),
  };
  writeFileSync(file, JSON.stringify(notebook, null, 1));
}

/** A cell that shows one figure, a line of `points` points. */
export const figureCell = (points = 3): string =>
  `import { show } from './src/notebook/display';
import { layout } from './src/figures/style';
show({
  data: [{ type: 'scatter', x: [${Array.from({ length: points }, (_, i) => i).join(', ')}], y: [${Array.from({ length: points }, (_, i) => i * i).join(', ')}] }],
  layout: layout({ title: 'Squares', xTitle: 'n', yTitle: 'n²' }),
})`;
