/** Unfreezing schedules and learning rates: what others may use of this folder. Pure: no TensorFlow. */
export { createSchedule, scheduleNames, type ScheduleConfig, type ScheduleName } from './createSchedule';
export { fixedOrderUnfreezing } from './fixed';
export { fullFineTuning } from './full';
export { fisherUnfreezing } from './fun';
export { gradualUnfreezing } from './gradual';
export { reverseGradualUnfreezing } from './gradualReverse';
export {
  constantRate,
  createLearningRate,
  learningRateNames,
  linearToZero,
  type LearningRate,
  type LearningRateConfig,
  type LearningRateName,
} from './learningRate';
export { linearProbingThenFineTuning } from './lpft';
export { preview, type Preview, type PreviewOptions, type PreviewRow } from './preview';
export { randomUnfreezing } from './random';
export type { OfficialStart, PastTurn, Schedule, UnfreezingState } from './schedule';
export type { ScheduleBody, ScheduleFile, ScheduleFileChoice } from './scheduleFile';
export { standardTraining } from './standard';
export { surgicalFineTuning } from './surgical';
export {
  createUnfreezing,
  unfreezingTimings,
  type Opening,
  type Turn,
  type Unfreezing,
  type UnfreezingOptions,
  type UnfreezingSnapshot,
  type UnfreezingTiming,
} from './unfreezing';
