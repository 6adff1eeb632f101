/**
 * A notebook as one HTML page that needs nothing else: its figures are interactive from a disk, without a network.
 * plotly.js goes into the page once, compressed (3 MB instead of 10); the figures' scripts find it (figureHtml.ts).
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { projectRoot } from '../engine/places';
import { ended, spawnJupyter } from './jupyter';
import { readNotebook } from './notebookFile';

/** A script element that gives a page plotly.js: `window.funPlotly`, a promise of it. */
function plotlyElement(): string {
  const code = readFileSync(require.resolve('plotly.js-dist/plotly.js'));
  const packed = gzipSync(code, { level: 9 }).toString('base64');
  return `<script>
window.funPlotly = (async function () {
  var packed = Uint8Array.from(atob("${packed}"), function (character) { return character.charCodeAt(0); });
  var code = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  (0, eval)(await new Response(code).text());
  return window.Plotly;
})();
</script>`;
}

/** Writes the page of a notebook with its outputs as they are. The file appears whole or not at all. */
export async function exportHtml(notebook: string, target: string): Promise<void> {
  readNotebook(notebook);
  mkdirSync(path.dirname(path.resolve(target)), { recursive: true });
  const temporary = `${path.resolve(target)}.${process.pid}.tmp`;
  try {
    const child = spawnJupyter('python', [path.join(projectRoot(), 'src/notebook/jupyter/export_html.py')], {
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    child.stdin!.end(JSON.stringify({ input: path.resolve(notebook), output: temporary }));
    let complaints = '';
    child.stderr!.on('data', (text: Buffer) => (complaints += text.toString()));
    if ((await ended(child)) !== 0) throw new Error(`nbconvert failed on ${notebook}:\n${complaints.slice(-4000)}`);
    const page = readFileSync(temporary, 'utf8');
    // A function as replacement: the code has "$&" and the like in it.
    writeFileSync(
      temporary,
      page.includes('funPlotly') ? page.replace('</head>', () => `${plotlyElement()}\n</head>`) : page,
    );
    renameSync(temporary, target);
  } finally {
    rmSync(temporary, { force: true });
  }
}
