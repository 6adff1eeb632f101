// Writes the mini suite to data/mini: npx tsx src/datasets/mini/generate.ts
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { miniSuite } from './suite';

const root = resolve(__dirname, '../../../data/mini');
for (const [path, contents] of miniSuite()) {
  const target = join(root, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(`${target}.tmp`, contents);
  renameSync(`${target}.tmp`, target);
}
console.log(`Wrote the mini suite to ${root}`);
