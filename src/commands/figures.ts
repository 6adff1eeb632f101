/** The gallery: every figure of the paper from the results at hand, as PNG and SVG, with a page that shows them. */
import { join, resolve } from 'node:path';
import { writeWhole } from '../engine/atomicFile';
import { oneOf, UserError } from '../engine/errors';
import { projectRoot } from '../engine/places';
import { profileNames } from '../experiments/configuration';
import { openStore } from '../experiments/store';
import { exportFigure } from '../figures/export';
import { escapeHtml } from '../notebook/figureHtml';
import type { Command } from './command';
import { galleryFigures, type GalleryFigure } from './gallery';

export const figures: Command = {
  summary: 'Draws every figure of the paper from the recorded results, with a page that shows them',
  positionals: '',
  most: 0,
  options: {
    profile: { value: 'NAME', help: `${profileNames.join(', ')} (default: small)` },
    to: { value: 'FOLDER', help: 'where to write (default: figures)' },
  },
  async run(args) {
    const profile = oneOf('profile', args.text('profile') ?? 'small', profileNames);
    const folder = resolve(args.text('to') ?? join(projectRoot(), 'figures'));
    const items = galleryFigures(openStore().all(profile), profile);
    for (const { name, figure } of items) {
      if (figure === undefined) continue;
      for (const format of ['png', 'svg'])
        exportFigure(figure, join(folder, `${name}.${format}`), { background: 'white' });
    }
    const page = join(folder, 'index.html');
    if (items.every(({ figure }) => figure === undefined)) throw new UserError('There is nothing to draw.');
    writeWhole(page, galleryPage(items, profile));
    for (const { name, figure, note } of items)
      console.log(`${name}: ${figure === undefined ? `not drawn, ${note}` : 'drawn'}`);
    console.log(`Open ${page}`);
  },
};

/** Pictures are named beside it, so that the folder can be moved, and opened from a disk. */
function galleryPage(items: readonly GalleryFigure[], profile: string): string {
  const sections = items.map(({ name, title, note, figure }) => {
    const files = `<a href="${name}.svg">SVG</a> <a href="${name}.png">PNG</a>`;
    const picture =
      figure === undefined
        ? '<p class="missing">Not drawn.</p>'
        : `<img src="${name}.svg" alt="${escapeHtml(title)}" width="800"><p>${files}</p>`;
    return `<section id="${name}"><h2>${escapeHtml(title)}</h2><p>${escapeHtml(note)}</p>${picture}</section>`;
  });
  const contents = items.map(({ name, title }) => `<li><a href="#${name}">${escapeHtml(title)}</a></li>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>FUN lab: figures</title>
<style>
body { font: 16px/1.5 sans-serif; max-width: 840px; margin: 2em auto; padding: 0 1em; }
img { max-width: 100%; height: auto; background: white; }
.missing { font-style: italic; }
</style>
</head>
<body>
<h1>Figures, from the results of profile ${escapeHtml(profile)}</h1>
<ul>${contents.join('')}</ul>
${sections.join('\n')}
</body>
</html>
`;
}
