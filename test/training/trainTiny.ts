/** The tiny run in a process of its own, to be killed: node … trainTiny.ts CHECKPOINTS OUTPUT. */
import { writeFileSync } from 'node:fs';
import { runThrough, tinyModel, tinyOptions, trainedValues } from './tiny';

async function main(): Promise<void> {
  const [folder, output] = process.argv.slice(2) as [string, string];
  const model = tinyModel();
  let firstStep: number | undefined;
  await runThrough(tinyOptions(model, { checkpoint: { folder, every: 1, fingerprint: 'tiny' } }), (event) => {
    if (event.type === 'start') firstStep = event.firstStep;
    process.stdout.write(`${event.type}\n`);
  });
  writeFileSync(output, JSON.stringify({ firstStep, values: trainedValues(model) }));
}

void main();
