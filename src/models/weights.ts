/** Where a base model's weights come from: a file of some format, or a seeded random initialisation. */
import { randomTensors, type ReadTensor } from '../nn/parameterFactory';
import { plainEmbeddingTable, type EmbeddingTable } from './embeddingTable';

/** Named float32 tensors. Names are those of the Python libraries, with the model's prefix. */
export interface WeightSource {
  /** For messages: the file or folder, or how the weights were made. */
  readonly source: string;
  has(name: string): boolean;
  readonly read: ReadTensor;
  /** A table whose rows are read one at a time, so that 250,000 × hidden never lies on the device. */
  table(name: string, shape: readonly [number, number]): EmbeddingTable;
}

export function randomWeights(seed: number): WeightSource {
  const read = randomTensors(seed);
  return {
    source: `random weights (seed ${seed})`,
    has: () => true,
    read,
    table: (name, shape) => plainEmbeddingTable(read(name, shape, 'normal'), shape[1]),
  };
}
