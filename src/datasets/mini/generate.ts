// Writes the mini suite to data/mini: npx tsx src/datasets/mini/generate.ts
import { join, resolve } from 'node:path';
import { writeWhole } from '../../engine/atomicFile';
import { miniSuite } from './suite';

const root = resolve(__dirname, '../../../data/mini');
for (const [path, contents] of miniSuite()) writeWhole(join(root, path), contents);
console.log(`Wrote the mini suite to ${root}`);
