/** How a download goes: bytes, rate, time left; and one line of text for it. */
import { formatDuration } from '../../engine/formatDuration';

export interface DownloadProgress {
  /** What is downloaded, for people. */
  readonly label: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** Of this session, without what was resumed. */
  readonly bytesPerSecond: number;
  readonly secondsLeft: number;
}

export type OnProgress = (progress: DownloadProgress) => void;

/** Counts bytes and reports at most every `every` milliseconds, and at the end. */
export function progressMeter(
  label: string,
  totalBytes: number,
  alreadyThere: number,
  onProgress: OnProgress,
  every = 500,
) {
  const start = performance.now();
  let before = alreadyThere;
  let doneBytes = alreadyThere;
  let reported = -Infinity;
  const report = () => {
    const seconds = Math.max((performance.now() - start) / 1000, 1e-3);
    const bytesPerSecond = (doneBytes - before) / seconds;
    const secondsLeft = bytesPerSecond > 0 ? (totalBytes - doneBytes) / bytesPerSecond : Infinity;
    reported = performance.now();
    onProgress({ label, doneBytes, totalBytes, bytesPerSecond, secondsLeft });
  };
  return {
    add(bytes: number) {
      doneBytes += bytes;
      if (performance.now() - reported >= every || doneBytes >= totalBytes) report();
    },
    /** The download begins anew: a resumed part was of no use. */
    restart() {
      before = doneBytes = 0;
    },
  };
}

/** For example `model.safetensors  412 of 1112 MB  37%  21.3 MB/s  33 s left`. */
export function progressLine({ label, doneBytes, totalBytes, bytesPerSecond, secondsLeft }: DownloadProgress): string {
  const percent = totalBytes === 0 ? 100 : Math.floor((100 * doneBytes) / totalBytes);
  const unit = totalBytes >= 1e6 ? { name: 'MB', size: 1e6 } : { name: 'kB', size: 1e3 };
  const amount = (bytes: number) => (bytes / unit.size).toFixed(0);
  const rate = `${(bytesPerSecond / 1e6).toFixed(1)} MB/s`;
  const left = Number.isFinite(secondsLeft) ? formatDuration(secondsLeft) : 'unknown time';
  return `${label}  ${amount(doneBytes)} of ${amount(totalBytes)} ${unit.name}  ${percent}%  ${rate}  ${left} left`;
}

/** Writes the line to standard error: in place on a terminal, else for each tenth of a file. */
export function printProgress(): OnProgress {
  let tenth = -1;
  let label = '';
  return (progress) => {
    const finished = progress.doneBytes >= progress.totalBytes;
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\u001b[K${progressLine(progress)}${finished ? '\n' : ''}`);
      return;
    }
    const now = Math.floor((10 * progress.doneBytes) / Math.max(progress.totalBytes, 1));
    if (progress.label === label && now === tenth) return;
    [label, tenth] = [progress.label, now];
    process.stderr.write(`${progressLine(progress)}\n`);
  };
}
