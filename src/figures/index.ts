/** Rows in, plotly specifications, tables and statistics out. Pure: what others may use of this folder. */
export {
  compareIfPaired,
  compareSchedules,
  verdictTest,
  type PairedComparison,
  type ComparisonOptions,
  type Verdict,
} from './comparison';
export { correlationScatter, type CorrelationScatterOptions, type CurveFeature } from './correlationScatter';
export { estimatorTurns, turnReading, turnTable, type EstimatorTurn } from './estimatorChoices';
export { estimatorBands, estimatorBias, type EstimatorBandsOptions } from './estimators';
export { isFigure, type Figure } from './figure';
export { fisherCurves, trainableTraceCurves, type FisherCurvesOptions } from './fisherCurves';
export { fisherHeatmap, type FisherHeatmapOptions } from './fisherHeatmap';
export { fixedOrderPanels, type FixedOrderOptions } from './fixedOrderPanels';
export {
  describeSetting,
  paperValue,
  paperValues,
  type PaperLookup,
  type PaperSetting,
  type PaperValue,
} from './paperValues';
export { paperPoints, paperTable, selectPaperValues, type PaperSelection } from './paperTable';
export { provenance } from './provenance';
export { relativeToFull, type RelativeToFullOptions } from './relativeToFull';
export {
  distinct,
  groupBy,
  type EstimatorRow,
  type ExampleRow,
  type FisherRow,
  type RunRow,
  type ScoreRow,
  type StepRow,
  type UnfreezingRow,
  type ValidationRow,
} from './rows';
export {
  correlationReading,
  curveReading,
  firstLightReading,
  orderReading,
  paperReading,
  rankReading,
  transferReading,
} from './readings';
export { schedulePreview } from './schedulePreview';
export {
  scheduleCells,
  scheduleTable,
  type ScheduleCell,
  type ScheduleLine,
  type ScheduleTableOptions,
} from './scheduleTable';
export { scoresBySchedule, selectScores, type ScheduleScores, type ScoreSelection } from './scores';
export {
  area,
  crossedBootstrap,
  curveFeatures,
  differences,
  formatMeanAndSd,
  mean,
  movingAverage,
  normalise,
  pairedBootstrap,
  pairedPermutationTest,
  percentileInterval,
  quantile,
  rankCorrelation,
  ranks,
  spearman,
  standardDeviation,
  studentInterval,
  studentQuantile,
  type Curve,
  type CurveFeatures,
  type Interval,
  type ResamplingOptions,
  type Spearman,
} from './statistics';
export { scheduleColour, scheduleColours, scheduleLabel, sortSchedules } from './style';
export { lossCurves, validationCurves } from './trainingCurves';
export { tokenLengths, tokensPerWord, type TokenRow } from './tokenFigures';
export { transferBars, type TransferBarsOptions } from './transferBars';
export { averageByLabel, transferPoints, type TransferPoint, type TransferPointOptions } from './transferPoints';
export { unfreezingOrder, type UnfreezingOrderOptions } from './unfreezingOrder';
