/**
 * Outputs of a notebook cell: one output in several MIME types, of which a page shows the best it can, and outputs that
 * are replaced in place. Outside a kernel there is no page, and nothing happens.
 */
import { randomUUID } from 'node:crypto';

/** The same content by MIME type. Pictures are base64. */
export interface MimeBundle {
  readonly 'text/plain': string;
  readonly 'text/html'?: string;
  readonly 'text/markdown'?: string;
  readonly 'image/png'?: string;
}

interface DisplayData {
  readonly data: MimeBundle;
  readonly metadata: object;
  readonly transient: { readonly display_id?: string };
}

/** The kernel puts it there for the cell that runs (jupyter/kernels/tslab/execution.cjs). */
function publisher(): ((data: DisplayData, update: boolean) => void) | undefined {
  const publish = (globalThis as Record<symbol, unknown>)[Symbol.for('fun.publish')];
  return typeof publish === 'function' ? (publish as (data: DisplayData, update: boolean) => void) : undefined;
}

/** Whether this process is the kernel of a notebook. */
export const inNotebook = (): boolean => publisher() !== undefined;

/** Shows one output under the cell. */
export function display(data: MimeBundle): void {
  publisher()?.({ data, metadata: {}, transient: {} }, false);
}

/** An output that is shown at the first call and replaced in place by each later one, even from another cell. */
export function replaceableDisplay(): (data: MimeBundle) => void {
  const display_id = randomUUID();
  let shown = false;
  return (data) => {
    publisher()?.({ data, metadata: {}, transient: { display_id } }, shown);
    shown = true;
  };
}
