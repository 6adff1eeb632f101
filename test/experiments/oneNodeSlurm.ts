/**
 * A Slurm cluster of one node on this machine, for tests: munge for authentication, one controller, one node, all in a
 * folder of its own and on ports of its own. Needs root and the Debian packages slurm-wlm and munge.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, hostname, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';

/** Seconds that a task has between SIGTERM and SIGKILL. */
const KILL_WAIT = 5;

/** Why it cannot be started here, or undefined when it can. */
export function whyNoSlurm(): string | undefined {
  if (process.getuid?.() !== 0) return 'starting Slurm needs root';
  const missing = ['sbatch', 'slurmctld', 'slurmd', 'munged'].filter(
    (program) => spawnSync('which', [program]).status !== 0,
  );
  return missing.length === 0 ? undefined : `${missing.join(', ')} not found (apt-get install slurm-wlm munge)`;
}

export interface OneNodeSlurm {
  /** To be set as SLURM_CONF. */
  readonly configuration: string;
  stop(): Promise<void>;
}

export async function startSlurm(): Promise<OneNodeSlurm> {
  const folder = mkdtempSync(join(tmpdir(), 'fun-slurm-'));
  const node = hostname().split('.')[0]!;
  const port = 20_000 + (process.pid % 20_000);
  const configuration = join(folder, 'slurm.conf');
  for (const name of ['munge', 'state', 'spool']) mkdirSync(join(folder, name));
  chmodSync(folder, 0o755);

  writeFileSync(join(folder, 'munge', 'key'), randomBytes(1024), { mode: 0o400 });
  execFileSync('chown', ['-R', 'munge:', join(folder, 'munge')]);
  chmodSync(join(folder, 'munge'), 0o711);
  const munge = (name: string) => join(folder, 'munge', name);
  execFileSync('runuser', [
    ...['-u', 'munge', '--', 'munged', '--force', `--key-file=${munge('key')}`, `--socket=${munge('socket')}`],
    ...[`--pid-file=${munge('pid')}`, `--log-file=${munge('log')}`, `--seed-file=${munge('seed')}`],
  ]);

  const settings = {
    ClusterName: 'fun',
    SlurmctldHost: `${node}(127.0.0.1)`,
    SlurmctldPort: port,
    SlurmdPort: port + 1,
    AuthType: 'auth/munge',
    AuthInfo: `socket=${munge('socket')}`,
    SlurmUser: 'root',
    SlurmdUser: 'root',
    StateSaveLocation: join(folder, 'state'),
    SlurmdSpoolDir: join(folder, 'spool'),
    SlurmctldPidFile: join(folder, 'controller.pid'),
    SlurmdPidFile: join(folder, 'node.pid'),
    SlurmctldLogFile: join(folder, 'controller.log'),
    SlurmdLogFile: join(folder, 'node.log'),
    ProctrackType: 'proctrack/linuxproc',
    TaskPlugin: 'task/none',
    SelectType: 'select/cons_tres',
    SelectTypeParameters: 'CR_Core',
    JobAcctGatherType: 'jobacct_gather/none',
    AccountingStorageType: 'accounting_storage/none',
    MpiDefault: 'none',
    ReturnToService: 2,
    SchedulerParameters: 'batch_sched_delay=0,sched_min_interval=0',
    KillWait: KILL_WAIT,
  };
  const cores = availableParallelism();
  const lines = [
    ...Object.entries(settings).map(([key, value]) => `${key}=${value}`),
    `NodeName=${node} NodeAddr=127.0.0.1 CPUs=${cores} RealMemory=${Math.floor(totalmem() / 2 ** 20) - 1000}`,
    `PartitionName=main Nodes=${node} Default=YES MaxTime=INFINITE State=UP`,
  ];
  writeFileSync(configuration, `${lines.join('\n')}\n`);
  const stop = async () => {
    for (const file of [join(folder, 'node.pid'), join(folder, 'controller.pid'), munge('pid')]) await endProcess(file);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  const environment = { ...process.env, SLURM_CONF: configuration };
  try {
    execFileSync('slurmctld', ['-c'], { env: environment, stdio: 'ignore' });
    execFileSync('slurmd', ['-c'], { env: environment, stdio: 'ignore' });
    const isIdle = () =>
      spawnSync('sinfo', ['--noheader', '--format=%T'], { env: environment, encoding: 'utf8' }).stdout.trim() ===
      'idle';
    for (let waited = 0; !isIdle(); waited += 1) {
      if (waited === 120)
        throw new Error(`Slurm did not come up: ${readFileSync(join(folder, 'controller.log'), 'utf8')}`);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { configuration, stop };
}

/** Since when requeued tasks wait, in milliseconds. */
const waitingSince = new Map<string, number>();

/**
 * Lets tasks that were requeued start soon; Slurm makes them wait for two minutes. Some seconds are left: on a loaded
 * machine the end of the earlier turn arrives late, and would be taken for the end of the new one.
 */
export function releaseRequeued(): void {
  const waiting = execFileSync('squeue', ['--noheader', '--array', '--states=PENDING', '--format=%i %r'], {
    encoding: 'utf8',
  });
  for (const [task, reason] of waiting.split('\n').map((line) => line.split(' '))) {
    if (reason !== 'BeginTime') continue;
    if (!waitingSince.has(task!)) waitingSince.set(task!, Date.now());
    if (Date.now() - waitingSince.get(task!)! < 1000 * (KILL_WAIT + 3)) continue;
    waitingSince.delete(task!);
    // It may have started meanwhile, which Slurm answers with an error.
    spawnSync('scontrol', ['update', `JobId=${task}`, 'StartTime=now']);
  }
}

/** Ends the daemon and waits until it is gone. */
async function endProcess(pidFile: string): Promise<void> {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').trim());
  try {
    process.kill(pid, 'SIGTERM');
    for (let waited = 0; waited < 100; waited += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      process.kill(pid, 0);
    }
  } catch {
    // It is gone: signalling it failed.
  }
}
