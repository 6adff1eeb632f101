/** How tr(F) is estimated where nothing else is said: exactly, where that is possible. */
import type { TaskName } from '../datasets/taskData';
import type { FisherEstimator } from '../fisher/estimatorChoice';

/**
 * `exact` for the few labels of NLI and COPA. An answer's span has as many labels as tokens, and as many backward passes
 * are out of reach (hundreds a batch); `sketch` estimates the same trace without bias by one.
 */
export function usualEstimator(task: TaskName): FisherEstimator {
  return task === 'qa-xquad' || task === 'qa-mlqa' ? 'sketch' : 'exact';
}
