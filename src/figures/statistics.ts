/** The statistics behind figures and tables: what others may use. Each is seeded, and tested against SciPy. */
export { rankCorrelation, ranks, spearman, type ResamplingOptions, type Spearman } from './correlation';
export { area, curveFeatures, movingAverage, normalise, type Curve, type CurveFeatures } from './curves';
export {
  crossedBootstrap,
  differences,
  pairedBootstrap,
  pairedPermutationTest,
  studentInterval,
  studentQuantile,
} from './paired';
export { formatMeanAndSd, mean, percentileInterval, quantile, standardDeviation, type Interval } from './summary';
