/**
 * Errors that a user can mend: what was given, what is allowed, what to do next.
 * Anything else that is thrown is a defect of this project.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A value as it is shown in an error: JSON, cut to 60 characters. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** Options are an object. @param such which, to follow "an object" in the error: "with model, task" */
export function requireObject(what: string, given: unknown, such: string): void {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return;
  throw new UserError(`${what} takes an object ${such}; given was ${shown(given)}.`);
}

/** Refuses unknown keys by name, so that a mistyped option never passes silently; and what is no object. */
export function refuseUnknownKeys(what: string, given: object, allowed: readonly string[]): void {
  requireObject(what, given, `with ${allowed.join(', ')}`);
  const unknown = Object.keys(given).filter((key) => !allowed.includes(key));
  if (unknown.length > 0) {
    throw new UserError(
      `${what}: unknown ${unknown.map((key) => `"${key}"`).join(', ')}. Allowed: ${allowed.join(', ')}.`,
    );
  }
}

/** One of a closed list, or an error that names the list. */
export function oneOf<T extends string>(what: string, given: string, allowed: readonly T[]): T {
  const found = allowed.find((value) => value === given);
  if (found === undefined) throw new UserError(`${what} "${given}" is not known. Allowed: ${allowed.join(', ')}.`);
  return found;
}

/** A whole number ≥ `minimum` (default 1), or an error that says what was given. */
export function wholeNumber(what: string, given: number, minimum = 1): number {
  if (!Number.isInteger(given) || given < minimum) {
    throw new UserError(
      `${what} must be a whole number of at least ${minimum}, not ${typeof given === 'string' ? `"${String(given)}"` : given}.`,
    );
  }
  return given;
}
