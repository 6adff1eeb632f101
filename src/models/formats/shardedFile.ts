/**
 * A checkpoint in several files with an index (`model.safetensors.index.json`, `pytorch_model.bin.index.json`):
 * `{ "weight_map": { name: file } }`. Each file is opened when its first tensor is read.
 */
import * as path from 'node:path';
import { shown, UserError } from '../../engine/errors';
import { isJsonObject, readJsonObject } from './jsonFile';
import { lookUp, type TensorFile } from './tensorFile';

/** `open` opens one of the files; it gets the file's full path. */
export function openShardedFile(indexPath: string, open: (file: string) => TensorFile): TensorFile {
  const fileOf = readIndex(indexPath);
  const shards = new Map<string, TensorFile>();
  const shardOf = (name: string): TensorFile => {
    const file = lookUp(fileOf, name, indexPath);
    let shard = shards.get(file);
    if (shard === undefined) {
      shard = open(path.join(path.dirname(indexPath), file));
      shards.set(file, shard);
    }
    return shard;
  };
  return {
    names: () => [...fileOf.keys()],
    info: (name) => shardOf(name).info(name),
    read: (name) => shardOf(name).read(name),
    readRows: (name, from, to) => shardOf(name).readRows(name, from, to),
    close() {
      for (const shard of shards.values()) shard.close();
      shards.clear();
    },
  };
}

/** tensor name → file name. A file name with a folder in it is refused: shards lie beside their index. */
export function readIndex(indexPath: string): Map<string, string> {
  const map = readJsonObject(indexPath).weight_map;
  if (!isJsonObject(map)) throw new UserError(`${indexPath} has no "weight_map".`);
  const files = new Map<string, string>();
  for (const [name, file] of Object.entries(map)) {
    if (typeof file !== 'string' || !/^[^/\\:]+$/.test(file) || /^\.+$/.test(file)) {
      throw new UserError(`${indexPath} names ${shown(file)} for "${name}"; only files beside it are read.`);
    }
    files.set(name, file);
  }
  return files;
}
