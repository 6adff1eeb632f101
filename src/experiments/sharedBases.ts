/**
 * Base models that labs and runs of this process share: running the cell that opens a lab once more loads nothing
 * again. The last one to close a base frees it.
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

/**
 * As `openBase`, for runs that leave the base as it is. A model in a folder is opened anew each time, since its files
 * may have changed.
 */
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

/** Opens something on the shared base where the run can have that, else on one of its own, which is closed with it. */
export async function onBase<Opened extends { close(): void | Promise<void> }>(
  configuration: RunConfiguration,
  shared: SharedBase | undefined,
  open: (base: SharedBase) => Promise<Opened>,
): Promise<Opened> {
  const canShare = !changesBase(configuration) && configuration.precision === shared?.precision;
  if (canShare) return open(shared);
  const own = await openBase(configuration);
  try {
    const opened = await open(own);
    const close = async () => {
      await opened.close();
      own.close();
    };
    return { ...opened, close };
  } catch (error) {
    own.close(); // most likely data are missing, and a notebook tries again when it has them
    throw error;
  }
}
