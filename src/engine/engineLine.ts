/** The first line of every run: which engine computes it. */
import { defaultPrecision, type Precision } from './precision';
import type { EngineInfo } from './tf';

/** For example "TensorFlow 2.21.0, CPU, 2 threads, float32, fused operations". */
export function engineLine(
  { backend, tensorflowVersion, device, threads, fused, why }: EngineInfo,
  precision: Precision = defaultPrecision(),
): string {
  const name = { tensorflow: `TensorFlow ${tensorflowVersion}`, wasm: 'WebAssembly', cpu: 'plain JavaScript' }[backend];
  const parts = [name, device, `${threads} ${threads === 1 ? 'thread' : 'threads'}`, precision];
  const line = [...parts, ...(fused ? ['fused operations'] : [])].join(', ');
  return backend === 'tensorflow' ? line : `${line} (${why.join('; ')})`;
}
