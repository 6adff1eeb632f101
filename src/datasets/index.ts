/** Data sets: where they come from, what they hold, and the data of each experiment. */
export { nliLabels } from './examples';
export type {
  Answer,
  DatasetName,
  ExampleTypes,
  MultipleChoiceExample,
  NliExample,
  QuestionExample,
  Split,
  SplitName,
  Suite,
} from './examples';
export { fetchDataset, type FetchedFile } from './fetch';
export { loadDataset, type DatasetRequest } from './load';
export { manifest, miniLanguages, type DatasetEntry } from './manifest';
export { dataPlaces, type DataPlaces, type FetchDatasetFile } from './places';
export { readPlainText } from './plainText';
export { datasetStatus, formatDatasetStatus, type DatasetStatus } from './status';
export { loadTaskData } from './taskData';
export { paperLanguages, taskNames } from './tasks';
export type { TaskData, TaskDataRequest } from './taskData';
export type { TaskExamples, TaskName } from './tasks';
