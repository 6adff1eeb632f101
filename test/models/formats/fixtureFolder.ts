/** Where the golden files of the Python libraries lie; tests that need them say so when they are skipped. */
import * as fs from 'node:fs';
import * as path from 'node:path';

export const fixtureFolder = path.resolve(process.env.FUN_PARITY_DIR ?? '../shared/parity/fixtures');
export const fixturesExist = fs.existsSync(fixtureFolder);
export const fixturesTitle = fixturesExist
  ? 'parity fixtures'
  : `parity fixtures (skipped: no ${fixtureFolder}; set FUN_PARITY_DIR)`;
export const modelKinds = ['bert', 'xlmr', 'deberta'] as const;
export const adapterFolder = (kind: string, name: string) => path.join(fixtureFolder, kind, 'adapters', name);
