import { describe, expect, test, vi } from 'vitest';
import { doctor, printDoctor, type DoctorReport } from '../../src/commands/doctorReport';
import { engineLine } from '../../src/engine/engineLine';
import type { EngineInfo } from '../../src/engine/tf';

const engine: EngineInfo = {
  backend: 'tensorflow',
  tensorflowVersion: '2.21.0',
  device: 'CPU',
  threads: 2,
  fused: true,
  why: ['no NVIDIA driver'],
};

/** What printDoctor prints and returns. */
function printed(report: DoctorReport): { text: string; exitCode: number } {
  const lines: string[] = [];
  const exitCode = printDoctor(report, (line) => lines.push(line));
  return { text: lines.join('\n'), exitCode };
}

describe('the first line of a run', () => {
  test('names the engine', () => {
    expect(engineLine(engine)).toBe('TensorFlow 2.21.0, CPU, 2 threads, float32, fused operations');
    vi.stubEnv('FUN_PRECISION', 'bf16');
    expect(engineLine(engine)).toBe('TensorFlow 2.21.0, CPU, 2 threads, bf16, fused operations');
    vi.unstubAllEnvs();
  });

  test('says why when it is a fallback', () => {
    const fallback: EngineInfo = {
      ...engine,
      backend: 'wasm',
      tensorflowVersion: undefined,
      threads: 1,
      fused: false,
      why: ['no compiler'],
    };
    expect(engineLine(fallback)).toBe('WebAssembly, CPU, 1 thread, float32 (no compiler)');
  });
});

describe('the doctor', () => {
  test('measures both precisions and finds what set-up made', async () => {
    const report = await doctor();
    expect(report.gflops.float32).toBeGreaterThan(1);
    expect(report.gflops.bf16).toBeGreaterThan(1);
    expect(report.canRunMainJob).toBe(true);
    const { text, exitCode } = printed(report);
    expect(exitCode).toBe(0);
    expect(text).toMatch(/^TensorFlow 2\.\d+\.\d+, [CG]PU, \d+ threads?, float32/);
    expect(text).toMatch(/matrix products: float32 \d+ GFLOPS, bf16 \d+ GFLOPS: (bf16|float32) /);
  });

  test('says on either device that nobody has run this project on a GPU', () => {
    const gflops = { float32: 100, bf16: undefined };
    const report = (device: 'CPU' | 'GPU') => ({
      engine: { ...engine, device },
      gflops,
      findings: [],
      canRunMainJob: true,
    });
    expect(printed(report('CPU')).text).toMatch(/GPU: none in use; this project has not been run on a GPU/);
    expect(printed(report('GPU')).text).toMatch(/GPU: in use; this project has not been run on a GPU by its makers/);
  });

  test('in an empty cache it names each missing thing and the command that mends it, and exits with 1', async () => {
    const emptyPlaces = { ...process.env, FUN_HOME: '/absent-home', FUN_DATA: '/absent-data' };
    const report = await doctor(emptyPlaces, async () => 100);
    const blocking = report.findings.filter(({ state }) => state === 'blocking');
    expect(blocking.map(({ subject, mend }) => [subject, mend])).toEqual([
      ['embedded model', 'npm start'],
      ['Jupyter', 'npm start'],
    ]);
    const { text, exitCode } = printed(report);
    expect(exitCode).toBe(1);
    expect(text).toContain('FUN_DATA="/absent-data" does not exist');
    expect(text).toContain('The main job (npm start) cannot run yet.');
  });

  test('without data sets it names the command that fetches one', async () => {
    const { FUN_DATA: _, ...environment } = process.env;
    const { findings } = await doctor({ ...environment, FUN_HOME: '/absent-home' }, async () => 100);
    const data = findings.find(({ subject }) => subject === 'published data');
    expect(data).toMatchObject({
      state: 'missing',
      mend: expect.stringContaining('npm run data -- fetch NAME') as string,
    });
  });
});
