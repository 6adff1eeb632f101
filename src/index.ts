/**
 * What a notebook imports: `import * as fun from './src/index'`.
 *
 * Open a lab and train: `open`. The schedules: `gradualUnfreezing`, `fisherUnfreezing`, …, or a plain object of your
 * own. The paper's experiments: `sweeps`, `runHere`, `results`. Rows into pictures: `figures`. Into the notebook:
 * `show`, `table`, `markdown`, `livePanel`.
 *
 * Every name is listed, here and in `figures/index`: Node does not see those of an `export *` from an ES module
 * (`.mts`).
 */
export { open, profileFromEnvironment, type Lab, type OpenOptions, type ScoreOf, type TrainChoices } from './lab';
export { Run } from './run';
export { LoadedRun } from './loadedRun';
export {
  constantRate,
  createLearningRate,
  createSchedule,
  createUnfreezing,
  fisherUnfreezing,
  fixedOrderUnfreezing,
  fullFineTuning,
  gradualUnfreezing,
  learningRateNames,
  linearProbingThenFineTuning,
  linearToZero,
  preview,
  randomUnfreezing,
  reverseGradualUnfreezing,
  scheduleNames,
  standardTraining,
  surgicalFineTuning,
  unfreezingTimings,
  type LearningRate,
  type LearningRateConfig,
  type LearningRateName,
  type OfficialStart,
  type Opening,
  type PastTurn,
  type Preview,
  type PreviewOptions,
  type PreviewRow,
  type Schedule,
  type ScheduleBody,
  type ScheduleConfig,
  type ScheduleFile,
  type ScheduleName,
  type Turn,
  type Unfreezing,
  type UnfreezingOptions,
  type UnfreezingSnapshot,
  type UnfreezingState,
  type UnfreezingTiming,
} from './schedulers/index';
export type { TestRow } from './experiments/testRows';
export type { AnsweredRow, ChoiceRow, LabelledRow, PairRow, QuestionRow } from './tasks/ownText';
export * as figures from './figures/index';
export * as fisher from './fisher/index';
export { paperValue } from './figures/paperValues';
export { exportFigure, type ExportOptions } from './figures/export';
export { openAdapterModel } from './lab';
export type { AdapterModel } from './models/adapterModel';
export { loadLanguageAdapter, loadTaskAdapter, loadHead, saveAdapter, saveHead } from './models/adapterFiles';
export { modelSummary, type SummaryRow } from './models/modelSummary';
export { show, table, markdown } from './notebook/display';
export { livePanel } from './notebook/live';
export { sayComparisons, showComparisons, type Claim } from './notebook/showComparisons';
export { runLive } from './notebook/runLive';
export {
  describeClaim,
  describeRecorded,
  recordedResults,
  results,
  showIfPossible,
  type Recorded,
} from './notebook/recorded';
export { cellSignal, yieldNow } from './notebook/interrupt';
export { runHere } from './experiments/runHere';
export { defineSweep, cartesian, expandSweep, sweepWith, type Sweep, type SweepChanges } from './experiments/sweep';
export { sweeps, findSweep } from './experiments/definitions/index';
export { comparisons, describeSchedule, type Comparison } from './experiments/comparisons';
export { settingsTable } from './experiments/settingsTable';
export { openTokenizer, tokenRows } from './experiments/tokenRows';
export { datasetStatus, loadDataset, miniLanguages, nliLabels, paperLanguages } from './datasets/index';
export { openStore } from './experiments/store';
export { exampleRows, resultRows, type ResultRows } from './experiments/rows';
export { exportRows } from './experiments/exportRows';
export { profileNames, type ProfileName, type RunConfiguration } from './experiments/configuration';
export type { RunResult } from './experiments/result';
export type { TrainingEvent } from './training/events';
export { UserError } from './engine/errors';
