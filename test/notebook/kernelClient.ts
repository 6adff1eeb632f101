/**
 * A Jupyter front end for tests: starts a kernel in a process of its own and talks the Jupyter protocol with it over
 * ZeroMQ, so that the launcher is tested without Python.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Dealer, Subscriber } from 'zeromq';

export const kernelFile = path.resolve(__dirname, '../../src/notebook/jupyter/kernels/tslab/kernel.cjs');

export interface Message {
  readonly type: string;
  readonly parent: string;
  readonly content: Record<string, unknown>;
}

export interface CellResult {
  readonly reply: Record<string, unknown>;
  /** Everything that the cell published, in order, without status messages. */
  readonly messages: readonly Message[];
  /** Text of the named stream. */
  stream(name: 'stdout' | 'stderr'): string;
}

export interface KernelClient {
  readonly process: ChildProcess;
  /** Resolves with the exit code (null when ended by a signal). */
  readonly exited: Promise<number | null>;
  execute(code: string): Promise<CellResult>;
  request(type: string, content: object): Promise<Record<string, unknown>>;
  /** Resolves when a cell has put out a stream text or display that contains `text`. */
  seen(text: string): Promise<void>;
  /** What the kernel said last of itself: busy or idle. */
  state(): unknown;
  interrupt(): void;
  shutdown(): Promise<void>;
}

const PORTS = ['shell_port', 'iopub_port', 'stdin_port', 'control_port', 'hb_port'] as const;

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Starts the kernel in `folder` and waits until it answers and its output is heard. */
export async function startKernel(folder: string, env: NodeJS.ProcessEnv = {}): Promise<KernelClient> {
  const ports = await freePorts(PORTS.length);
  const key = randomUUID();
  const connection = {
    transport: 'tcp',
    ip: '127.0.0.1',
    key,
    signature_scheme: 'hmac-sha256',
    ...Object.fromEntries(PORTS.map((name, i) => [name, ports[i]!])),
  };
  const temporary = mkdtempSync(path.join(tmpdir(), 'kernel-test-'));
  const connectionFile = path.join(temporary, 'connection.json');
  writeFileSync(connectionFile, JSON.stringify(connection));
  const child = spawn(process.execPath, [kernelFile, connectionFile], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const died = exited.then((code) => Promise.reject(new Error(`the kernel ended (${code})`)));
  died.catch(() => undefined);

  const shell = new Dealer();
  const iopub = new Subscriber();
  iopub.subscribe();
  shell.connect(`tcp://127.0.0.1:${ports[0]}`);
  iopub.connect(`tcp://127.0.0.1:${ports[1]}`);

  const published: Message[] = [];
  const replies = new Map<string, (content: Record<string, unknown>) => void>();
  const watchers = new Set<() => void>();
  void (async () => {
    for await (const frames of iopub) {
      published.push(parse(frames));
      for (const watcher of watchers) watcher();
    }
  })();
  void (async () => {
    for await (const frames of shell) {
      const { parent, content } = parse(frames);
      replies.get(parent)?.(content);
    }
  })();

  /** Resolves when `condition` holds of what was published. */
  const until = (condition: () => boolean) =>
    new Promise<void>((resolve) => {
      const watcher = () => {
        if (!condition()) return;
        watchers.delete(watcher);
        resolve();
      };
      watchers.add(watcher);
      watcher();
    });
  const isIdle = (id: string) =>
    published.some((m) => m.parent === id && m.type === 'status' && m.content['execution_state'] === 'idle');

  const send = async (type: string, content: object) => {
    const id = randomUUID();
    const header = { msg_id: id, session: key, username: 'test', date: new Date().toISOString(), msg_type: type };
    const parts = [{ ...header, version: '5.3' }, {}, {}, content].map((part) => JSON.stringify(part));
    const hmac = createHmac('sha256', key);
    for (const part of parts) hmac.update(part);
    const reply = new Promise<Record<string, unknown>>((resolve) => replies.set(id, resolve));
    await shell.send(['<IDS|MSG>', hmac.digest('hex'), ...parts]);
    return { id, reply };
  };

  const client: KernelClient = {
    process: child,
    exited,
    async request(type, content) {
      const { reply } = await send(type, content);
      return Promise.race([reply, died]);
    },
    async execute(code) {
      const { id, reply } = await send('execute_request', { code, silent: false, store_history: true });
      const answered = await Promise.race([reply, died]);
      await Promise.race([until(() => isIdle(id)), died]);
      const messages = published.filter((m) => m.parent === id && m.type !== 'status');
      const stream = (name: string) =>
        messages
          .filter((m) => m.type === 'stream' && m.content['name'] === name)
          .map((m) => String(m.content['text']))
          .join('');
      return { reply: answered, messages, stream };
    },
    seen: (text) =>
      until(() => published.some((m) => m.type !== 'execute_input' && JSON.stringify(m.content).includes(text))),
    state: () => published.filter((m) => m.type === 'status').at(-1)?.content['execution_state'],
    interrupt: () => child.kill('SIGINT'),
    async shutdown() {
      if (child.exitCode === null && child.signalCode === null) {
        await send('shutdown_request', { restart: false });
        const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
        await exited;
        clearTimeout(timer);
      }
      shell.close();
      iopub.close();
      rmSync(temporary, { recursive: true, force: true });
    },
  };

  // A subscriber hears nothing that was sent before its subscription arrived: ask until an answer is heard.
  for (;;) {
    const { id, reply } = await send('kernel_info_request', {});
    await Promise.race([reply, died]);
    const heard = await Promise.race([
      until(() => isIdle(id)).then(() => true),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 100)),
    ]);
    if (heard) return client;
  }
}

function parse(frames: readonly Buffer[]): Message {
  const start = frames.findIndex((frame) => frame.toString() === '<IDS|MSG>');
  const [header, parent, , content] = frames
    .slice(start + 2, start + 6)
    .map((frame) => JSON.parse(frame.toString()) as Record<string, unknown>);
  return { type: String(header!['msg_type']), parent: String(parent!['msg_id']), content: content! };
}
