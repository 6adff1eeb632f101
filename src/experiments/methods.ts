/** What is trained beside the head, chosen by name: as the paper has it. */
import { oneOf, requireObject } from '../engine/errors';
import type { ScheduleName } from '../schedulers/createSchedule';
import type { Method } from './configuration';

export const methodNames = ['bottleneck', 'lora', 'full'] as const satisfies readonly Method['type'][];
export type MethodName = (typeof methodNames)[number];

/** The paper's bottlenecks have a sixteenth of the hidden size, its LoRA has r and alpha of 8. */
const paperMethods: { readonly [Name in MethodName]: Extract<Method, { type: Name }> } = {
  bottleneck: { type: 'bottleneck', reductionFactor: 16 },
  lora: { type: 'lora', rank: 8, alpha: 8 },
  full: { type: 'full' },
};

/** The method itself, the paper's of that name, or the paper's bottlenecks. @throws UserError for an unknown name. */
export function methodOf(chosen: string | Method = 'bottleneck'): Method {
  if (typeof chosen === 'string') return paperMethods[oneOf('method', chosen, methodNames)];
  requireObject('method', chosen, `such as { type: 'lora', rank: 8, alpha: 8 }, or one of ${methodNames.join(', ')}`);
  return chosen;
}

/** The schedule of a run that does not name one. */
export const usualSchedule = ({ type }: Pick<Method, 'type'>): ScheduleName => (type === 'full' ? 'full' : 'standard');
