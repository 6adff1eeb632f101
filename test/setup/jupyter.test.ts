import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { doctor } from '../../src/commands/doctorReport';
import { hasJupyter } from '../../src/notebook/jupyter';
import { temporaryFolder } from '../temporaryFolder';
import { setupModule, toolFolder } from './scripts';

const { jupyterIsReady, jupyterFolder, setUpJupyter } = await setupModule<{
  jupyterIsReady: (env?: object) => boolean;
  jupyterFolder: (home: string) => string;
  setUpJupyter: (log: (line: string) => void, link?: string) => Promise<void>;
}>('jupyter.mjs');

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A folder that looks like a Python environment with Jupyter. */
function environmentAt(folder: string): string {
  mkdirSync(join(folder, 'bin'), { recursive: true });
  for (const program of ['python', 'jupyter']) writeFileSync(join(folder, 'bin', program), '');
  return folder;
}

test("set-up, doctor and notebooks look in the same place: in FUN_JUPYTER, else in set-up's own environment", async () => {
  const [home, own] = [temporaryFolder(), environmentAt(temporaryFolder())];
  const empty = temporaryFolder();
  const agreed = async (env: NodeJS.ProcessEnv) => {
    const { findings } = await doctor(env, async () => 100);
    const finding = findings.find(({ subject }) => subject === 'Jupyter')!;
    expect([hasJupyter(env), finding.state === 'ok']).toEqual([jupyterIsReady(env), jupyterIsReady(env)]);
    return jupyterIsReady(env);
  };
  environmentAt(join(home, 'jupyter-of-an-older-age'));
  expect(await agreed({ FUN_HOME: home })).toBe(false);
  expect(await agreed({ FUN_HOME: home, FUN_JUPYTER: own })).toBe(true);
  rmSync(join(own, 'bin/python')); // one that has python3 alone
  expect(await agreed({ FUN_HOME: home, FUN_JUPYTER: own })).toBe(true);
  environmentAt(jupyterFolder(home));
  expect(await agreed({ FUN_HOME: home })).toBe(true);
  expect(await agreed({ FUN_HOME: home, FUN_JUPYTER: '' })).toBe(true);
  expect(await agreed({ FUN_HOME: home, FUN_JUPYTER: empty })).toBe(false);
});

test('a FUN_JUPYTER without Jupyter is refused: nobody would look at an environment made beside it', async () => {
  vi.stubEnv('FUN_JUPYTER', temporaryFolder());
  vi.stubEnv('PATH', toolFolder({}));
  await expect(setUpJupyter(() => undefined, join(temporaryFolder(), 'jupyter'))).rejects.toThrow(
    /No Jupyter in FUN_JUPYTER=".*"\. Install jupyterlab, nbclient and nbconvert there, or unset FUN_JUPYTER/,
  );
});

test("a user whose pip installs for the user or in an active environment only gets set-up's own environment", async () => {
  const installs = `
case "$*" in
  *"-m venv"*) for folder; do :; done; mkdir -p "$folder/bin" ;;
  *" install "*) [ "$PIP_USER $PIP_REQUIRE_VIRTUALENV" = "0 0" ] || { echo "ERROR: Can not perform a '--user' install"; exit 1; } ;;
esac`;
  const tools = toolFolder({ python3: installs });
  vi.stubEnv('PATH', `${tools}:/usr/bin:/bin`);
  vi.stubEnv('PIP_USER', '1');
  vi.stubEnv('PIP_REQUIRE_VIRTUALENV', '1');
  vi.stubEnv('FUN_JUPYTER', '');
  const link = join(temporaryFolder(), 'jupyter');
  await setUpJupyter(() => undefined, link);
  expect(existsSync(join(link, 'bin'))).toBe(true);
});
