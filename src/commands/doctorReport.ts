/** What this clone runs on, how fast it is here, what is missing, and the command that mends it. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { engineLine } from '../engine/engineLine';
import { measureProducts } from '../engine/matrixProducts';
import { embeddedModelFile, funHome, projectRoot } from '../engine/places';
import type { Precision } from '../engine/precision';
import { openEngine, type EngineInfo } from '../engine/tf';
import { hasJupyter, jupyterFolder } from '../notebook/jupyter';

export interface Finding {
  readonly subject: string;
  /** 'missing' takes something away; 'blocking' keeps the main job (`npm start`) from running. */
  readonly state: 'ok' | 'missing' | 'blocking';
  readonly detail: string;
  /** The command that mends it. */
  readonly mend?: string;
}

export interface DoctorReport {
  readonly engine: EngineInfo;
  /** Measured matrix products, 10⁹ operations a second; bf16 only on the native engine. */
  readonly gflops: { readonly float32: number; readonly bf16: number | undefined };
  readonly findings: readonly Finding[];
  readonly canRunMainJob: boolean;
}

/** Examines engine, model and data sources; takes about six seconds, most of it measuring. */
export async function doctor(
  environment: NodeJS.ProcessEnv = process.env,
  measure: (precision: Precision) => Promise<number> = measureProducts,
): Promise<DoctorReport> {
  const engine = await openEngine();
  const float32 = await measure('float32');
  const bf16 = engine.backend === 'tensorflow' ? await measure('bf16') : undefined;
  const findings = [
    engineFinding(engine, environment),
    fusedFinding(engine, environment),
    modelFinding(environment),
    jupyterFinding(environment),
    miniSuiteFinding(),
    ...dataFindings(environment),
  ];
  return {
    engine,
    gflops: { float32, bf16 },
    findings,
    canRunMainJob: findings.every(({ state }) => state !== 'blocking'),
  };
}

/** Prints the report and returns the exit code: 1 when the main job could not run. */
export function printDoctor(
  { engine, gflops, findings, canRunMainJob }: DoctorReport,
  print: (line: string) => void = console.log,
): 0 | 1 {
  print(engineLine(engine));
  print(`  matrix products: ${describeProducts(gflops)}`);
  print(
    engine.device === 'CPU'
      ? '  GPU: none in use; this project has not been run on a GPU'
      : '  GPU: in use; this project has not been run on a GPU by its makers: compare a short run with FUN_ENGINE=cpu',
  );
  const width = Math.max(...findings.map(({ subject }) => subject.length));
  for (const { subject, state, detail, mend } of findings) {
    print(`${{ ok: '✓', missing: '–', blocking: '✗' }[state]} ${subject.padEnd(width)}  ${detail}`);
    if (mend) print(`  ${' '.repeat(width)}  mend: ${mend}`);
  }
  print(canRunMainJob ? 'The main job (npm start) can run.' : 'The main job (npm start) cannot run yet.');
  return canRunMainJob ? 0 : 1;
}

/** "float32 170 GFLOPS, bf16 600 GFLOPS: FUN_PRECISION=bf16 is 3.5× faster here" */
function describeProducts({ float32, bf16 }: DoctorReport['gflops']): string {
  const plain = `float32 ${float32.toFixed(float32 < 10 ? 1 : 0)} GFLOPS`;
  if (bf16 === undefined) return plain;
  const ratio = bf16 / float32;
  const verdict =
    ratio > 1.1
      ? `bf16 is ${ratio.toFixed(1)}× faster here (FUN_PRECISION=bf16)`
      : ratio < 0.9
        ? 'float32 is faster here'
        : 'bf16 mode makes no difference on this processor';
  return `${plain}, bf16 ${bf16.toFixed(0)} GFLOPS: ${verdict}`;
}

function engineFinding({ backend, why }: EngineInfo, environment: NodeJS.ProcessEnv): Finding {
  const names = { tensorflow: 'native TensorFlow', wasm: 'WebAssembly', cpu: 'plain JavaScript' };
  const detail = `${names[backend]} (${why.join('; ')})`;
  if (backend === 'tensorflow') return { subject: 'engine', state: 'ok', detail };
  return {
    subject: 'engine',
    state: 'missing',
    detail: `${detail}: several times slower`,
    mend: environment.FUN_ENGINE ? 'unset FUN_ENGINE and run npm start' : 'npm start',
  };
}

function fusedFinding({ backend, device, fused }: EngineInfo, environment: NodeJS.ProcessEnv): Finding {
  const subject = 'fused operations';
  if (fused) return { subject, state: 'ok', detail: 'loaded' };
  if (backend !== 'tensorflow' || device === 'GPU')
    return { subject, state: 'ok', detail: 'none for this engine: the composed forms run' };
  if (environment.FUN_FUSED === '0')
    return { subject, state: 'missing', detail: 'left out (FUN_FUSED=0)', mend: 'unset FUN_FUSED' };
  const record = join(projectRoot(), 'node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/fun_fused.json');
  const why = existsSync(record) ? (JSON.parse(readFileSync(record, 'utf8')) as { why?: string }).why : undefined;
  return { subject, state: 'missing', detail: why ?? 'not built', mend: 'npm start' };
}

function modelFinding(environment: NodeJS.ProcessEnv): Finding {
  const path = embeddedModelFile(funHome(environment));
  const subject = 'embedded model';
  const pins = JSON.parse(readFileSync(join(projectRoot(), 'src/setup/pins.json'), 'utf8')) as {
    embeddedModel: { bytes: number };
  };
  const bytes = statSync(path, { throwIfNoEntry: false })?.size;
  if (bytes === undefined) return { subject, state: 'blocking', detail: `not at ${path}`, mend: 'npm start' };
  if (bytes !== pins.embeddedModel.bytes) {
    return {
      subject,
      state: 'blocking',
      detail: `${path} is damaged (${bytes} of ${pins.embeddedModel.bytes} bytes)`,
      mend: 'npm start',
    };
  }
  return { subject, state: 'ok', detail: path };
}

function jupyterFinding(environment: NodeJS.ProcessEnv): Finding {
  const subject = 'Jupyter';
  if (hasJupyter(environment)) return { subject, state: 'ok', detail: jupyterFolder(environment) };
  const own = environment.FUN_JUPYTER;
  if (!own) return { subject, state: 'blocking', detail: 'no environment yet', mend: 'npm start' };
  return {
    subject,
    state: 'blocking',
    detail: `none in FUN_JUPYTER="${own}"`,
    mend: 'install jupyterlab, nbclient and nbconvert there, or unset FUN_JUPYTER and run npm start',
  };
}

function miniSuiteFinding(): Finding {
  const folder = join(projectRoot(), 'data/mini');
  const subject = 'embedded mini suite';
  if (existsSync(folder) && readdirSync(folder).length > 0) return { subject, state: 'ok', detail: folder };
  return { subject, state: 'blocking', detail: `${folder} is missing`, mend: 'git checkout -- data/mini' };
}

/** Published data sets: optional, so nothing here blocks. */
function dataFindings(environment: NodeJS.ProcessEnv): Finding[] {
  const mirror = environment.FUN_DATA;
  const cache = join(funHome(environment), 'datasets');
  const subject = 'published data';
  if (mirror && !existsSync(mirror)) {
    return [
      {
        subject,
        state: 'missing',
        detail: `FUN_DATA="${mirror}" does not exist`,
        mend: 'set FUN_DATA to an existing folder, or unset it',
      },
    ];
  }
  const places = [...(mirror ? [`FUN_DATA=${mirror}`] : []), ...(existsSync(cache) ? [cache] : [])];
  if (places.length > 0) return [{ subject, state: 'ok', detail: places.join(', ') }];
  return [
    {
      subject,
      state: 'missing',
      detail: 'none on this machine (the mini suite needs none)',
      mend: 'npm run data -- fetch NAME (npm run data -- status names them), or set FUN_DATA to a folder of downloaded data sets',
    },
  ];
}
