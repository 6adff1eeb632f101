/** The two states of a run's model: the best one by English validation, and that of the last step. One is in place. */
import { snapshot, type BestState } from '../training/checkpoint';
import { restoreParameters } from '../training/trainable';
import type { Parameter } from '../nn/parameter';
import type { EvaluationConfiguration } from './configuration';

export class ModelStates {
  private best: BestState | undefined;
  /** That of the last step, while the best one is in its place. */
  private last: ReturnType<typeof snapshot> | undefined;

  constructor(
    /** What the run trains. */
    readonly trained: readonly Parameter[],
    /** Which one is scored; until there is a best one, that of the last step is. */
    private readonly scored: EvaluationConfiguration['checkpoint'],
  ) {}

  /** Hears of each state that is better than those before. */
  readonly onBest = (state: BestState): void => {
    this.best = state;
  };

  /** The step of the best state, where that is the one that is scored. */
  get scoredBestStep(): number | undefined {
    return this.scored === 'best' ? this.best?.step : undefined;
  }

  /** Puts the best state into the model and returns its step; undefined when there is none. */
  useBest(): number | undefined {
    if (this.best === undefined) return undefined;
    this.last ??= snapshot(this.trained);
    restoreParameters(this.trained, this.best.parameters);
    return this.best.step;
  }

  /** Puts the state that is scored into the model, where it is not; what it returns puts the other one back. */
  putScored(): () => void {
    const asked = this.scored === 'best' ? this.best?.parameters : this.last;
    if (asked === undefined) return () => undefined;
    const inPlace = snapshot(this.trained);
    restoreParameters(this.trained, asked);
    return () => restoreParameters(this.trained, inPlace);
  }
}
