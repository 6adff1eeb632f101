/** What a cell would show, without a kernel: takes the kernel's place and keeps what is published. */
import { afterEach, beforeEach } from 'vitest';

export interface Published {
  readonly data: Readonly<Record<string, string>>;
  /** The output that is replaced, or undefined for an output of its own. */
  readonly id: string | undefined;
  readonly update: boolean;
}

const PUBLISH = Symbol.for('fun.publish');
const SIGNAL = Symbol.for('fun.cellSignal');

/** While the tests of the file run, `published` holds what the test at hand has shown so far. */
export function fakeNotebook(): { readonly published: Published[]; nextCell: () => void } {
  const published: Published[] = [];
  const globals = globalThis as Record<symbol, unknown>;
  const nextCell = () => {
    const { signal } = new AbortController();
    globals[SIGNAL] = () => signal;
  };
  beforeEach(() => {
    published.length = 0;
    nextCell();
    globals[PUBLISH] = (
      output: { data: Record<string, string>; transient: { display_id?: string } },
      update: boolean,
    ) => published.push({ data: output.data, id: output.transient.display_id, update });
  });
  afterEach(() => {
    delete globals[PUBLISH];
    delete globals[SIGNAL];
  });
  return { published, nextCell };
}

/** The outputs as a notebook would save them: each at its place, with its last content. */
export function saved(published: readonly Published[]): Published['data'][] {
  const places: Published[] = [];
  for (const output of published) {
    const place = output.update ? places.findIndex(({ id }) => id === output.id) : -1;
    if (place === -1) places.push(output);
    else places[place] = output;
  }
  return places.map(({ data }) => data);
}
