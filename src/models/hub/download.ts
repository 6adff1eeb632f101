/**
 * One file from the hub to the disk: resumed where an earlier attempt was cut off, repeated when the connection breaks,
 * checked against the hub's hash, and only then given its name.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { messageOf, UserError } from '../../engine/errors';
import { hashOfFile } from './contentHash';
import type { HubSettings } from './environment';
import { progressMeter, type OnProgress } from './progress';
import type { RemoteFile } from './repository';
import { checkAnswer, HubUnreachable, pause, reasonOf, request } from './request';

/** Attempts in a row that brought no byte before it is given up. */
const FRUITLESS_ATTEMPTS = 5;

/** Brings the content of `url` into `partial` and checks it. An earlier `partial` is continued. */
export async function downloadTo(
  settings: HubSettings,
  url: string,
  partial: string,
  file: RemoteFile,
  onProgress: OnProgress,
): Promise<void> {
  fs.mkdirSync(path.dirname(partial), { recursive: true });
  const already = sizeOf(partial);
  checkRoom(path.dirname(partial), file.size - already, file.path);
  const meter = progressMeter(path.basename(file.path), file.size, already, onProgress);
  for (const _ of ['resumed', 'anew']) {
    await fill(settings, url, partial, file, meter);
    if ((await hashOfFile(partial, file.hash.kind)) === file.hash.hex) return;
    // A part from before may be spoiled; a whole download that is wrong too is not our fault.
    fs.rmSync(partial, { force: true });
    meter.restart();
  }
  throw new UserError(
    `${file.path}: twice, what ${new URL(url).host} sent does not have the ${file.hash.kind} ${file.hash.hex} that the hub states. ` +
      `A proxy may change it; nothing was kept.`,
  );
}

type Meter = ReturnType<typeof progressMeter>;

/** Requests what is missing until the file has its size. */
async function fill(
  settings: HubSettings,
  url: string,
  partial: string,
  file: RemoteFile,
  meter: Meter,
): Promise<void> {
  if (sizeOf(partial) > file.size) fs.rmSync(partial);
  if (file.size === 0) fs.writeFileSync(partial, '');
  for (let fruitless = 0; sizeOf(partial) < file.size;) {
    const before = sizeOf(partial);
    let problem: string;
    try {
      await receive(settings, url, partial, file, meter);
      problem = 'the connection ended early';
    } catch (error) {
      if (error instanceof UserError) throw error;
      problem = reasonOf(error);
    }
    if (sizeOf(partial) >= file.size) return;
    fruitless = sizeOf(partial) > before ? 0 : fruitless + 1;
    if (fruitless >= FRUITLESS_ATTEMPTS) {
      throw new HubUnreachable(
        `${file.path}: ${FRUITLESS_ATTEMPTS} attempts brought nothing (${problem}). ` +
          `${before} of ${file.size} bytes are kept; the same call goes on from there.`,
      );
    }
    await pause(settings.retryWait * 2 ** fruitless);
  }
}

/** One request, appended to what is there; a server that ignores the range is taken from the beginning. */
async function receive(
  settings: HubSettings,
  url: string,
  partial: string,
  file: RemoteFile,
  meter: Meter,
): Promise<void> {
  const from = sizeOf(partial);
  const silence = new AbortController();
  const ask = (headers: Record<string, string>) =>
    request(settings, url, { headers: { 'accept-encoding': 'identity', ...headers }, signal: silence.signal });
  let response = await ask(from > 0 ? { range: `bytes=${from}-` } : {});
  const usable = response.status === 206 && startOf(response) === from && !response.headers.has('content-encoding');
  // 200 with the whole file, 416, or a range of the compressed form: none continues what we have
  const anew = from > 0 && !usable;
  if (anew && response.status !== 200) {
    await response.body?.cancel();
    response = await ask({});
  }
  await checkAnswer(settings, response, file.path);
  if (anew) {
    fs.rmSync(partial, { force: true });
    meter.restart();
  }
  if (response.body === null) return;

  const handle = await fs.promises.open(partial, 'a');
  const abort = () => silence.abort(new Error(`no data for ${settings.timeout} ms`));
  let timer = setTimeout(abort, settings.timeout);
  let size = usable ? from : 0;
  try {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      clearTimeout(timer);
      size += chunk.length;
      if (size > file.size)
        throw new UserError(`${file.path}: the hub sends more than the ${file.size} bytes that it states.`);
      await handle.writeFile(chunk);
      meter.add(chunk.length);
      timer = setTimeout(abort, settings.timeout);
    }
  } finally {
    clearTimeout(timer);
    await handle.close();
  }
}

/** The first byte of a partial answer. */
function startOf(response: Response): number | undefined {
  const match = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '');
  return match ? Number(match[1]) : undefined;
}

const sizeOf = (file: string) => (fs.existsSync(file) ? fs.statSync(file).size : 0);

function checkRoom(folder: string, needed: number, file: string): void {
  let free: number;
  try {
    const { bavail, bsize } = fs.statfsSync(folder);
    free = bavail * bsize;
  } catch (error) {
    throw new UserError(`${folder} cannot be used: ${messageOf(error)}. Set HF_HUB_CACHE to another folder.`);
  }
  if (free < needed) {
    throw new UserError(
      `${file} needs ${(needed / 1e6).toFixed(0)} MB; ${folder} has ${(free / 1e6).toFixed(0)} MB left. ` +
        `Make room, or set HF_HUB_CACHE to another disk.`,
    );
  }
}
