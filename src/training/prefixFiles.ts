/** Hidden states that do not fit in memory: one safetensors file a chunk, in a folder with a budget of bytes. */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../engine/errors';
import { openSafetensors, writeSafetensors } from '../models/formats/safetensors';
import type { ReadRows } from './prefixCache';

export class PrefixFiles {
  private hasFailed = false;

  constructor(
    private readonly folder: string,
    /** Of all files of the folder, those that were cut off too; the ones that were used longest ago give way. */
    readonly bytes: number,
    private readonly onWarning: (message: string) => void = () => undefined,
  ) {}

  /** The file of this content, if it is whole and has these depths. */
  open(content: string, depths: readonly number[]): ReadRows | undefined {
    const path = this.path(content);
    if (!existsSync(path)) return undefined;
    try {
      const file = openSafetensors(path);
      const isComplete = depths.every((depth) => file.names().includes(String(depth)));
      file.close();
      if (!isComplete) return undefined;
    } catch {
      rmSync(path, { force: true });
      return undefined;
    }
    markUsed(path);
    return readRows(path);
  }

  /** Undefined when it could not be written; nothing more is tried to be written then. */
  write(content: string, states: ReadonlyMap<number, Float32Array>, width: number): ReadRows | undefined {
    const path = this.path(content);
    if (this.hasFailed) return undefined;
    try {
      mkdirSync(this.folder, { recursive: true });
      this.makeRoom([...states.values()].reduce((sum, { byteLength }) => sum + byteLength, 0));
      const tensors = [...states].map(
        ([depth, data]) => [String(depth), { data, shape: [data.length / width, width] }] as const,
      );
      writeSafetensors(path, new Map(tensors));
    } catch (error) {
      this.hasFailed = true;
      this.onWarning(`Frozen layers are computed at every step, for want of room to keep them: ${messageOf(error)}`);
      return undefined;
    }
    return readRows(path);
  }

  private makeRoom(needed: number): void {
    const files = readdirSync(this.folder)
      .flatMap((name) => {
        const path = join(this.folder, name);
        const state = statSync(path, { throwIfNoEntry: false }); // another run may have removed it meanwhile
        return state === undefined ? [] : { path, size: state.size, mtimeMs: state.mtimeMs };
      })
      .sort((a, b) => a.mtimeMs - b.mtimeMs);
    let used = files.reduce((sum, { size }) => sum + size, 0);
    for (const { path, size } of files) {
      if (used + needed <= this.bytes) return;
      rmSync(path, { force: true });
      used -= size;
    }
  }

  private path(content: string): string {
    return join(this.folder, `${content}.safetensors`);
  }
}

function markUsed(path: string): void {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch {
    // Another run has removed it meanwhile, or it is another user's: it then gives way a little earlier.
  }
}

const readRows =
  (path: string): ReadRows =>
  (depth, from, to) => {
    const file = openSafetensors(path);
    try {
      return file.readRows(String(depth), from, to).data as Float32Array;
    } finally {
      file.close();
    }
  };
