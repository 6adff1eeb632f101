/**
 * The only file that imports TensorFlow.js. It loads the best engine that set-up left in this clone and says which:
 * the native addon (built on PyPI's TensorFlow, or TensorFlow.js's published binary), else wasm, else plain JavaScript.
 */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { messageOf, oneOf, UserError } from './errors';
import { encodeAttributes, type Binding, type OpAttributes } from './rawOps';
import { addUnsortedSegmentSum } from './wasmGather';

export { tf };

export interface EngineInfo {
  /** 'tensorflow' is the native addon. */
  readonly backend: 'tensorflow' | 'wasm' | 'cpu';
  /** Version of the native library; undefined without the addon. */
  readonly tensorflowVersion: string | undefined;
  readonly device: 'CPU' | 'GPU';
  /** Threads of one operation (TF_NUM_INTRAOP_THREADS, or every processor); 1 in plain JavaScript. */
  readonly threads: number;
  /** Whether this project's fused operations are loaded (FUN_FUSED=0 leaves them out). */
  readonly fused: boolean;
  /** Why this engine and no better one: what set-up recorded and what failed while loading. */
  readonly why: readonly string[];
}

/** What FUN_ENGINE may name; set-up knows the same (`setup/engineChoice`). */
const ENGINES = ['cuda', 'cpu', 'wasm', 'js'] as const;
const nodeRequire = createRequire(__filename);
const NATIVE_PACKAGE = '@tensorflow/tfjs-node-gpu';
const why: string[] = [];
const requested = process.env.FUN_ENGINE && oneOf('FUN_ENGINE', process.env.FUN_ENGINE, ENGINES);

prepareEnvironment();
const addonLoaded = requested !== 'wasm' && requested !== 'js' && loadAddon();
const fusedLoaded = addonLoaded && process.env.FUN_FUSED !== '0' && !nativeBackend().isUsingGpuDevice && loadFusedOps();
let opened: Promise<EngineInfo> | undefined;

/** Makes the engine ready and says what it is. Every call gives the same answer. */
export function openEngine(): Promise<EngineInfo> {
  return (opened ??= open());
}

/** Whether any operation of TensorFlow can be run by name (`runOp`): true with the native addon. */
export function hasRawOps(): boolean {
  return addonLoaded && tf.getBackend() === 'tensorflow';
}

/** Whether this project's fused operations can be run by name. */
export function hasFusedOps(): boolean {
  return fusedLoaded && hasRawOps();
}

async function open(): Promise<EngineInfo> {
  const backend = addonLoaded ? 'tensorflow' : await openPortableBackend();
  await tf.ready();
  const native = addonLoaded ? nativeBackend() : undefined;
  if (native?.isUsingGpuDevice === false && recordedChoice().kind === 'cuda') why.push('the CUDA engine found no GPU');
  return {
    backend,
    tensorflowVersion: native?.binding.TF_Version,
    device: native?.isUsingGpuDevice ? 'GPU' : 'CPU',
    threads: backend === 'tensorflow' ? Number(process.env.TF_NUM_INTRAOP_THREADS) || availableParallelism() : 1,
    fused: hasFusedOps(),
    why,
  };
}

/** What must be in place before the native library loads. */
function prepareEnvironment(): void {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  // tfjs-node 4.22 calls these two, which Node 23 dropped.
  const util = nodeRequire('node:util') as Record<string, unknown>;
  util.isNullOrUndefined ??= (x: unknown) => x === null || x === undefined;
  util.isArray ??= (x: unknown) => Array.isArray(x);
}

/** Loads the addon if set-up left one that works; otherwise notes why not. */
function loadAddon(): boolean {
  try {
    requireHelper('signals.node');
    if (Number(process.env.TF_CPP_MIN_LOG_LEVEL) > 0) requireHelper('quiet_start.node');
    nodeRequire(NATIVE_PACKAGE);
    why.push(...recordedChoice().why);
    return true;
  } catch (error) {
    why.push(...recordedChoice().why, `the native addon did not load: ${messageOf(error).split('\n')[0]}`);
    if (requested === 'cpu' || requested === 'cuda') {
      throw new UserError(`FUN_ENGINE=${requested}, but ${why.join('; ')}. Run npm run doctor.`);
    }
    return false;
  }
}

/** What must be there before TensorFlow is, and why: src/engine/addon. The published binary has none of it. */
function requireHelper(name: string): void {
  const addon = join(addonFolder(), 'tfjs_binding.node');
  const helper = existsSync(addon) ? join(dirname(realpathSync(addon)), name) : addon;
  if (existsSync(helper)) nodeRequire(helper);
}

function loadFusedOps(): boolean {
  const library = join(addonFolder(), 'fun_fused.node');
  if (!existsSync(library) || !liesBesideAddon(library)) return false;
  try {
    tf.zeros([1]).dispose(); // TensorFlow must be up before an op library is loaded
    nodeRequire(library);
    return true;
  } catch (error) {
    why.push(`the fused operations did not load: ${messageOf(error).split('\n')[0]}`);
    return false;
  }
}

/** Whether a linked library was built for the engine that is loaded: they lie in one folder. */
function liesBesideAddon(library: string): boolean {
  return dirname(realpathSync(library)) === dirname(realpathSync(join(addonFolder(), 'tfjs_binding.node')));
}

/** wasm with the gradient of gather supplied, or plain JavaScript when asked for or when wasm fails. */
async function openPortableBackend(): Promise<'wasm' | 'cpu'> {
  if (requested === 'wasm' || requested === 'js') why.push(`FUN_ENGINE=${requested}`);
  if (requested !== 'js') {
    try {
      const wasm = nodeRequire('@tensorflow/tfjs-backend-wasm') as { setWasmPaths(folder: string): void };
      wasm.setWasmPaths(join(dirname(nodeRequire.resolve('@tensorflow/tfjs-backend-wasm')), '/'));
      addUnsortedSegmentSum(tf, 'wasm');
      if (await tf.setBackend('wasm')) return 'wasm';
      throw new Error('it did not start');
    } catch (error) {
      why.push(`the wasm backend did not load: ${messageOf(error).split('\n')[0]}`);
      if (requested === 'wasm') throw new UserError(`FUN_ENGINE=wasm, but ${why.join('; ')}. Run npm ci.`);
    }
  }
  await tf.setBackend('cpu');
  return 'cpu';
}

function addonFolder(): string {
  return join(dirname(nodeRequire.resolve(`${NATIVE_PACKAGE}/package.json`)), 'lib/napi-v8');
}

/** What set-up wrote down about its choice of engine. */
function recordedChoice(): { readonly kind?: string; readonly why: readonly string[] } {
  const record = join(addonFolder(), 'fun_engine.json');
  if (!existsSync(record)) return { why: ['set-up has not run (npm start)'] };
  return JSON.parse(readFileSync(record, 'utf8')) as { kind: string; why: string[] };
}

/** The parts of tfjs-node's backend that are used here. */
interface NativeBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding: {
    readonly TF_Version: string;
    executeOp(name: string, attributes: object[], inputs: readonly number[], count: number): NativeTensor[];
    deleteTensor(id: number): void;
  };
  getInputTensorIds(tensors: readonly tf.Tensor[]): number[];
  createOutputTensor(native: NativeTensor): tf.Tensor;
  executeMultipleOutputs(name: string, attributes: object[], inputs: readonly tf.Tensor[], count: number): tf.Tensor[];
}

/** tfjs-node's backend; an error on the other backends. */
function nativeBackend(): NativeBackend {
  if (!hasRawOps()) {
    throw new UserError(
      `Raw TensorFlow operations need the native engine, but the engine here is ${tf.getBackend()} (${why.join('; ')}). ` +
        'npm run doctor says how to get it.',
    );
  }
  return tf.backend() as unknown as NativeBackend;
}

/**
 * Runs one TensorFlow operation by name, for example `runOp('BiasAddGrad', { T: 'float32' }, [dy])`. No gradient is
 * recorded. The output is tracked by `tf.tidy` like any tensor. Throws a UserError on an engine without raw operations.
 */
export function runOp<T extends tf.Tensor = tf.Tensor>(
  name: string,
  attributes: OpAttributes,
  inputs: readonly tf.Tensor[],
): T {
  return runOpOutputs(name, attributes, inputs, 1)[0] as T;
}

/** Like `runOp`, for an operation with `count` outputs. */
export function runOpOutputs(
  name: string,
  attributes: OpAttributes,
  inputs: readonly tf.Tensor[],
  count: number,
): tf.Tensor[] {
  const backend = nativeBackend();
  const encoded = encodeAttributes(attributes, backend.binding as unknown as Binding);
  try {
    return backend.executeMultipleOutputs(name, encoded, inputs, count);
  } catch (error) {
    if (!messageOf(error).includes('neither a type of a primitive operation')) throw error;
    throw new UserError(
      `TensorFlow knows no operation "${name}". If it is one of this project (src/engine/fused), those were built ` +
        'from older sources: run npm start, which builds them anew.',
    );
  }
}

/**
 * Hands a new tensor's values to TensorFlow now. TensorFlow.js would keep its own copy of them until the tensor is
 * first used, so that a model that has just been read would be in memory twice.
 */
export function handOver<T extends tf.Tensor>(tensor: T): T {
  if (hasRawOps()) nativeBackend().getInputTensorIds([tensor]);
  return tensor;
}

/**
 * A tensor of TensorFlow that TensorFlow.js does not know of: bfloat16 has no place there. To be freed by its owner.
 */
export interface NativeTensor {
  readonly id: number;
  readonly shape: readonly number[];
}

let nativeTensors = 0;

/** Native tensors that are not freed yet. */
export const countNativeTensors = (): number => nativeTensors;

/** As `runOp`; the result is the caller's. */
export function runNativeOp(
  name: string,
  attributes: OpAttributes,
  inputs: readonly (tf.Tensor | NativeTensor)[],
): NativeTensor {
  const backend = nativeBackend();
  const ids = inputs.map((input) => (input instanceof tf.Tensor ? backend.getInputTensorIds([input])[0]! : input.id));
  const encoded = encodeAttributes(attributes, backend.binding as unknown as Binding);
  const result = backend.binding.executeOp(name, encoded, ids, 1)[0]!;
  nativeTensors += 1;
  return result;
}

export function freeNative({ id }: NativeTensor): void {
  nativeTensors -= 1;
  nativeBackend().binding.deleteTensor(id);
}

/** Makes an ordinary tensor of a native one, of a dtype that TensorFlow.js knows. */
export function adoptNative<T extends tf.Tensor = tf.Tensor>(native: NativeTensor): T {
  nativeTensors -= 1;
  return nativeBackend().createOutputTensor(native) as T;
}

/** Writes TensorBoard's event files. */
export interface SummaryWriter {
  scalar(name: string, value: number, step: number): void;
  flush(): void;
}

/** tfjs-node's writer; one a folder and process. Throws a UserError on an engine that has none. */
export function summaryWriter(folder: string): SummaryWriter {
  if (!hasRawOps()) {
    throw new UserError(
      `TensorBoard's event files need the native engine, but the engine here is ${tf.getBackend()} (${why.join('; ')}). ` +
        'Unset FUN_TENSORBOARD, or see npm run doctor.',
    );
  }
  const { node } = nodeRequire(NATIVE_PACKAGE) as { node: { summaryFileWriter(folder: string): SummaryWriter } };
  return node.summaryFileWriter(folder);
}
