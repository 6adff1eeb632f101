/** The gold labels of a batch, one array [E] for each categorical factor of the head. */
import { UserError } from '../engine/errors';
import type { Batch } from './batch';

/** Classes and choices: one factor. Spans: start and end, where a position outside the sequence is ignored (−1). */
export function factorLabels({ targets, tokens }: Pick<Batch, 'targets' | 'tokens'>): Int32Array[] {
  const inside = (position: number) => (position >= 0 && position < tokens ? position : -1);
  const first = targets[0];
  if (first === undefined) throw new UserError('A batch without examples has no labels.');
  switch (first.kind) {
    case 'class':
      return [Int32Array.from(targets, (t) => (t.kind === 'class' ? t.label : mixed()))];
    case 'span':
      return [
        Int32Array.from(targets, (t) => (t.kind === 'span' ? inside(t.start) : mixed())),
        Int32Array.from(targets, (t) => (t.kind === 'span' ? inside(t.end) : mixed())),
      ];
    case 'tokens':
      throw new UserError('Masked tokens have no factor labels; the masked-LM head computes its own loss.');
  }
}

/**
 * [E·T] for spans: 1 for tokens, 0 for padding, where no answer begins or ends; left out of the softmax, so that
 * neither an example's loss nor its tr(F) depends on the length of the others in its batch. (The paper's scripts pad
 * every window to the same length and leave padding in.) Undefined for classes and choices, all of which are possible.
 */
export function possibleLabels({ targets, attentionMask }: Pick<Batch, 'targets' | 'attentionMask'>) {
  return targets[0]?.kind === 'span' ? attentionMask : undefined;
}

const mixed = (): never => {
  throw new UserError('A batch mixes kinds of targets; make it from one task.');
};
