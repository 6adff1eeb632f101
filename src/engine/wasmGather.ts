/**
 * The kernel that tfjs-backend-wasm lacks and the gradient of gather (an embedding look-up) needs: UnsortedSegmentSum.
 */
import type * as TensorFlow from '@tensorflow/tfjs';

/** Registers UnsortedSegmentSum for a backend: out[segmentIds[i], …] = Σ x[i, …]; negative ids are left out. */
export function addUnsortedSegmentSum(tf: typeof TensorFlow, backendName: string): void {
  if (tf.getKernel('UnsortedSegmentSum', backendName)) return;
  tf.registerKernel({
    kernelName: 'UnsortedSegmentSum',
    backendName,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const store = backend as TensorFlow.KernelBackend;
      const { x, segmentIds } = inputs as { x: TensorFlow.TensorInfo; segmentIds: TensorFlow.TensorInfo };
      const { numSegments } = attrs as unknown as { numSegments: number };
      const values = store.readSync(x.dataId) as Float32Array;
      const ids = store.readSync(segmentIds.dataId) as Int32Array;
      const width = values.length / ids.length;
      const sums = new Float32Array(numSegments * width);
      ids.forEach((id, i) => {
        if (id < 0) return;
        for (let j = 0; j < width; j++) sums[id * width + j]! += values[i * width + j]!;
      });
      const shape = [numSegments, ...x.shape.slice(segmentIds.shape.length)];
      const dtype = x.dtype === 'int32' ? 'int32' : 'float32';
      const dataId = store.write(dtype === 'int32' ? Int32Array.from(sums) : sums, shape, dtype);
      return { dataId, shape, dtype };
    },
  });
}
