/** Whether a run keeps the hidden states of its frozen layers, and in how much room. */
import { isWorthCaching, PrefixCache } from './prefixCache';
import { PrefixFiles } from './prefixFiles';
import type { TrainingOptions } from './trainingOptions';

/** Bytes of hidden states of the frozen layers. */
const prefixBytes = { inMemory: 1 << 30, inFiles: 4 * (1 << 30) };

/** The cache of a run, where its settings allow one and it gains by it. */
export function openPrefixCache({ model, examples, ...options }: TrainingOptions): PrefixCache | undefined {
  const { prefixDropout, steps, batchSize } = options.settings;
  const { use = 'auto', folder } = options.prefixCache ?? {};
  if (prefixDropout || options.examplesOfEpoch !== undefined || use === 'never') return undefined;
  if (use === 'auto' && !isWorthCaching({ examples: examples.length, steps, batchSize })) return undefined;
  const files = folder === undefined ? undefined : new PrefixFiles(folder, prefixBytes.inFiles, options.onWarning);
  return new PrefixCache({
    model,
    examples,
    padId: options.padId,
    memoryBytes: prefixBytes.inMemory,
    ...(files === undefined ? {} : { files }),
  });
}
