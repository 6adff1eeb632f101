/**
 * The operations on which a training step spends its passes over memory, each with an explicit gradient and no tape.
 * One a file: the composed form runs on every engine and is the oracle; the fused form (src/engine/fused) is taken
 * where it is loaded. All tensors are float32; outputs belong to the caller's tidy.
 */
export { layerNorm, layerNormGrad, type LayerNormOutput } from './ops/layerNorm';
export { biasGelu, biasGeluGrad } from './ops/biasGelu';
export { splitHeads, mergeHeads } from './ops/heads';
export { attentionProbabilities, attentionProbabilitiesGrad } from './ops/attentionProbabilities';
export { dropout, type DropoutSeed } from './ops/dropout';
export { replaceRows } from './ops/replaceRows';
export { adamWUpdate, type AdamWMoments, type AdamWOptions } from './ops/adamW';
