/**
 * A figure as a piece of a page: a PNG that a script replaces by the interactive figure where scripts run and plotly.js
 * can be had. plotly.js is not part of it: it is loaded once a page, from the Jupyter server's own files or from the
 * page itself (an export, exportHtml.ts); elsewhere the PNG stays.
 */
import type { Figure } from '../figures/figure';

/** What a figure needs in the page: data as JSON, text that cannot end the script it stands in. */
export function scriptJson(value: unknown): string {
  const json = JSON.stringify(value, (_, item: unknown) => {
    if (ArrayBuffer.isView(item)) return Array.from(item as unknown as ArrayLike<number>);
    // Six significant digits are more than a picture shows, and half the size.
    return typeof item === 'number' && !Number.isInteger(item) ? Number(item.toPrecision(6)) : item;
  });
  return json
    .replace(/</g, '\\u003c')
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
}

/**
 * JavaScript that calls `use(Plotly)` when the page has plotly.js, and never where there is none. The promise of it is
 * kept on the window, so that all figures of a page share one.
 */
export function withPlotly(use: string): string {
  return `(function () {
  window.funPlotly = window.funPlotly || (window.Plotly ? Promise.resolve(window.Plotly) : new Promise(function (resolve, reject) {
    var page = document.getElementById('jupyter-config-data');
    if (!page) return reject(new Error('no Jupyter server'));
    var script = document.createElement('script');
    script.src = JSON.parse(page.textContent).baseUrl + 'files/node_modules/plotly.js-dist/plotly.js';
    script.onload = function () { resolve(window.Plotly); };
    script.onerror = function () { window.funPlotly = undefined; reject(new Error('no plotly.js at ' + script.src)); };
    document.head.appendChild(script);
  }));
  window.funPlotly.then(${use}, function () {});
})();`;
}

/** JavaScript that draws the figure in the element `id`, or redraws it there with what the reader has zoomed to. */
export function drawScript(id: string, figure: Figure): string {
  const config = { responsive: true, displaylogo: false, ...figure.config };
  return withPlotly(`function (Plotly) {
    var target = document.getElementById(${scriptJson(id)}), figure = ${scriptJson({ ...figure, config })};
    if (!target) return;
    if (!target.classList.contains('js-plotly-plot')) target.innerHTML = '';
    Plotly.react(target, figure.data, figure.layout, figure.config);
  }`);
}

export interface FigurePicture {
  /** base64. */
  readonly png: string;
  /** CSS px. */
  readonly width: number;
}

/** The whole piece: the element with the PNG in it, and the script. */
export function figureHtml(id: string, figure: Figure, { png, width }: FigurePicture): string {
  const image = `<img src="data:image/png;base64,${png}" width="${width}" style="max-width: 100%" alt="figure">`;
  return `<div id="${id}">${image}</div>\n<script>${drawScript(id, figure)}</script>`;
}

/** Text as HTML text. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
