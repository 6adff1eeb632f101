import { describe, expect, test } from 'vitest';
import { setupModule } from './scripts';

interface Choice {
  kind: string;
  reason: string;
  forced?: boolean;
}
interface Found {
  requested?: string;
  machine: string;
  nvidiaDriver: boolean;
  wheels: object;
}
const { chooseEngine } = await setupModule<{ chooseEngine: (found: Found) => Choice }>('engineChoice.mjs');
const { pins } = await setupModule<{ pins: { tensorflow: object } }>('pins.mjs');
const choose = (found: Partial<Found>) =>
  chooseEngine({ machine: 'linux-x64', nvidiaDriver: false, wheels: pins.tensorflow, ...found });

describe('the choice of engine', () => {
  test.each([
    ['linux-x64', false, 'cpu'],
    ['linux-x64', true, 'cuda'],
    ['linux-arm64', false, 'cpu'],
    ['linux-arm64', true, 'cpu'],
    ['darwin-arm64', false, 'cpu'],
    ['darwin-x64', false, 'wasm'],
    ['win32-x64', true, 'wasm'],
  ])('%s, NVIDIA driver %s: %s', (machine, nvidiaDriver, kind) => {
    expect(choose({ machine, nvidiaDriver })).toMatchObject({ kind, reason: expect.stringMatching(/./) as string });
  });

  test.each(['cuda', 'cpu', 'wasm', 'js'])('FUN_ENGINE=%s forces it, driver or not', (requested) => {
    for (const nvidiaDriver of [true, false]) {
      expect(choose({ requested, nvidiaDriver })).toEqual({
        kind: requested,
        reason: `FUN_ENGINE=${requested}`,
        forced: true,
      });
    }
  });

  test('an engine that does not exist here is refused with what is allowed', () => {
    expect(() => choose({ requested: 'tpu' })).toThrow('FUN_ENGINE="tpu" is not known. Allowed: cuda, cpu, wasm, js.');
    expect(() => choose({ requested: 'cuda', machine: 'darwin-arm64' })).toThrow(/for linux-x64, not for darwin-arm64/);
  });
});

test('every wheel is pinned by version, platform and SHA-256', () => {
  interface Wheel {
    package?: string;
    platform: string;
    sha256: string;
  }
  const { tensorflow, embeddedModel } = pins as unknown as {
    tensorflow: {
      version: string;
      cpu: Record<string, Wheel>;
      cuda: Record<string, Wheel>;
      nvidia: (Wheel & { version: string })[];
    };
    embeddedModel: { version: string; sha256: string; wheels: Record<string, Wheel> };
  };
  const wheels = [
    ...Object.values(tensorflow.cpu),
    ...Object.values(tensorflow.cuda),
    ...tensorflow.nvidia,
    ...Object.values(embeddedModel.wheels),
  ];
  expect(wheels.length).toBe(19);
  for (const wheel of wheels) {
    expect(wheel.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(wheel.platform).toMatch(/^(manylinux|macosx)_/);
  }
  expect(new Set(wheels.map(({ sha256 }) => sha256)).size).toBe(wheels.length);
});
