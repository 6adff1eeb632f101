/** What the doctor says of a clone in which no native engine loaded. */
import { expect, test, vi } from 'vitest';
import { doctor } from '../../src/commands/doctorReport';
import type * as Tf from '../../src/engine/tf';

vi.mock('../../src/engine/tf', async (original) => ({
  ...(await original<typeof Tf>()),
  openEngine: async (): Promise<Tf.EngineInfo> => ({
    backend: 'wasm',
    tensorflowVersion: undefined,
    device: 'CPU',
    threads: 1,
    fused: false,
    why: ['set-up has not run'],
  }),
}));

test.each([
  [{}, 'npm start'],
  [{ FUN_ENGINE: 'wasm' }, 'unset FUN_ENGINE and run npm start'],
])('with %j it is mended by: %s', async (environment, mend) => {
  const { findings } = await doctor(environment, async () => 7);
  expect(findings.find(({ subject }) => subject === 'engine')).toMatchObject({ state: 'missing', mend });
});
