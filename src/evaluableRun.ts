/**
 * What can be asked of a run's model, whether the run is trained here or was loaded: scores in the languages of its
 * test data, predictions on one's own text. Whatever computes with the model takes its turn, so that nothing runs
 * beside a step.
 */
import { refuseUnknownKeys, UserError } from './engine/errors';
import type { RunConfiguration } from './experiments/configuration';
import {
  estimatorRows,
  layerParameters,
  probeBatches,
  type EstimateOptions,
  type Probed,
  type ProbeOptions,
} from './experiments/estimates';
import { TRAINING_LANGUAGE } from './experiments/languageAdapters';
import type { LanguageEvaluation, RunResult } from './experiments/result';
import { resultRows, type ResultRows } from './experiments/rows';
import type { EvaluationSet } from './experiments/taskSets';
import { testRows, type TestRow } from './experiments/testRows';
import type { EstimatorRow } from './figures/rows';
import type { FisherBatch } from './fisher/trace';
import type { AdapterModel } from './models/adapterModel';
import type { Parameter } from './nn/parameter';
import { cellSignal } from './notebook/interrupt';
import type { PredictedRow, PredictionOf, TextRow } from './tasks/ownText';
import type { EncodedExample } from './tasks/batch';
import type { Tokenizer } from './tokenizers/tokenizer';

/** What computes for a run: `experiments/session`. */
export interface Evaluator {
  readonly model: AdapterModel;
  readonly tokenizer: Tokenizer;
  evaluate(languages: readonly string[]): AsyncIterable<LanguageEvaluation>;
  predict(rows: readonly unknown[], language?: string): Promise<PredictedRow[]>;
  /** @throws UserError when the run has none of the language. */
  testSet(language: string): EvaluationSet | Promise<EvaluationSet>;
  trainingExamples(): readonly EncodedExample[] | Promise<readonly EncodedExample[]>;
  /** What `work` gives while the language's adapter is in place, where the run has language adapters. */
  over<T>(language: string, work: () => Promise<T>): Promise<T>;
}

export interface PredictOptions {
  /** Whose language adapter to put in, where the run has language adapters. Default: en. */
  readonly language?: string;
}

/** The scores of so many languages. @throws UserError when the cell of the signal is stopped before the last one. */
export async function untilStopped(
  signal: AbortSignal,
  evaluation: AsyncIterable<LanguageEvaluation>,
  languages: number,
): Promise<LanguageEvaluation[]> {
  const scores: LanguageEvaluation[] = [];
  for await (const score of evaluation) {
    scores.push(score);
    if (signal.aborted && scores.length < languages) {
      throw new UserError(`Stopped after ${scores.length} of ${languages} languages.`);
    }
  }
  return scores;
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
  /** The step whose state `model` has. */
  protected abstract stepOfModel(): number;

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
   * Scores the best state by English validation so far (or the last, as configured) in these languages (or this one),
   * of those in `evaluation.languages`; `model` is afterwards as it was. Between two events of the run too.
   */
  async evaluate(
    languages: string | readonly string[] = this.configuration.evaluation.languages,
  ): Promise<LanguageEvaluation[]> {
    const wanted = [languages].flat();
    const signal = cellSignal(); // of this cell, whichever runs when it is the turn
    return this.inTurn(async () => {
      const scores = await untilStopped(signal, this.opened().evaluate(wanted), wanted.length);
      this.evaluations = [...this.evaluations.filter(({ language }) => !wanted.includes(language)), ...scores];
      return scores;
    });
  }

  /**
   * Predictions on one's own text, in its order, of the state that `evaluate` scores; tokens, lengths and answers are
   * as in evaluation (what is longer than `data.maxLength` tokens is cut, or looked at in windows). Between two events
   * too.
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

  /**
   * The test set of a language, example by example, as `evaluate` scores it: its text, what is right (`gold`), what the
   * run says (`predicted`), whether that is `correct`. For confusion matrices, and to read what went wrong:
   *
   *     fun.table((await run.predictTest('sw')).filter(({ correct }) => !correct));
   */
  async predictTest(language: string): Promise<TestRow[]> {
    return this.inTurn(async () => {
      const opened = this.opened();
      const { split } = await opened.testSet(language);
      return testRows(this.configuration.task, split, await opened.predict(split.examples, language));
    });
  }

  /**
   * What estimators of tr(F) say about `model` as it is now: one row an estimator and layer. On training examples, or
   * on those of a language's test set, then over the language's adapter, where the run has language adapters. Between
   * two events of the run too.
   */
  async estimate(options: EstimateOptions): Promise<EstimatorRow[]> {
    return this.inTurn(async () => {
      const probed = await this.probed(options);
      const { schedule, seed } = this.described();
      const labels = { runId: this.id, schedule: schedule.name, seed, step: this.stepOfModel() };
      return this.opened().over(options.language ?? TRAINING_LANGUAGE, () =>
        Promise.resolve(estimatorRows(probed, labels, options)),
      );
    });
  }

  /**
   * Batches of the examples that `estimate` looks at, for analyses beyond the trace (`fun.fisher`), which take the
   * model as it is: with language adapters, over the English one.
   */
  async probe(options: ProbeOptions): Promise<FisherBatch[]> {
    return this.inTurn(async () => probeBatches(await this.probed(options), options));
  }

  /** The parameters of one layer's adapter (or of all layers'), for the same. */
  layerParameters(layer?: number): Parameter[] {
    return layerParameters(this.model, layer);
  }

  /** The configuration, as rows name it. */
  protected described(): RunConfiguration {
    return this.configuration;
  }

  private async probed({ language }: ProbeOptions): Promise<Probed> {
    const opened = this.opened();
    const { model, tokenizer } = opened;
    const examples =
      language === undefined ? await opened.trainingExamples() : (await opened.testSet(language)).encoded();
    return { configuration: this.configuration, model, tokenizer, examples };
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
