/** Golden values of the Python libraries: where they are, and how they become batches and models. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const parityFolder = process.env.FUN_PARITY_DIR ?? join(__dirname, '../../../shared/parity/fixtures');
export const hasParity = existsSync(join(parityFolder, 'bert', 'fixture.json'));
export const kinds = ['bert', 'xlmr', 'deberta'] as const;
export type Kind = (typeof kinds)[number];

export interface Golden {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

type ByLabel = Record<string, { per_example: Golden; mean: Golden }> & {
  official: { layers: Golden; loss: number; batch_size: number };
};

export interface Fixture {
  readonly kind: Kind;
  readonly inputs: Record<'cls' | 'mc' | 'mc4' | 'qa' | 'qa_short', Record<string, Golden>>;
  readonly labels: Record<'cls' | 'mc' | 'qa_start' | 'qa_end', Golden>;
  readonly hidden: Record<string, Golden[]>;
  readonly invertible: Record<'input' | 'en' | 'en_inverse_of_input', Golden>;
  readonly heads: Record<'cls' | 'mc' | 'qa', Record<string, unknown>>;
  readonly static: Record<'cls' | 'mc' | 'qa', Record<string, unknown>>;
  readonly lora: Record<string, unknown>;
  readonly fisher: Record<'cls' | 'mc' | 'qa', ByLabel>;
  readonly train: {
    readonly batches: { labels: Golden; [input: string]: Golden }[];
    readonly decay_all: Trajectory;
    readonly decay_no_bias: Trajectory;
  };
}

export interface Trajectory {
  readonly steps: { layers: number[]; lr: number; loss: number; grad_norm: number }[];
  readonly final: Record<string, Golden>;
}

export const readFixture = (kind: Kind): Fixture =>
  JSON.parse(readFileSync(join(parityFolder, kind, 'fixture.json'), 'utf8')) as Fixture;
