/** Signals reach no thread that computes: see src/engine/addon/signals.cc. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasRawOps, openEngine } from '../../src/engine/tf';
import { setupModule } from '../setup/scripts';

const { SIGINT, SIGTERM, SIGHUP, SIGUSR2, SIGCHLD, SIGSEGV, SIGPROF } = constants.signals;

const { cloneEngine } = await setupModule<{ cloneEngine: () => { addon: string } }>('places.mjs');
await openEngine();
const isBuilt = hasRawOps() && existsSync(join(dirname(realpathSync(cloneEngine().addon)), 'signals.node'));

describe.runIf(isBuilt && existsSync('/proc/self/task'))('with the library that set-up built', () => {
  test('the thread that computes blocks what others send, not what it causes itself', () => {
    const isBlocked = blockedBy(String(process.pid));
    expect([SIGINT, SIGTERM, SIGHUP, SIGUSR2, SIGCHLD].map(isBlocked)).toEqual([true, true, true, true, true]);
    expect([SIGSEGV, SIGPROF].map(isBlocked)).toEqual([false, false]);
  });

  test('another thread takes them, and Node acts on them', async () => {
    const takers = readdirSync('/proc/self/task').filter((thread) => !blockedBy(thread)(SIGUSR2));
    expect(takers.length).toBeGreaterThan(0);
    const received = new Promise((resolve) => process.once('SIGUSR2', resolve));
    process.kill(process.pid, 'SIGUSR2');
    expect(await received).toBe('SIGUSR2');
  });

  test('a child process blocks none', () => {
    const status = execFileSync('cat', ['/proc/self/status'], { encoding: 'utf8' });
    expect(maskIn(status)).toBe(0n);
  });
});

/** Whether a thread of this process blocks a signal. */
function blockedBy(thread: string): (signal: number) => boolean {
  const mask = maskIn(readFileSync(`/proc/self/task/${thread}/status`, 'utf8'));
  return (signal) => ((mask >> BigInt(signal - 1)) & 1n) === 1n;
}

const maskIn = (status: string): bigint => BigInt(`0x${/^SigBlk:\s*([0-9a-f]+)$/m.exec(status)![1]!}`);
