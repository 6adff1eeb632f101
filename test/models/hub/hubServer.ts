/**
 * A small Hugging Face hub on this machine: repository information, paths-info, resolve with redirects of large files
 * to a second host. What goes wrong is told per path, one entry a request.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

export interface HostedFile {
  readonly content: Buffer;
  /** Large files are stored by SHA-256 and come from the second host. */
  readonly lfs: boolean;
}

export interface HostedRepository {
  readonly type: 'model' | 'dataset';
  readonly name: string;
  readonly commit: string;
  readonly branch: string;
  readonly files: Readonly<Record<string, HostedFile>>;
  /** Requests without this token are answered by 401. */
  readonly token?: string;
  /** Old names, redirected. */
  readonly alias?: string;
}

/** What happens to one request for a file's content. */
export type Fault =
  | { readonly cutAfter: number }
  | { readonly status: number; readonly retryAfter?: number }
  | { readonly content: Buffer }
  | 'gzip'
  | 'ignoreRange'
  | 'gzipRange'
  | 'stall'
  | 'none';

export interface SeenRequest {
  readonly host: 'hub' | 'content';
  readonly method: string;
  readonly path: string;
  readonly authorization?: string;
  readonly range?: string;
}

export const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');
export const gitSha1 = (content: Buffer) =>
  createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
export const etagOf = ({ content, lfs }: HostedFile) => (lfs ? sha256(content) : gitSha1(content));

export async function startHub(repositories: HostedRepository[]) {
  const seen: SeenRequest[] = [];
  /** By file path; each request for the content takes the first. */
  const faults = new Map<string, Fault[]>();
  const note = (host: SeenRequest['host'], request: IncomingMessage) => {
    const { authorization, range } = request.headers;
    seen.push({ host, method: request.method!, path: decodeURIComponent(request.url!), authorization, range });
  };

  const contentHost = await listen((request, response) => {
    note('content', request);
    const [repository, file] = [
      request.url!.split('/')[1]!,
      decodeURIComponent(request.url!.split('/').slice(2).join('/')),
    ];
    const hosted = repositories[Number(repository)]!.files[file]!;
    serve(request, response, hosted, faults.get(file)?.shift() ?? 'none');
  });

  const hub = await listen((request, response) => {
    note('hub', request);
    const url = new URL(request.url!, 'http://hub');
    const path = url.pathname; // as sent: a revision's slash is %2F
    for (const [i, repository] of repositories.entries()) {
      const { type, name, alias, token } = repository;
      if (alias !== undefined && new RegExp(`^/(?:api/models/)?${alias}/`).test(path)) {
        return redirect(response, request.url!.replace(alias, name)); // relative, as for renamed repositories
      }
      const content = new RegExp(`^/${type === 'dataset' ? 'datasets/' : ''}${name}/resolve/([^/]+)/(.+)$`).exec(path);
      const api = new RegExp(`^/api/${type}s/${name}/(revision|paths-info|tree)/(.+)$`).exec(path);
      if (content === null && api === null) continue;
      if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) return fail(response, 401);
      const revision = decodeURIComponent((content?.[1] ?? api![2])!);
      if (revision !== repository.commit && revision !== repository.branch)
        return fail(response, 404, 'RevisionNotFound');
      if (content !== null) return resolve(request, response, repository, decodeURIComponent(content[2]!), i);
      if (api![1] === 'revision')
        return json(response, { _id: 'x', id: name, sha: repository.commit, siblings: siblings(repository) });
      return void pathsInfo(request, response, repository);
    }
    fail(response, 404, 'RepoNotFound');
  });

  function resolve(
    request: IncomingMessage,
    response: ServerResponse,
    repository: HostedRepository,
    path: string,
    i: number,
  ) {
    const file = repository.files[path];
    if (file === undefined) return fail(response, 404, 'EntryNotFound');
    response.setHeader('x-repo-commit', repository.commit);
    if (file.lfs) {
      response.setHeader('x-linked-etag', `"${sha256(file.content)}"`);
      response.setHeader('x-linked-size', file.content.length);
      return redirect(response, `${addressOf(contentHost)}/${i}/${path}`);
    }
    response.setHeader('etag', `"${gitSha1(file.content)}"`);
    serve(request, response, file, faults.get(path)?.shift() ?? 'none');
  }

  return {
    endpoint: addressOf(hub),
    seen,
    faults,
    contentRequests: (file: string) => seen.filter(({ method, path }) => method === 'GET' && path.endsWith(`/${file}`)),
    close: async () => {
      for (const server of [hub, contentHost]) {
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
      }
    },
  };
}

function serve(request: IncomingMessage, response: ServerResponse, { content }: HostedFile, fault: Fault): void {
  if (typeof fault === 'object' && 'status' in fault) {
    if (fault.retryAfter !== undefined) response.setHeader('retry-after', fault.retryAfter);
    return fail(response, fault.status);
  }
  const whole = typeof fault === 'object' && 'content' in fault ? fault.content : content;
  if (fault === 'stall')
    return void response.writeHead(200, { 'content-length': whole.length }).write(whole.subarray(0, 10));
  if (fault === 'gzip') {
    response.writeHead(200, { 'content-encoding': 'gzip' });
    return void response.end(gzipSync(whole));
  }
  const range = fault === 'ignoreRange' ? null : /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
  const from = range === null ? 0 : Number(range[1]);
  if (from >= whole.length && range !== null) return fail(response, 416);
  if (range !== null && fault === 'gzipRange') {
    response.writeHead(206, {
      'content-encoding': 'gzip',
      'content-range': `bytes ${from}-${whole.length - 1}/${whole.length}`,
    });
    return void response.end(gzipSync(whole.subarray(from)));
  }
  const body = whole.subarray(from);
  if (range !== null) response.setHeader('content-range', `bytes ${from}-${whole.length - 1}/${whole.length}`);
  response.writeHead(range === null ? 200 : 206, { 'content-length': body.length });
  if (request.method === 'HEAD') return void response.end();
  if (typeof fault === 'object' && 'cutAfter' in fault) {
    response.write(body.subarray(0, fault.cutAfter), () => setTimeout(() => response.destroy(), 100));
    return;
  }
  response.end(body);
}

async function pathsInfo(
  request: IncomingMessage,
  response: ServerResponse,
  { files }: HostedRepository,
): Promise<void> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const { paths } = JSON.parse(text) as { paths: string[] };
  const entries = paths
    .filter((path) => path in files)
    .map((path) => {
      const { content, lfs } = files[path]!;
      const pointer = { oid: sha256(content), size: content.length, pointerSize: 134 };
      return {
        type: 'file',
        path,
        size: content.length,
        oid: lfs ? 'f'.repeat(40) : gitSha1(content),
        ...(lfs ? { lfs: pointer } : {}),
      };
    });
  json(response, entries);
}

const siblings = ({ files }: HostedRepository) => Object.keys(files).map((rfilename) => ({ rfilename }));

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(307, { location }).end();
}

function fail(response: ServerResponse, status: number, code?: string): void {
  if (code !== undefined) response.setHeader('x-error-code', code);
  response.writeHead(status, { 'content-type': 'application/json' }).end('{"error":"no"}');
}

async function listen(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const server = createServer(handler);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

const addressOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
