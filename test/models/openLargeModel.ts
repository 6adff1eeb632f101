/** Opens the model of a folder, runs one batch, and prints what it took: node … openLargeModel.ts FOLDER. */
import { AdapterModel } from '../../src/models/adapterModel';
import { openFolder } from '../../src/models/baseModel';

const started = performance.now();
const model = new AdapterModel('large', openFolder(process.argv[2]!));
const seconds = (performance.now() - started) / 1000;
const tokens = 32;
const pass = model.forward({
  examples: 2,
  sequencesPerExample: 1,
  tokens,
  inputIds: Int32Array.from({ length: 2 * tokens }, (_, i) => 5 + i * 3000),
  attentionMask: new Int32Array(2 * tokens).fill(1),
  tokenTypeIds: new Int32Array(2 * tokens),
});
const finite = pass.factors[0]!.dataSync().every(Number.isFinite);
console.log(JSON.stringify({ peakBytes: process.resourceUsage().maxRSS * 1024, seconds, finite }));
