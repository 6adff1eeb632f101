// The fused operations of src/engine/fused, compiled against the engine's headers and linked into this clone.
// Optional: without them, or with FUN_FUSED=0, the composed forms run.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { rm } from 'node:fs/promises';
import { SetupError } from './command.mjs';
import { compileFusedOps, findCompiler, fusedRecipe } from './compiler.mjs';
import { chosenEngine, engineFolder } from './engine.mjs';
import { buildWhole, exists, linkWhole, writeWhole } from './files.mjs';
import { cloneEngine } from './places.mjs';

/** Only the CPU engine runs them; a build that failed is not tried again until something has changed. */
export function fusedOpsAreSettled() {
  if (process.env.FUN_FUSED === '0' || process.env.FUN_ENGINE === 'wasm' || process.env.FUN_ENGINE === 'js')
    return true;
  if (chosenEngine()?.kind !== 'cpu') return true;
  const { fused, fusedRecord } = cloneEngine();
  if (!existsSync(fusedRecord)) return false;
  const { library, why } = JSON.parse(readFileSync(fusedRecord, 'utf8'));
  return library === basename(fusedLibrary()) && (why !== undefined || existsSync(fused));
}

export async function setUpFusedOps(log) {
  const { fused, fusedRecord } = cloneEngine();
  const library = fusedLibrary();
  const record = (why) => writeWhole(fusedRecord, JSON.stringify({ library: basename(library), why }));
  try {
    if (!(await exists(library))) {
      const compiler = await findCompiler();
      const tensorflow = join(engineFolder('cpu'), 'tensorflow');
      await buildWhole(library, async (folder) => {
        const output = join(folder, 'fused.node');
        await compileFusedOps(compiler, tensorflow, folder, output);
        return output;
      });
    }
    await linkWhole(library, fused);
    await record();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    log(`  The fused operations could not be built (the composed ones are used): ${error.message}`);
    await rm(fused, { force: true });
    await record(error.message);
  }
}

/** Beside the engine's libraries; named by sources and compiler flags. */
function fusedLibrary() {
  const hash = createHash('sha256');
  for (const part of fusedRecipe()) hash.update(part);
  return join(engineFolder('cpu'), 'tensorflow', `fused-${hash.digest('hex').slice(0, 12)}.node`);
}
