/**
 * Base models that labs of this process share: running the cell that opens a lab once more loads nothing again. The last
 * one to close a base frees it.
 */
import { isModelFolder } from '../models/modelNames';
import type { RunConfiguration } from './configuration';
import { openBase, type SharedBase } from './openBase';

interface Opened {
  readonly base: Promise<SharedBase>;
  users: number;
}

const opened = new Map<string, Opened>();

/** Full fine-tuning trains its base, so it needs one of its own. */
export const changesBase = ({ method }: Pick<RunConfiguration, 'method'>): boolean => method.type === 'full';

/** As `openBase`, for runs that leave the base as it is. A model in a folder is opened anew each time, since its files may have changed. */
export async function shareBase({
  model,
  precision,
}: Pick<RunConfiguration, 'model' | 'precision'>): Promise<SharedBase> {
  const open = () => openBase({ model, precision, method: { type: 'bottleneck' } });
  if (isModelFolder(model)) return open();
  const key = `${model} ${precision}`;
  const entry: Opened = opened.get(key) ?? { base: open(), users: 0 };
  opened.set(key, entry);
  entry.users += 1;
  const leave = (): boolean => {
    entry.users -= 1;
    return entry.users === 0 && opened.delete(key);
  };
  let base: SharedBase;
  try {
    base = await entry.base;
  } catch (error) {
    leave();
    throw error;
  }
  let isClosed = false;
  return {
    ...base,
    close() {
      if (!isClosed && leave()) base.close();
      isClosed = true;
    },
  };
}
