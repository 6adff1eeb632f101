/** Ctrl-C: the first one asks to stop and save, the second one ends at once. */

/** Runs `work` with a signal that SIGINT or SIGTERM aborts; says what is happening on standard error. */
export async function withInterrupt<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const stop = () => {
    if (abort.signal.aborted) process.exit(130);
    abort.abort();
    process.stderr.write('\nStopping after the current step; what is done is kept. Once more to end at once.\n');
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    return await work(abort.signal);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}
