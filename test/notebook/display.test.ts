/** What cells show: the output of a figure in a page with and without plotly.js, tables, text. */
import { fromJSON, table as arquero } from 'arquero';
import { JSDOM } from 'jsdom';
import { describe, expect, test, vi } from 'vitest';
import type { Figure } from '../../src/figures/figure';
import { layout } from '../../src/figures/style';
import { markdown, show, table } from '../../src/notebook/display';
import { scriptJson } from '../../src/notebook/figureHtml';
import { cellSignal, yieldNow } from '../../src/notebook/interrupt';
import { tableHtml, tableText } from '../../src/notebook/table';
import { fakeNotebook } from './fakeNotebook';

const figure: Figure = {
  data: [{ type: 'scatter', x: [0, 1], y: [0.123456789, 2], name: '</script><b>' }],
  layout: layout({ title: 'A line', height: 300 }),
};

describe('in a notebook', () => {
  const notebook = fakeNotebook();

  test('a figure is one output: HTML with the picture inside and the same picture as PNG, without plotly’s own type', () => {
    expect(show(figure)).toBe(figure);
    expect(notebook.published).toHaveLength(1);
    const { data } = notebook.published[0]!;
    expect(Object.keys(data).sort()).toEqual(['image/png', 'text/html', 'text/plain']);
    expect(data['text/plain']).toBe('[figure: A line]');
    const png = Buffer.from(data['image/png']!, 'base64');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1600, 600]);
    expect(data['text/html']).toContain(`src="data:image/png;base64,${data['image/png']}"`);
    // plotly.js itself is not stored: the script and the data are small.
    expect(data['text/html']!.length - data['image/png']!.length).toBeLessThan(8000);
  });

  test('where a page has no plotly.js, the picture stays', async () => {
    show(figure);
    const { document } = await openPage(notebook.published[0]!.data['text/html']!);
    expect(document.querySelectorAll('div > img')).toHaveLength(1);
  });

  test('in a page of a Jupyter server plotly.js is loaded once, from the server’s files', async () => {
    show(figure);
    show(figure);
    const config = '<script id="jupyter-config-data" type="application/json">{"baseUrl": "/user/x/"}</script>';
    const html = notebook.published.map(({ data }) => data['text/html']).join('\n');
    const { document } = await openPage(config + html);
    expect([...document.querySelectorAll('script[src]')].map((script) => script.getAttribute('src'))).toEqual([
      '/user/x/files/node_modules/plotly.js-dist/plotly.js',
    ]);
    expect(document.querySelectorAll('div > img')).toHaveLength(2);
  });

  test('in a page that has plotly.js the figure takes the picture’s place', async () => {
    show(figure);
    const react = vi.fn();
    const { document } = await openPage(notebook.published[0]!.data['text/html']!, { Plotly: { react } });
    expect(document.querySelectorAll('img')).toHaveLength(0);
    expect(react).toHaveBeenCalledTimes(1);
    const [target, data, given, config] = react.mock.calls[0] as [Element, Figure['data'], object, object];
    expect(target).toBe(document.querySelector('div'));
    expect(data).toEqual([{ ...figure.data[0], y: [0.123457, 2] }]);
    expect(given).toEqual(JSON.parse(scriptJson(figure.layout)));
    expect(config).toMatchObject({ responsive: true });
  });

  test('the last expression of a cell: a figure is shown, but not twice; tables are shown; other values are not ours', () => {
    const hook = (globalThis as Record<symbol, unknown>)[Symbol.for('fun.showLastExpression')] as (
      v: unknown,
    ) => boolean;
    expect(hook(figure)).toBe(true);
    expect(notebook.published).toHaveLength(1);
    notebook.nextCell();
    show(figure);
    expect([hook(figure), notebook.published.length]).toEqual([true, 2]);
    notebook.nextCell();
    expect([hook(figure), notebook.published.length]).toEqual([true, 3]);
    expect([hook(arquero({ a: [1] })), notebook.published.length]).toEqual([true, 4]);
    expect([hook([1, 2]), hook(undefined), hook({ data: 1 }), notebook.published.length]).toEqual([
      false,
      false,
      false,
      4,
    ]);
  });

  test('tables and Markdown', () => {
    table([{ a: 1 }]);
    markdown('**bold**');
    expect(notebook.published.map(({ data }) => Object.keys(data))).toEqual([
      ['text/html', 'text/plain'],
      ['text/markdown', 'text/plain'],
    ]);
  });
});

describe('outside a notebook', () => {
  test('a figure is only handed back; tables and text are printed; no cell is ever interrupted', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    expect(show(figure)).toBe(figure);
    expect(log).not.toHaveBeenCalled();
    table([{ a: 1 }]);
    markdown('**bold**');
    expect(log.mock.calls).toEqual([['a\n1'], ['**bold**']]);
    log.mockRestore();
    await yieldNow();
    expect(cellSignal().aborted).toBe(false);
  });
});

describe('tables', () => {
  const rows = [
    { language: 'sw', accuracy: 61.234567, seeds: 4 },
    { language: 'a<b', accuracy: NaN, note: 'none' },
  ];

  test('as text: columns of all rows, numbers at the right, four significant digits', () => {
    expect(tableText(rows, { title: 'Scores' })).toBe(
      [
        'Scores',
        'language  accuracy  seeds  note',
        'sw           61.23      4',
        'a<b              –         none',
      ].join('\n'),
    );
  });

  test('as HTML: text is escaped, a column has its format', () => {
    const html = tableHtml(rows, {
      columns: ['language', 'accuracy'],
      format: { accuracy: (v) => `${Number(v).toFixed(1)} %` },
    });
    const cells = [...new JSDOM(html).window.document.querySelectorAll('td')].map((cell) => cell.textContent);
    expect(cells).toEqual(['sw', '61.2 %', 'a<b', 'NaN %']);
  });

  test('arquero tables and danfo data frames give the same as their rows', async () => {
    const plain = [
      { language: 'sw', accuracy: 61.5 },
      { language: 'zh', accuracy: 70 },
    ];
    const { DataFrame } = await import('danfojs-node');
    expect(tableText(fromJSON(JSON.stringify(plain)) as never)).toBe(tableText(plain));
    expect(tableText(new DataFrame(plain) as never)).toBe(tableText(plain));
  });

  test('an unknown column or option is refused', () => {
    expect(() => tableText(rows, { columns: ['langage'] })).toThrow(
      /no column "langage". There are: language, accuracy, seeds, note/,
    );
    expect(() => tableText(rows, { digits: 2 } as object)).toThrow(/unknown "digits"/);
  });
});

test('data in a script cannot end it; typed arrays are arrays', () => {
  expect(scriptJson({ a: '</script>\u2028', b: new Float32Array([0.5, 2]) })).toBe(
    '{"a":"\\u003c/script>\\u2028","b":[0.5,2]}',
  );
});

/** The page with its scripts run, after promises have settled. */
async function openPage(html: string, globals: object = {}): Promise<Window> {
  const { window } = new JSDOM(`<body>${html}</body>`, {
    runScripts: 'dangerously',
    beforeParse: (page) => void Object.assign(page, globals),
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  return window as unknown as Window;
}
