/** A disk that is full for a while: every write fails as the system's would, after a part of it was written. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { writeSync, writeFileSync, appendFileSync } = fs;

/** Writes of this process fail from now on; returns how to make room. */
export function fillDisk(): () => void {
  const full = () => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  const replace = (writers: Partial<Record<keyof typeof fs, unknown>>) => {
    Object.assign(fs, writers);
    syncBuiltinESMExports();
  };
  replace({
    writeSync(descriptor: number, data: Uint8Array, offset: number, length: number) {
      writeSync(descriptor, data, offset, Math.floor(length / 2));
      throw full();
    },
    ...Object.fromEntries(
      Object.entries({ writeFileSync, appendFileSync }).map(([name, write]) => [
        name,
        (file: fs.PathOrFileDescriptor, data: string | Uint8Array, options?: fs.WriteFileOptions) => {
          write(file, data.slice(0, Math.floor(data.length / 2)), options);
          throw full();
        },
      ]),
    ),
  });
  return () => replace({ writeSync, writeFileSync, appendFileSync });
}
