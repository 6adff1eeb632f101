/** A run that was saved, loaded to be evaluated and asked: `lab.load`. */
import { UserError } from './engine/errors';
import { EvaluableRun } from './evaluableRun';
import type { RunConfiguration } from './experiments/configuration';
import type { RunResult } from './experiments/result';
import type { SavedRun } from './experiments/savedRun';
import type { TrainedModel } from './experiments/trainedModel';

/** As a `Run` that is at its end, with `model` in the state that was saved; it is not trained on. */
export class LoadedRun extends EvaluableRun {
  constructor(
    private readonly saved: SavedRun,
    private trained: TrainedModel | undefined,
    /** @throws UserError when the lab is closed. */
    private readonly checkOpen: () => void,
  ) {
    super();
    this.evaluations = saved.result.evaluation;
  }

  get configuration(): RunConfiguration {
    return this.saved.result.configuration;
  }

  get id(): string {
    return this.saved.result.id;
  }

  /** The result as it was saved, with the scores since. Also after `close`. */
  result(): RunResult {
    return { ...this.saved.result, evaluation: this.evaluations };
  }

  /** Frees the model. */
  async close(): Promise<void> {
    await this.inTurn(async () => {
      const { trained } = this;
      this.trained = undefined;
      await trained?.close();
    });
  }

  protected override stepOfModel(): number {
    return this.saved.step;
  }

  protected override opened(): TrainedModel {
    this.checkOpen();
    if (this.trained === undefined) throw new UserError('This run was closed; load it again.');
    return this.trained;
  }
}
