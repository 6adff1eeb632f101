/** One run from the command line: the profile's settings with what the options change. */
import { readFileSync } from 'node:fs';
import { taskNames } from '../datasets/tasks';
import { messageOf, oneOf, UserError } from '../engine/errors';
import { namesCode } from '../engine/userModule';
import { formatDuration } from '../engine/formatDuration';
import { checkConfiguration } from '../experiments/checkConfiguration';
import { checkNames } from '../experiments/checkNames';
import { profileNames, runId, type RunConfiguration } from '../experiments/configuration';
import { estimateSeconds } from '../experiments/cost';
import { clearRow, passingLine } from '../experiments/display';
import { methodNames, methodOf, usualSchedule } from '../experiments/methods';
import { configure } from '../experiments/profiles';
import { totalSeconds, type RunResult } from '../experiments/result';
import { executeRun, type RunEvent } from '../experiments/runner';
import { openStore } from '../experiments/store';
import { scheduleNames, type ScheduleConfig } from '../schedulers/createSchedule';
import type { ScheduleFileChoice } from '../schedulers/scheduleFile';
import { changeOptions, changesOf, defined } from './changes';
import { withInterrupt } from './interrupt';
import { allowOnly, UsageError, type Arguments, type Command } from './command';

export const train: Command = {
  summary: 'Trains and evaluates one run, resumably, and stores its result',
  positionals: '',
  most: 0,
  options: {
    profile: { value: 'NAME', help: `${profileNames.join(', ')} (default: mini)` },
    task: { value: 'NAME', help: `${taskNames.join(', ')} (default: nli)` },
    ...changeOptions,
    schedule: {
      value: 'NAME',
      help: `${scheduleNames.join(', ')}, or a file with one of your own (default: standard)`,
    },
    every: { value: 'K', help: 'steps between two openings' },
    order: { value: 'LIST', help: 'of schedule fixed: layers, as in 10,2,6' },
    layers: { value: 'LIST', help: 'of schedule surgical: layers, as in 0,1,2' },
    method: { value: 'NAME', help: `${methodNames.join(', ')} (default: bottleneck)` },
    'start-from': { value: 'FOLDER', help: 'an adapter to start from, of AdapterHub or of run.save' },
    steps: { value: 'N', help: 'optimiser steps' },
    'batch-size': { value: 'N', help: 'examples a step' },
    'learning-rate': { value: 'X', help: 'of the first step' },
    'train-examples': { value: 'N', help: 'English training examples (default: all)' },
    'track-fisher': { help: 'track tr(F) of all layers' },
    seed: { value: 'N', help: 'default: 1' },
    configuration: { value: 'FILE', help: 'a whole configuration as JSON, in place of all other options' },
    save: { value: 'FOLDER', help: 'save what was trained there, for lab.load and for Python' },
    'dry-run': { help: 'print the configuration and the estimated time' },
  },
  async run(args) {
    const configuration = configurationOf(args);
    const save = args.text('save');
    checkNames(configuration);
    const store = openStore();
    if (args.given('dry-run')) {
      console.log(JSON.stringify(configuration, null, 2));
      const seconds = estimateSeconds(configuration, store.all(configuration.profile));
      console.log(`${runId(configuration)}: about ${formatDuration(seconds)}`);
      return 0;
    }
    const { openSession } = await import('../experiments/session');
    const openLab = (opened: RunConfiguration) => openSession(opened);
    console.log(runId(configuration));
    const outcome = await withInterrupt((signal) =>
      executeRun(configuration, {
        openLab,
        store,
        signal,
        onEvent: print,
        checkpoints: 'keep',
        ...(save === undefined ? {} : { save }),
      }),
    );
    switch (outcome.state) {
      case 'done':
      case 'present':
        console.log(outcome.state === 'present' ? 'This run is done already.' : `Written: ${outcome.path}`);
        console.log(scores(outcome.result));
        if (save !== undefined) console.log(`Saved: ${save}`);
        return 0;
      case 'interrupted':
        console.log('Interrupted. The same command goes on from here.');
        return 130;
      case 'busy':
        throw new UserError(`Process ${outcome.owner.pid} on ${outcome.owner.host} is doing this run. Wait for it.`);
    }
  },
};

function configurationOf(args: Arguments): RunConfiguration {
  const file = args.text('configuration');
  if (file !== undefined) {
    allowOnly(args, 'train --configuration', ['configuration', 'save', 'dry-run']);
    try {
      return checkConfiguration(JSON.parse(readFileSync(file, 'utf8')) as RunConfiguration);
    } catch (error) {
      throw error instanceof UserError ? error : new UserError(`${file} cannot be read: ${messageOf(error)}`);
    }
  }
  const profile = oneOf('profile', args.text('profile') ?? 'mini', profileNames);
  const task = oneOf('task', args.text('task') ?? 'nli', taskNames);
  const method = methodOf(args.text('method'));
  const schedule = args.text('schedule') ?? usualSchedule(method);
  const { languages, ...changes } = changesOf(args);
  return configure(profile, {
    task,
    method,
    schedule: scheduleOf(args, schedule),
    ...changes,
    ...defined({
      startFrom: args.text('start-from'),
      steps: args.number('steps'),
      batchSize: args.number('batch-size'),
      seed: args.number('seed'),
    }),
    data: defined({ trainExamples: args.number('train-examples') }),
    optimiser: defined({ learningRate: args.number('learning-rate') }),
    ...(languages === undefined ? {} : { evaluation: { languages } }),
    ...(args.given('track-fisher') ? { trackFisher: 'tracked' } : {}),
  });
}

/** What does not go with the schedule is refused with the configuration. */
function scheduleOf(args: Arguments, named: string): ScheduleConfig | ScheduleFileChoice {
  const every = defined({ every: args.number('every') });
  const layers = defined({ order: numbers(args, 'order'), layers: numbers(args, 'layers') });
  if (namesCode(named)) return { file: named, ...every, ...(layers as object) };
  return { name: oneOf('schedule', named, scheduleNames), ...every, ...layers };
}

function numbers(args: Arguments, option: string): number[] | undefined {
  return args
    .text(option)
    ?.split(',')
    .map((text) => {
      if (!/^\d+$/.test(text)) throw new UsageError(`--${option} needs layers, as in 10,2,6; not "${text}".`);
      return Number(text);
    });
}

/** One line in place for steps, and a line of its own for everything else. */
function print(event: RunEvent): void {
  const line = lineOf(event);
  if (line === undefined) return;
  const { isTTY, columns } = process.stdout;
  if (event.type !== 'step') console.log(isTTY ? clearRow + line : line);
  else if (isTTY) process.stdout.write(passingLine(line, columns));
  else if (event.step % 50 === 0) console.log(line);
}

function lineOf(event: RunEvent): string | undefined {
  switch (event.type) {
    case 'opening':
      return 'loading model and data …';
    case 'start':
      return `${event.totalSteps} steps, ${event.layers} layers, schedule ${event.scheduleName}, from step ${event.firstStep}`;
    case 'unfreeze':
      return `step ${event.step}: opened layer ${event.layers.join(', ')}`;
    case 'step':
      return `step ${event.step}: loss ${event.loss.toFixed(3)}, ${Math.round(event.tokensPerSecond)} tokens/s, ${formatDuration(event.secondsLeft)} left`;
    case 'validation':
      return `step ${event.step}: English validation ${metricsText(event.metrics)}`;
    case 'evaluated':
      return `${event.evaluation.language}: ${metricsText(event.evaluation.metrics)} (${event.evaluation.examples} examples)`;
    case 'done':
      return `trained in ${formatDuration(event.seconds)}`;
    case 'fisher':
    case 'checkpoint':
    case 'interrupted':
      return undefined;
  }
}

const metricsText = (metrics: Readonly<Record<string, number>>) =>
  Object.entries(metrics)
    .map(([metric, value]) => `${metric} ${value.toFixed(1)}`)
    .join(', ');

function scores({ evaluation, cost }: RunResult): string {
  const lines = evaluation.map(({ language, metrics }) => `  ${language}: ${metricsText(metrics)}`);
  return [...lines, `  ${formatDuration(totalSeconds(cost))} in all`].join('\n');
}
