/**
 * The paper's claims C1 to C8, and two questions of our own, each with what it is read from. XNLI decides (`primary`);
 * readings on other data sets are printed beside it.
 */
import type { TaskName } from '../../datasets/tasks';
import { readCurves, readFeatures } from './curves';
import { readOrder } from './order';
import type { PaperClaim } from './reading';
import { readEnglish, readTransfer, type TransferQuestion } from './transfer';

export { claimVerdict, type PaperClaim, type PlannedOf, type Reading, type ResultsOf } from './reading';

const secondaryTasks = [
  ['qa-xquad', 'qa-schedules'],
  ['qa-mlqa', 'qa-schedules'],
  ['copa', 'copa-schedules'],
] as const;

export const claims: readonly PaperClaim[] = [
  {
    id: 'C1',
    text: 'Gradual unfreezing and LPFT transfer better than standard training.',
    sweeps: ['nli-schedules', 'qa-schedules', 'copa-schedules'],
    primary: 2,
    read: (results) => [
      ...['gradual', 'lpft'].flatMap((schedule) =>
        readTransfer(results('nli-schedules'), { task: 'nli', schedule, against: 'standard', role: 'primary' }),
      ),
      ...secondaryTasks.flatMap(([task, sweep]) =>
        ['gradual', 'lpft'].flatMap((schedule) =>
          readTransfer(results(sweep), { task, schedule, against: 'standard', role: 'secondary' }),
        ),
      ),
    ],
  },
  {
    id: 'C2',
    text: "Gradual unfreezing's tr(F) curve lies above standard training's and has a hill.",
    sweeps: ['nli-schedules'],
    primary: 2,
    read: (results) => readCurves(results('nli-schedules')),
  },
  {
    id: 'C3',
    text: 'Over fixed orders, an early, large, wide tr(F) curve goes with better transfer.',
    sweeps: ['nli-fixed-orders'],
    primary: 3,
    read: (results, planned) => readFeatures(results('nli-fixed-orders'), planned('nli-fixed-orders')),
  },
  {
    id: 'C4',
    text: 'FUN opens the layers nearly top-down.',
    sweeps: ['nli-schedules', 'qa-schedules', 'copa-schedules'],
    primary: 1,
    read: (results) => [
      ...readOrder(results('nli-schedules'), 'fun', 'primary'),
      ...readOrder(results('qa-schedules'), 'fun', 'secondary'),
      ...readOrder(results('copa-schedules'), 'fun', 'secondary'),
    ],
  },
  {
    id: 'C5',
    text: 'FUN is as good as gradual unfreezing and better than a random order.',
    sweeps: ['nli-schedules', 'qa-schedules', 'copa-schedules'],
    primary: 2,
    read: (results) => {
      const asGood = { schedule: 'fun', against: 'gradual', claimed: 'as good' } as const;
      return [
        ...readTransfer(results('nli-schedules'), { ...asGood, task: 'nli', role: 'primary' }),
        ...readTransfer(results('nli-schedules'), {
          task: 'nli',
          schedule: 'fun',
          against: 'random',
          role: 'primary',
        }),
        ...secondaryTasks.flatMap(([task, sweep]) =>
          readTransfer(results(sweep), { ...asGood, task, role: 'secondary' }),
        ),
        ...secondaryTasks.flatMap(([task, sweep]) =>
          readTransfer(results(sweep), { task, schedule: 'fun', against: 'random', role: 'secondary' }),
        ),
      ];
    },
  },
  {
    id: 'C6',
    text: 'Bottom-up unfreezing transfers worse than top-down, with English unchanged.',
    sweeps: ['nli-schedules', 'qa-schedules'],
    primary: 2,
    read: (results) => {
      const reverse = { schedule: 'gradual', against: 'gradual-reverse' } as const;
      return [
        ...readTransfer(results('nli-schedules'), { ...reverse, task: 'nli', role: 'primary' }),
        ...readEnglish(results('nli-schedules'), { ...reverse, task: 'nli', role: 'primary' }),
        ...(['qa-xquad', 'qa-mlqa'] as const).flatMap((task) => [
          ...readTransfer(results('qa-schedules'), { ...reverse, task, role: 'secondary' }),
          ...readEnglish(results('qa-schedules'), { ...reverse, task, role: 'secondary' }),
        ]),
      ];
    },
  },
  {
    id: 'C7',
    text: 'The gain is there with 1,000 and 5,000 English examples.',
    sweeps: ['low-data'],
    primary: 4,
    read: (results) =>
      againstStandard(['nli', 'qa-xquad']).flatMap((question) =>
        ([1000, 5000, 10000] as const).flatMap((trainExamples) =>
          readTransfer(results('low-data'), {
            ...question,
            // Ten thousand: in the profile paper alone.
            role: question.task === 'nli' && trainExamples !== 10000 ? 'primary' : 'secondary',
            condition: `${trainExamples} examples`,
            only: ({ data }) => data.trainExamples === trainExamples,
            paper: { trainExamples },
          }),
        ),
      ),
  },
  {
    id: 'C8',
    text: 'The gain is there with LoRA.',
    sweeps: ['lora-schedules'],
    primary: 2,
    read: (results) =>
      againstStandard(['nli', 'qa-xquad', 'qa-mlqa', 'copa']).flatMap((question) =>
        readTransfer(results('lora-schedules'), {
          ...question,
          role: question.task === 'nli' ? 'primary' : 'secondary',
          condition: 'LoRA',
          paper: { adapter: 'lora' },
        }),
      ),
  },
  {
    id: 'Q1',
    text: "Does FUN's order or its transfer change with the released code's estimate of tr(F) or its timing?",
    sweeps: ['fun-estimators'],
    primary: 0,
    read: (results) => {
      const variants = ['fun (officialCode)', 'fun (officialCode timing)', 'fun (officialCode, officialCode timing)'];
      return [
        ...['fun', ...variants].flatMap((label) => readOrder(results('fun-estimators'), label, 'secondary')),
        ...(['nli', 'qa-xquad'] as const).flatMap((task) =>
          variants.flatMap((schedule) =>
            readTransfer(results('fun-estimators'), {
              task,
              schedule,
              against: 'fun',
              claimed: 'as good',
              role: 'secondary',
            }),
          ),
        ),
      ];
    },
  },
  {
    id: 'Q2',
    text: 'How do adapters compare with full fine-tuning (the baseline of Figure 2)?',
    sweeps: ['nli-schedules', 'full-fine-tuning'],
    primary: 0,
    read: (results) =>
      ['standard', 'lpft', 'gradual'].flatMap((schedule) =>
        readTransfer([...results('nli-schedules'), ...results('full-fine-tuning')], {
          task: 'nli',
          schedule,
          against: 'full',
          role: 'secondary',
        }),
      ),
  },
];

/** Gradual and FUN against standard training. */
function againstStandard(tasks: readonly TaskName[]): Omit<TransferQuestion, 'role'>[] {
  return tasks.flatMap((task) => ['gradual', 'fun'].map((schedule) => ({ task, schedule, against: 'standard' })));
}
