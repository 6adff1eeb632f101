/** What a base model may be called. Needs no engine, and reads and fetches nothing. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../engine/errors';

export const EMBEDDED_MODEL = 'multilingual-e5-small';
export const TINY_MODEL = 'tiny-random';

/** The paper's models, by the short names that runs use. */
export const hubModels = ['bert-base-multilingual-cased', 'xlm-roberta-base', 'mdeberta-v3-base'] as const;

/** Whether it is the name of a model of the paper or of any other on the hub. */
export const isHubName = (name: string): boolean =>
  (hubModels as readonly string[]).includes(name) || /^[\w.-]+\/[\w.-]+$/.test(name);

/** Whether the name of a model is that of a folder with one. */
export const isModelFolder = (name: string): boolean => existsSync(join(name, 'config.json'));

/** @throws UserError when it names no model and no folder of one. Whether the hub has one of that name is not asked. */
export function checkModelName(name: string): void {
  const isKnown = name === TINY_MODEL || name === EMBEDDED_MODEL || isModelFolder(name) || isHubName(name);
  if (!isKnown) throw unknownModel(name);
}

export const unknownModel = (name: string): UserError =>
  new UserError(
    `Model "${name}" is not known. Allowed: ${[EMBEDDED_MODEL, ...hubModels, TINY_MODEL].join(', ')}, ` +
      `OWNER/NAME on the hub, or a folder with config.json and weights.`,
  );
