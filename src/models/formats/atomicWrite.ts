/** Files appear whole or not at all: written beside their place under a passing name, then renamed. */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';

/** Calls `write` with the descriptor of a temporary file in the same folder, flushes it, renames it to `target`. */
export function writeAtomically(target: string, write: (descriptor: number) => void): void {
  fs.mkdirSync(path.dirname(target), { recursive: true });
  const temporary = `${target}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    const descriptor = fs.openSync(temporary, 'wx');
    try {
      write(descriptor);
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    fs.renameSync(temporary, target);
  } finally {
    fs.rmSync(temporary, { force: true });
  }
}

/** The same for a small text. */
export function writeTextAtomically(target: string, text: string): void {
  writeAtomically(target, (descriptor) => fs.writeFileSync(descriptor, text));
}
