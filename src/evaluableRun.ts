/**
 * What can be asked of a run's model, whether the run is trained here or was loaded: scores in the languages of its test
 * data, predictions on one's own text. Whatever computes with the model takes its turn, so that nothing runs beside a step.
 */
import { refuseUnknownKeys, UserError } from './engine/errors';
import type { RunConfiguration } from './experiments/configuration';
import type { LanguageEvaluation, RunResult } from './experiments/result';
import { resultRows, type ResultRows } from './experiments/rows';
import type { AdapterModel } from './models/adapterModel';
import { cellSignal } from './notebook/interrupt';
import type { PredictionOf, TextRow } from './tasks/ownText';

/** What computes for a run: `experiments/session`. */
export interface Evaluator {
  readonly model: AdapterModel;
  evaluate(languages: readonly string[]): AsyncIterable<LanguageEvaluation>;
  predict(rows: readonly unknown[], language?: string): Promise<object[]>;
}

export interface PredictOptions {
  /** Whose language adapter to put in, where the run has language adapters. Default: en. */
  readonly language?: string;
}

export abstract class EvaluableRun {
  abstract readonly configuration: RunConfiguration;
  protected evaluations: readonly LanguageEvaluation[] = [];
  private lastTurn: Promise<unknown> = Promise.resolve();
  protected turns = 0;

  /** Names the settings. */
  abstract get id(): string;
  /** What the run gave so far, in the form that results have. Also after `close`. */
  abstract result(): RunResult;

  /** @throws UserError when there is none: the run has not started, or its lab is closed. */
  protected abstract opened(): Evaluator;

  /** The result as plain rows, for figures, arquero, danfojs or CSV. */
  rows(): ResultRows {
    return resultRows([this.result()]);
  }

  /**
   * The model as the last step left it (of a loaded run: as it was saved), which need not be the state that `evaluate`
   * scores: `useBest()` puts that in its place, to be saved or looked at.
   */
  get model(): AdapterModel {
    return this.opened().model;
  }

  /**
   * Scores the best state by English validation so far (or the last, as configured) in these languages (or this one), of
   * those in `evaluation.languages`; `model` is afterwards as it was. Between two events of the run too.
   */
  async evaluate(
    languages: string | readonly string[] = this.configuration.evaluation.languages,
  ): Promise<LanguageEvaluation[]> {
    const wanted = typeof languages === 'string' ? [languages] : languages;
    const signal = cellSignal();
    return this.inTurn(async () => {
      const scores: LanguageEvaluation[] = [];
      for await (const score of this.opened().evaluate(wanted)) {
        scores.push(score);
        if (signal.aborted && scores.length < wanted.length) {
          throw new UserError(`Stopped after ${scores.length} of ${wanted.length} languages.`);
        }
      }
      this.evaluations = [...this.evaluations.filter(({ language }) => !wanted.includes(language)), ...scores];
      return scores;
    });
  }

  /**
   * Predictions on one's own text, in its order, of the state that `evaluate` scores; tokens, lengths and answers are as in
   * evaluation (what is longer than `data.maxLength` tokens is cut, or looked at in windows). Between two events too.
   *
   *     await run.predict([{ premise: 'A dog sleeps.', hypothesis: 'An animal sleeps.' }]);   // label, probabilities
   *     await run.predict([{ premise: 'It rains.', choices: ['He is wet.', 'He is dry.'], asksFor: 'effect' }]);
   *     await run.predict([{ question: 'Who sleeps?', context: 'A dog sleeps.' }]);           // answer, score, start, end
   *
   * @throws UserError that names the first row that is none of the run's task.
   */
  async predict<Row extends TextRow>(rows: readonly Row[], options: PredictOptions = {}): Promise<PredictionOf<Row>[]> {
    refuseUnknownKeys('predict', options, ['language']);
    return this.inTurn(async () => (await this.opened().predict(rows, options.language)) as PredictionOf<Row>[]);
  }

  /** After whatever computes with the model already. */
  protected async inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const before = this.lastTurn;
    let end!: () => void;
    this.lastTurn = new Promise<void>((resolve) => (end = resolve));
    this.turns += 1;
    try {
      await before;
      return await work();
    } finally {
      this.turns -= 1;
      end();
    }
  }
}
