/** PyTorch's `.bin` since 1.6: a zip of `NAME/data.pkl` and one stored entry `NAME/data/KEY` for each storage. */
import { UserError } from '../../engine/errors';
import { readBytes, type BinaryFile } from './binaryFile';
import { ByteCursor } from './byteCursor';
import { DTYPE_BYTES } from './dtype';
import { LARGEST_PICKLE, readPickle } from './pickle';
import { tensorFileOver, type TensorFile } from './tensorFile';
import { tensorsOf, torchRules, type TorchStorage } from './torchPickle';
import { readZipDirectory } from './zipDirectory';

export function readTorchZip(file: BinaryFile): TensorFile {
  const entries = readZipDirectory(file);
  const pickles = [...entries.keys()].filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickles.length !== 1) {
    throw new UserError(
      `${file.name} is a zip, but not PyTorch's: it has ${pickles.length} entries NAME/data.pkl instead of one.`,
    );
  }
  const pickle = entries.get(pickles[0]!)!;
  if (pickle.size > LARGEST_PICKLE)
    throw new UserError(`${file.name}: ${pickle.name} is over ${LARGEST_PICKLE} bytes.`);
  const prefix = pickle.name.slice(0, -'data.pkl'.length);

  const order = entries.get(`${prefix}byteorder`);
  if (
    order !== undefined &&
    new TextDecoder().decode(readBytes(file, order.offset, Math.min(order.size, 8))) !== 'little'
  ) {
    throw new UserError(`${file.name} stores its numbers in big-endian order, which is not read here.`);
  }
  const { rules } = torchRules(file.name);
  const root = readPickle(new ByteCursor(file, pickle.offset, pickle.offset + pickle.size), rules, file.name);

  const offsetOf = ({ key, count, dtype }: TorchStorage): number => {
    const entry = entries.get(`${prefix}data/${key}`);
    if (entry === undefined) throw new UserError(`${file.name} is damaged: its storage ${key} is missing.`);
    if (entry.size < count * DTYPE_BYTES[dtype]) {
      throw new UserError(
        `${file.name} is damaged: storage ${key} needs ${count * DTYPE_BYTES[dtype]} bytes and has ${entry.size}.`,
      );
    }
    return entry.offset;
  };
  return tensorFileOver(file, tensorsOf(root, offsetOf, file.name));
}
