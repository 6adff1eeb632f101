/** `npm run language-adapter`: trains a language adapter on plain text, and writes it as AdapterHub does. */
import { join } from 'node:path';
import { oneOf, wholeNumber } from '../engine/errors';
import { formatDuration } from '../engine/formatDuration';
import { funHome } from '../engine/places';
import type { HeadChoice, LanguageAdapterFacts, LanguageAdapterRequest } from '../experiments/languageAdapterRun';
import type { TrainingEvent } from '../training/events';
import type { MaskedLmScore } from '../training/languageAdapter';
import { UsageError, type Arguments, type Command } from './command';
import { withInterrupt } from './interrupt';

/** What is taken where an option is not given: for hours on two cores, not the paper's 250,000 steps of 64. */
const defaults = {
  model: 'multilingual-e5-small',
  steps: 1000,
  'batch-size': 16,
  'learning-rate': 5e-4,
  'max-length': 128,
  candidates: 2048,
  'validate-every': 100,
  'validation-sequences': 64,
  patience: 3,
  seed: 1,
} as const;

const number = (name: keyof typeof defaults, help: string) => ({
  value: name === 'learning-rate' ? 'X' : 'N',
  help: `${help} (default: ${defaults[name]})`,
});

export const languageAdapter: Command = {
  summary: 'Trains a language adapter on plain text by masked-LM, resumably',
  positionals: '',
  most: 0,
  options: {
    model: { value: 'NAME', help: `a model's name or folder (default: ${defaults.model})` },
    language: { value: 'CODE', help: 'as in sw; becomes the name of the adapter' },
    text: { value: 'PATHS', help: 'a .txt or .txt.gz file, or a folder of them; several with commas between' },
    steps: number('steps', 'optimiser steps at most'),
    'batch-size': number('batch-size', 'sequences a step'),
    'learning-rate': number('learning-rate', 'of the first step; it falls linearly to zero'),
    'max-length': number('max-length', 'tokens a sequence'),
    candidates: {
      value: 'N',
      help: `words drawn for a step's softmax beside those of the text, or all (default: ${defaults.candidates})`,
    },
    'validate-every': number('validate-every', 'steps between two validations'),
    'validation-sequences': number('validation-sequences', 'sequences that validation reads'),
    patience: number('patience', 'validations without a better one that end the training'),
    head: {
      value: 'HEAD',
      help: 'published, transform, or the file of a transform trained before (default: published where there is one)',
    },
    train: { value: 'WHAT', help: 'adapter, or head: the transform alone, for --head (default: adapter)' },
    output: { value: 'FOLDER', help: 'default: FUN_HOME/language-adapters/MODEL/CODE' },
    seed: number('seed', 'of initial values, masks and order'),
  },
  async run(args) {
    const request = requestOf(args);
    const { languageAdapterRun } = await import('../experiments/languageAdapterRun');
    return withInterrupt(async (signal) => {
      const events = languageAdapterRun(request, signal);
      console.log('loading model and text; perplexity without the adapter …');
      let next = await events.next();
      for (; !next.done; next = await events.next()) print(next.value);
      if (next.value === undefined) {
        console.log('Stopped. The same command goes on from here.');
        return 130;
      }
      console.log([...lines(next.value), `Written: ${request.output}`].join('\n'));
      return 0;
    });
  },
};

function requestOf(args: Arguments): LanguageAdapterRequest {
  const [language, text] = [args.text('language'), args.text('text')];
  if (language === undefined || text === undefined) throw new UsageError('Give --language CODE and --text PATH.');
  const of = (name: Exclude<keyof typeof defaults, 'model' | 'candidates'>) => args.number(name) ?? defaults[name];
  const model = args.text('model') ?? defaults.model;
  const trains = oneOf('train', args.text('train') ?? 'adapter', ['adapter', 'head']);
  const shortName = model.replace(/[\\/]+$/, '').replace(/^.*[\\/]/, '');
  const candidates = args.text('candidates') ?? String(defaults.candidates);
  return {
    model,
    language,
    text: text.split(','),
    maxLength: wholeNumber('max-length', of('max-length'), 8),
    ...headOf(args.text('head')),
    trains,
    settings: {
      steps: wholeNumber('steps', of('steps')),
      batchSize: wholeNumber('batch-size', of('batch-size')),
      learningRate: of('learning-rate'),
      maskProbability: 0.15,
      candidates: candidates === 'all' ? 'all' : wholeNumber('candidates', Number(candidates)),
      validation: {
        every: wholeNumber('validate-every', of('validate-every')),
        sequences: wholeNumber('validation-sequences', of('validation-sequences')),
        patience: wholeNumber('patience', of('patience')),
      },
      seed: wholeNumber('seed', of('seed'), 0),
    },
    output:
      args.text('output') ?? join(funHome(), 'language-adapters', shortName, trains === 'head' ? 'head' : language),
  };
}

function headOf(given: string | undefined): { head?: HeadChoice } {
  if (given === undefined) return {};
  return { head: given === 'published' || given === 'transform' ? given : { file: given } };
}

function print(event: TrainingEvent): void {
  if (event.type === 'start') console.log(`${event.totalSteps} steps, from step ${event.firstStep}`);
  if (event.type === 'validation') {
    console.log(`step ${event.step}: validation perplexity ${event.metrics.perplexity!.toFixed(1)}`);
  }
  if (event.type === 'step' && event.step % 20 === 0) {
    const speed = `${Math.round(event.tokensPerSecond)} tokens/s, ${formatDuration(event.secondsLeft)} left`;
    console.log(`step ${event.step}: loss ${event.loss.toFixed(3)}, ${speed}`);
  }
}

function lines({ start, best, withoutAdapter, bestStep, seconds, head, trains }: LanguageAdapterFacts): string[] {
  const score = ({ perplexity, loss }: MaskedLmScore) => `${perplexity.toFixed(1)} (loss ${loss.toFixed(3)})`;
  return [
    `head: ${head}; best after ${bestStep} steps; ${formatDuration(seconds)} of training`,
    `validation perplexity (${start.tokens} masked tokens) at the beginning, without adapter: ${score(start)}`,
    `  after training: ${score(best)}`,
    ...(trains === 'head' || start === withoutAdapter
      ? []
      : [`  without adapter, same head: ${score(withoutAdapter)}`]),
  ];
}
