/**
 * Requests to the hub: repeated when that may help, followed through redirects by hand, with the token on requests to
 * the endpoint's own host and on no other.
 */
import { messageOf, UserError } from '../../engine/errors';
import type { HubSettings } from './environment';

/** The hub gave no answer: what is in the cache may still do. */
export class HubUnreachable extends UserError {}

const MOST_REDIRECTS = 10;
/** Longest wait that a server may ask for, milliseconds. */
const LONGEST_WAIT = 120_000;

/** The last answer after redirects and repetitions; it may still be an error (see `checkAnswer`). */
export async function request(settings: HubSettings, url: string, init: RequestInit = {}): Promise<Response> {
  let problem = '';
  for (let attempt = 0; attempt < settings.attempts; attempt++) {
    let wait = settings.retryWait * 2 ** attempt;
    try {
      const response = await follow(settings, url, init);
      if (response.status !== 408 && response.status !== 429 && response.status < 500) return response;
      problem = `status ${response.status}`;
      wait = waitAskedFor(response) ?? wait;
      await response.body?.cancel();
    } catch (error) {
      if (error instanceof UserError) throw error;
      problem = reasonOf(error);
    }
    if (attempt < settings.attempts - 1) await pause(Math.min(wait, LONGEST_WAIT));
  }
  throw new HubUnreachable(`${hostOf(url)} did not answer (${problem}; attempts: ${settings.attempts}).`);
}

/** A `fetch` for @huggingface/hub, with the rules of this file; an error status becomes a UserError. */
export function hubFetch(settings: HubSettings): typeof fetch {
  return async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    return checkAnswer(settings, await request(settings, url, init), url);
  };
}

/** Passes on a good answer; another one becomes an error that says what to do. */
export async function checkAnswer(settings: HubSettings, response: Response, what: string): Promise<Response> {
  if (response.ok) return response;
  const code = response.headers.get('x-error-code');
  await response.body?.cancel();
  const name = what.replace(settings.endpoint, '');
  switch (response.status) {
    case 401:
      throw new UserError(
        settings.token === undefined
          ? `${name}: the hub asks for a token (401). The repository is private, or does not exist. Set HF_TOKEN, or check the name.`
          : `${name}: the hub does not accept the token (401). Renew HF_TOKEN, or unset it for public repositories.`,
      );
    case 403:
      throw new UserError(
        `${name}: access is not allowed (403${code ? `, ${code}` : ''}). ` +
          `If the repository is gated, accept its conditions on its page and set HF_TOKEN.`,
      );
    case 404:
      throw new UserError(
        `${name} is not on the hub (404${code ? `, ${code}` : ''}). Check repository, revision and file.`,
      );
    default:
      throw new UserError(`${name}: the hub answered with status ${response.status}.`);
  }
}

/** One attempt: through redirects, with a limit on the time until each answer begins. */
async function follow(settings: HubSettings, start: string, init: RequestInit): Promise<Response> {
  let url = start;
  let { method, body } = init;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const headers = new Headers(init.headers);
    headers.delete('authorization');
    if (settings.token !== undefined && new URL(url).origin === new URL(settings.endpoint).origin) {
      headers.set('authorization', `Bearer ${settings.token}`);
    }
    const stop = new AbortController();
    init.signal?.addEventListener('abort', () => stop.abort(init.signal!.reason), { once: true });
    const timer = setTimeout(() => stop.abort(new Error(`no answer for ${settings.timeout} ms`)), settings.timeout);
    let response: Response;
    try {
      response = await fetch(url, { ...init, method, body, headers, redirect: 'manual', signal: stop.signal });
    } finally {
      clearTimeout(timer);
    }
    const location = response.headers.get('location');
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return response;
    await response.body?.cancel();
    url = new URL(location, url).href;
    if (!/^https?:/.test(url))
      throw new UserError(`${hostOf(start)} redirects to ${url}, which is no http(s) address.`);
    if (response.status === 303) [method, body] = ['GET', undefined];
  }
  throw new UserError(`${start} is redirected more than ${MOST_REDIRECTS} times.`);
}

/** Milliseconds of a Retry-After header, in either of its forms. */
function waitAskedFor(response: Response): number | undefined {
  const value = response.headers.get('retry-after');
  if (value === null) return undefined;
  const asked = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(asked) ? Math.max(asked, 0) : undefined;
}

export const pause = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));

const hostOf = (url: string) => new URL(url).host;

/** What a failed fetch was about; undici hides it in `cause`. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? messageOf(error) : messageOf(cause) || messageOf(error);
}
