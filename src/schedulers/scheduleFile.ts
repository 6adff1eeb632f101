/**
 * A schedule of one's own in a file, where other processes find it: those of a sweep, here or on a cluster. The file's
 * default export is what the schedule needs and selects; its name is the file's, its k that of the run.
 *
 *     // schedules/least-first.ts
 *     import type { ScheduleBody } from '../src/index';
 *     const smallest = (traces: ReadonlyMap<number, number>) => [...traces].reduce((a, b) => (b[1] < a[1] ? b : a))[0];
 *     const body: ScheduleBody = { needs: 'fisher', select: ({ fisherTrace }) => [smallest(fisherTrace)] };
 *     export default body;
 */
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { refuseUnknownKeys, UserError } from '../engine/errors';
import { fileHash } from '../engine/fileHash';
import { defaultExport, namesCode } from '../engine/userModule';
import { createSchedule, scheduleNames, type ScheduleConfig } from './createSchedule';
import type { Schedule } from './schedule';
import { checkSchedule } from './unfreezing';

/** What such a file exports. */
export type ScheduleBody = Omit<Schedule, 'name' | 'every'>;

/** Such a schedule as plain JSON. Another content is another schedule, and so another run. */
export interface ScheduleFile {
  readonly name: string;
  readonly file: string;
  /** Of the file, in hexadecimal digits. */
  readonly sha256: string;
  /** k, in steps. */
  readonly every: number;
  /** The paper's alone have these. */
  readonly order?: undefined;
  readonly layers?: undefined;
}

/** How one is chosen; the rest follows from the file. */
export type ScheduleFileChoice = Pick<ScheduleFile, 'file'> & Partial<ScheduleFile>;

/** Whether a schedule, chosen or configured, is one in a file. */
export const isInFile = <S>(schedule: S): schedule is Extract<S, { file: string }> =>
  typeof schedule === 'object' && schedule !== null && 'file' in schedule;

/**
 * The schedule in the file as it is now.
 *
 * @throws UserError when there is none, its name is none for a schedule, or its content is not that of `sha256`.
 */
export function scheduleFile(choice: ScheduleFileChoice & Pick<ScheduleFile, 'every'>): ScheduleFile {
  refuseUnknownKeys('A schedule in a file', choice, ['name', 'file', 'sha256', 'every']);
  const { name, file, sha256, every } = choice;
  if (typeof file !== 'string' || !namesCode(file) || !existsSync(file)) {
    throw new UserError(`schedule: there is no file ${resolve(`${file}`)} of TypeScript or JavaScript.`);
  }
  const config = { name: basename(file).replace(/\.[^.]*$/, ''), file, sha256: fileHash(file), every };
  checkScheduleFile(config);
  if (name !== undefined && name !== config.name) {
    throw new UserError(`The schedule in ${file} has the name of the file, "${config.name}", not "${name}".`);
  }
  if (sha256 !== undefined) requireContent(file, sha256);
  return config;
}

/** What can be said of the JSON alone: the file may be on another machine. */
export function checkScheduleFile({ name }: ScheduleFile): void {
  if (!/^[A-Za-z][\w-]*$/.test(name) || scheduleNames.some((known) => known === name)) {
    throw new UserError(
      `"${name}" is no name for a schedule of one's own: letters, digits, "-" and "_", and none of the paper's ` +
        `(${scheduleNames.join(', ')}). Give the file another name.`,
    );
  }
}

/** The content that this process loaded of each file: Node keeps a module, whatever its file holds later. */
const loaded = new Map<string, string>();

/** The schedule of a configuration, for a model of `layers` layers; what a file holds is loaded. */
export async function openSchedule(config: ScheduleConfig | ScheduleFile, layers: number): Promise<Schedule> {
  if (!isInFile(config)) return createSchedule(config, layers);
  const { name, file, sha256, every } = config;
  if (existsSync(file)) requireContent(file, sha256); // else `defaultExport` says so
  const before = loaded.get(resolve(file)) ?? sha256;
  if (before !== sha256) {
    throw new UserError(
      `${resolve(file)} was changed after this process had loaded it, and would act as before: restart the kernel.`,
    );
  }
  const body = await defaultExport(file);
  loaded.set(resolve(file), sha256);
  if (typeof body !== 'object' || body === null) {
    throw new UserError(
      `${resolve(file)} has no schedule. It should be its default export: { needs: 'nothing', select: ({ frozen }) => … }.`,
    );
  }
  const schedule = { ...(body as ScheduleBody), name, every };
  checkSchedule(schedule);
  return schedule;
}

function requireContent(file: string, sha256: string): void {
  if (fileHash(file) === sha256) return;
  throw new UserError(
    `${resolve(file)} has changed since this run was written down. Put the old file back, or start the command again: ` +
      `the new one is another run.`,
  );
}
