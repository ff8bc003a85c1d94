import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { ConnectException } from '../../../common/errors.ts';
import { type GuardedListener, guard } from './guard.ts';
import { MAX_BODY_BYTES } from './request-body.ts';
import type { RestApp, RestRequest } from './rest-app.ts';
import type { TlsSettings } from './tls-settings.ts';

export interface RestServerOptions {
  port: number;
  /** Somebody named the port: when it is busy that is an error. Else the next free one is taken. */
  named: boolean;
  /** Absent: the loopback, by IPv4 and IPv6. */
  addresses?: readonly string[];
  /** Served by https with these. */
  tls?: TlsSettings;
  /** Whether a Host is one of this listener's, besides the names of the loopback. */
  hasName?(host: string): boolean;
  /** A request has to arrive whole in this time: slow ones would hold their sockets for ever. */
  requestTimeoutMs?: number;
}

/** How many ports after the wanted one are tried. */
const PORTS = 100;
const LOOPBACK = ['127.0.0.1', '::1'];

export const REQUEST_TIMEOUT_MS = 8_000;
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_CONNECTIONS = 2_000;

/** REST at one port. It listens from the start and answers 503 until it is given the application. */
export class RestServer {
  readonly port: number;
  readonly scheme: 'http' | 'https';
  readonly #servers: readonly Server[];
  readonly #listener: GuardedListener;
  #app: RestApp | null = null;

  private constructor(options: RestServerOptions, servers: readonly Server[]) {
    this.port = portOf(servers[0] as Server);
    this.scheme = options.tls === undefined ? 'http' : 'https';
    this.#servers = servers;
    this.#listener = {
      port: this.port,
      defaultPort: this.scheme === 'http' ? 80 : 443,
      ...(options.hasName === undefined ? {} : { hasName: options.hasName }),
    };
    for (const server of servers) server.on('request', (request, response) => this.#handle(request, response));
  }

  /** Rejects with ConnectException PORT_IN_USE. */
  static async listen(options: RestServerOptions): Promise<RestServer> {
    const { port, named } = options;
    const last = named || port === 0 ? port : port + PORTS;
    for (let wanted = port; ; wanted++) {
      const servers = await listenAt(wanted, options);
      if (servers !== null) return new RestServer(options, servers);
      if (wanted >= last) throw inUse(port, last);
    }
  }

  get url(): string {
    return `${this.scheme}://127.0.0.1:${this.port}`;
  }

  serve(app: RestApp): void {
    this.#app = app;
  }

  async close(): Promise<void> {
    await Promise.all(this.#servers.map(closeServer));
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const { method = '', url = '', rawHeaders } = request;
    const refused = guard({ method, url, rawHeaders }, this.#listener);
    if (refused !== null) {
      // No body is read from a stranger, so the connection can't be used again.
      response.writeHead(refused, { connection: 'close', 'content-length': '0' }).end();
      return;
    }
    if (this.#app === null) response.writeHead(503, { 'retry-after': '1', 'content-length': '0' }).end();
    else void this.#answer(this.#app, request, response);
  }

  async #answer(app: RestApp, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { headers } = request;
    const asked: RestRequest = {
      method: request.method ?? '',
      target: request.url ?? '',
      accept: headers.accept,
      authorization: headers.authorization,
      origin: `${this.scheme}://${headers.host}`,
      contentType: headers['content-type'],
      contentLength: headers['content-length'],
      chunks: request.iterator({ destroyOnReturn: false }),
    };
    const { status, headers: answered, body } = await app.answer(asked);
    if (response.destroyed) return;
    if (!request.readableEnded) dropRest(request, response);
    response.writeHead(status, answered).end(body ?? undefined);
  }
}

/**
 * What is left of a body that nobody wants is read, so that the client gets to read its answer, but no more of it than
 * a body may be long.
 */
function dropRest(request: IncomingMessage, response: ServerResponse): void {
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) request.destroy();
  });
  // A client that is gone has no use for an error.
  request.on('error', () => {});
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) response.shouldKeepAlive = false;
}

/** The same port on each of the addresses that the machine has; null when one of them is taken. */
async function listenAt(port: number, options: RestServerOptions): Promise<Server[] | null> {
  const servers: Server[] = [];
  for (const address of options.addresses ?? LOOPBACK) {
    const taken = servers[0] === undefined ? port : portOf(servers[0]);
    try {
      servers.push(await listenOn(address, taken, options));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') continue;
      await Promise.all(servers.map(closeServer));
      if (code === 'EADDRINUSE' || code === 'EACCES') return null;
      throw error;
    }
  }
  return servers.length === 0 ? null : servers;
}

function listenOn(host: string, port: number, options: RestServerOptions): Promise<Server> {
  const { tls, requestTimeoutMs: timeoutMs = REQUEST_TIMEOUT_MS } = options;
  const limits = {
    headersTimeout: timeoutMs,
    requestTimeout: timeoutMs,
    connectionsCheckingInterval: Math.min(1_000, timeoutMs),
    keepAliveTimeout: 5_000,
    maxHeaderSize: MAX_HEADER_BYTES,
  };
  const server = tls === undefined ? createServer(limits) : createSecureServer({ ...limits, ...tls });
  server.maxConnections = MAX_CONNECTIONS;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true, ipv6Only: true }, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function portOf(server: Server): number {
  return (server.address() as { port: number }).port;
}

function inUse(first: number, last: number): ConnectException {
  const which = first === last ? `Port ${first} for REST is` : `Ports ${first} to ${last} for REST are`;
  return new ConnectException(`${which} in use by other programs`, {
    code: 'PORT_IN_USE',
    key: 'listeners',
    hint: 'End the other program, or name another port: listeners=http://127.0.0.1:8084.',
  });
}
