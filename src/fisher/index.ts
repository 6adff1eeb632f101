/** Fisher information: what others may use of this folder. */
export { diagonalByLayer, fisherDiagonal, type DiagonalOptions } from './diagonal';
export { fisherEstimators, type EstimatorChoice, type FisherEstimator } from './estimatorChoice';
export { gradientNoiseScale, type NoiseScale } from './gradientNoiseScale';
export { largestEigenvalue, type EigenvalueOptions, type LargestEigenvalue } from './largestEigenvalue';
export { maskedLmTrace, type MaskedLmBatch, type MaskedLmOptions } from './maskedLmTrace';
export { leadOf, type FisherLead, type Until } from './precision';
export { fisherTrace, type FisherBatch, type FisherOptions, type FisherTrace, type Truncation } from './trace';
