import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { ConnectException } from '../../../common/errors.ts';
import { guard } from './guard.ts';

export interface RestServerOptions {
  port: number;
  /** Somebody named the port: when it is busy that is an error. Else the next free one is taken. */
  named: boolean;
  /** A request has to arrive whole in this time: slow ones would hold their sockets for ever. */
  requestTimeoutMs?: number;
}

/** How many ports after the wanted one are tried. */
const PORTS = 100;
const ADDRESSES = ['127.0.0.1', '::1'];

export const REQUEST_TIMEOUT_MS = 8_000;
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_CONNECTIONS = 2_000;

/** REST on the loopback, by IPv4 and IPv6. It listens from the start and answers 503 until it is given the application. */
export class RestServer {
  readonly port: number;
  readonly #servers: readonly Server[];
  #listener: ((request: IncomingMessage, response: ServerResponse) => unknown) | null = null;

  private constructor(port: number, servers: readonly Server[]) {
    this.port = port;
    this.#servers = servers;
    for (const server of servers) server.on('request', (request, response) => this.#handle(request, response));
  }

  /** Rejects with ConnectException PORT_IN_USE. */
  static async listen(options: RestServerOptions): Promise<RestServer> {
    const { port, named, requestTimeoutMs = REQUEST_TIMEOUT_MS } = options;
    const last = named || port === 0 ? port : port + PORTS;
    for (let wanted = port; ; wanted++) {
      const servers = await listenAt(wanted, requestTimeoutMs);
      if (servers !== null) return new RestServer(portOf(servers[0] as Server), servers);
      if (wanted >= last) throw inUse(port, last);
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  serve(app: Hono): void {
    // Node's own Request and Response stay as they are: they belong to the whole process.
    this.#listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  }

  async close(): Promise<void> {
    await Promise.all(this.#servers.map(closeServer));
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const refused = guard(
      { method: request.method ?? '', url: request.url ?? '', rawHeaders: request.rawHeaders },
      this.port,
    );
    if (refused !== null) {
      // No body is read from a stranger, so the connection can't be used again.
      response.writeHead(refused, { connection: 'close', 'content-length': '0' }).end();
      return;
    }
    if (this.#listener === null) response.writeHead(503, { 'retry-after': '1', 'content-length': '0' }).end();
    else this.#listener(request, response);
  }
}

/** The same port on each address of the loopback that the machine has; null when one of them is taken. */
async function listenAt(port: number, timeoutMs: number): Promise<Server[] | null> {
  const servers: Server[] = [];
  for (const address of ADDRESSES) {
    const taken = servers[0] === undefined ? port : portOf(servers[0]);
    try {
      servers.push(await listenOn(address, taken, timeoutMs));
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

function listenOn(host: string, port: number, timeoutMs: number): Promise<Server> {
  const server = createServer({
    headersTimeout: timeoutMs,
    requestTimeout: timeoutMs,
    connectionsCheckingInterval: Math.min(1_000, timeoutMs),
    keepAliveTimeout: 5_000,
    maxHeaderSize: MAX_HEADER_BYTES,
  });
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
