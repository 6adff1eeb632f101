/** The tiny run in a process of its own, to be killed: node … trainTiny.ts CHECKPOINTS OUTPUT. */
import { writeFileSync } from 'node:fs';
import { runThrough, tinyModel, tinyOptions, trainedValues } from './tiny';

async function main(): Promise<void> {
  const [folder, output] = process.argv.slice(2) as [string, string];
  const model = tinyModel();
  await runThrough(tinyOptions(model, { checkpoint: { folder, every: 1, fingerprint: 'tiny' } }), (event) =>
    process.stdout.write(`${event.type}\n`),
  );
  writeFileSync(output, JSON.stringify(trainedValues(model)));
}

void main();
