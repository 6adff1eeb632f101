/**
 * A panel that shows a run while it trains:
 *
 *     const live = livePanel();
 *     for await (const event of run) live.update(event);
 *
 * In a notebook: loss, English validation, tr(F) by layer and the strip of trained layers, redrawn at most twice a
 * second; at the end it becomes an ordinary figure that is saved with the notebook. In a terminal: one line.
 */
import { randomUUID } from 'node:crypto';
import { passingLine } from '../experiments/display';
import type { TrainingEvent } from '../training/events';
import { figureBundle } from './display';
import { drawScript, escapeHtml } from './figureHtml';
import { liveFigure, PANEL_HEIGHT } from './liveFigure';
import { initialState, statusLine, take } from './liveState';
import { inNotebook, replaceableDisplay } from './output';

export interface LivePanel {
  /** Takes an event of the run; costs microseconds, and a few milliseconds when it is time to redraw. */
  update(event: TrainingEvent): void;
}

export interface LivePanelOptions {
  /** Least time between two redrawings, in milliseconds. Default: 500; a log that is no terminal: 30 s. */
  readonly interval?: number;
}

/** Where a panel is shown. */
interface Surface {
  /** Least time between two calls of `draw`, in milliseconds. */
  readonly interval: number;
  draw(): void;
  /** The last state: the run is done or was stopped. */
  finish(): void;
}

/** A panel in the cell's output, or a line in the terminal, that shows the run whose events `update` is given. */
export function livePanel(options: LivePanelOptions = {}): LivePanel {
  const state = initialState();
  const line = () => statusLine(state);
  const surface = inNotebook() ? notebookSurface(() => liveFigure(state), line) : terminalSurface(line);
  const interval = options.interval ?? surface.interval;
  let drawn = -Infinity;
  return {
    update(event) {
      take(state, event);
      if (event.type === 'done' || event.type === 'interrupted') {
        surface.finish();
        return;
      }
      const now = performance.now();
      if (now - drawn < interval) return;
      surface.draw();
      // The time that drawing took does not count as waiting.
      drawn = performance.now();
    },
  };
}

/** A fixed element, and beside it an output that is replaced by the script that redraws the element. */
function notebookSurface(figure: () => ReturnType<typeof liveFigure>, line: () => string): Surface {
  const id = `live-${randomUUID()}`;
  const panel = replaceableDisplay();
  const script = replaceableDisplay();
  let begun = false;
  return {
    interval: 500,
    draw() {
      if (!begun) {
        panel({
          'text/html': `<div id="${id}" style="min-height: ${PANEL_HEIGHT}px"></div>`,
          'text/plain': 'live panel',
        });
        begun = true;
      }
      script({ 'text/html': `<script>${drawScript(id, figure())}</script>`, 'text/plain': line() });
    },
    finish() {
      panel(figureBundle(figure()));
      script({ 'text/html': `<p>${escapeHtml(line())}</p>`, 'text/plain': line() });
      // Events that come after a resume draw in a new place of the same outputs.
      begun = false;
    },
  };
}

function terminalSurface(line: () => string): Surface {
  const { stdout } = process;
  if (!stdout.isTTY) return { interval: 30_000, draw: () => console.log(line()), finish: () => console.log(line()) };
  const rewrite = () => passingLine(line(), stdout.columns);
  return { interval: 500, draw: () => void stdout.write(rewrite()), finish: () => void stdout.write(`${rewrite()}\n`) };
}
