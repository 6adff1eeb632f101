/**
 * The settings of the Hugging Face hub's tools, from the environment variables that Python's `huggingface_hub` obeys.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { UserError } from '../../engine/errors';

export interface HubSettings {
  /** Address of the hub without a slash at its end (HF_ENDPOINT). */
  readonly endpoint: string;
  /** Folder of the cache shared with Python (HF_HUB_CACHE, else HF_HOME/hub). */
  readonly cache: string;
  /** Sent to the endpoint's own host only (HF_TOKEN, else the file that `hf auth login` writes). */
  readonly token?: string;
  /** Nothing is asked of the network (HF_HUB_OFFLINE). */
  readonly offline: boolean;
  /** Snapshots are links to blobs; where that is off, they are the files themselves (HF_HUB_DISABLE_SYMLINKS). */
  readonly symlinks: boolean;
  /** Longest silence of a server, milliseconds (HF_HUB_DOWNLOAD_TIMEOUT, in seconds). */
  readonly timeout: number;
  /** How often a request is made before the hub counts as out of reach. */
  readonly attempts: number;
  /** First wait before a request is repeated, milliseconds; it doubles each time. */
  readonly retryWait: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

const isTrue = (value: string | undefined) => ['1', 'ON', 'YES', 'TRUE'].includes((value ?? '').toUpperCase());

/** Empty variables count as absent, as they do in Python. */
export function hubSettings(environment: Environment = process.env): HubSettings {
  const first = (...names: string[]) => names.map((name) => environment[name]).find((value) => value);
  const home = expand(first('HF_HOME') ?? path.join(first('XDG_CACHE_HOME') ?? '~/.cache', 'huggingface'));
  const endpoint = (first('HF_ENDPOINT') ?? 'https://huggingface.co').replace(/\/+$/, '');
  if (!/^https?:\/\//.test(endpoint)) throw new UserError(`HF_ENDPOINT must be an http(s) address, not "${endpoint}".`);
  return {
    endpoint,
    cache: expand(first('HF_HUB_CACHE', 'HUGGINGFACE_HUB_CACHE') ?? path.join(home, 'hub')),
    token: tokenOf(environment, home),
    offline: isTrue(first('HF_HUB_OFFLINE', 'TRANSFORMERS_OFFLINE')),
    symlinks: !isTrue(first('HF_HUB_DISABLE_SYMLINKS')),
    timeout: seconds('HF_HUB_DOWNLOAD_TIMEOUT', first('HF_HUB_DOWNLOAD_TIMEOUT') ?? '10') * 1000,
    attempts: 5,
    retryWait: 1000,
  };
}

function tokenOf(environment: Environment, home: string): string | undefined {
  // Python's functions can be given a token; here every token is an implicit one.
  if (isTrue(environment.HF_HUB_DISABLE_IMPLICIT_TOKEN)) return undefined;
  const given = environment.HF_TOKEN || environment.HUGGING_FACE_HUB_TOKEN;
  if (given) return given.trim() || undefined;
  const file = expand(environment.HF_TOKEN_PATH || path.join(home, 'token'));
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() || undefined : undefined;
}

function seconds(name: string, value: string): number {
  const number = Number(value);
  if (!(number > 0)) throw new UserError(`${name} must be a number of seconds, not "${value}".`);
  return number;
}

const expand = (folder: string) => path.resolve(folder.replace(/^~(?=$|[/\\])/, os.homedir()));
