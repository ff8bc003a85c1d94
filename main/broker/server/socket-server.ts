import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { KafkaException } from '../../../common/errors.ts';
import type { Logger } from '../../../common/logger.ts';
import { Connection, type ConnectionOptions, plainAddress } from './connection.ts';
import type { ConnectionQuotas } from './connection-quotas.ts';

/** Both loopback addresses: `localhost` is one or the other, by machine and by client. */
export const LOOPBACK: readonly string[] = ['127.0.0.1', '::1'];

const PORTS_TO_TRY = 100;

export interface SocketServerOptions extends ConnectionOptions {
  hosts: readonly string[];
  port: number;
  /** The port was named by a person: when it is busy that is an error. Else the next free one is taken. */
  portIsFixed: boolean;
  /** Of all listeners. */
  quotas: ConnectionQuotas;
  /** PEM, with the chain; absent: plain text. */
  tls?: { key: string; cert: string };
}

/** What all addresses of a server share. */
interface Clients {
  readonly connections: Set<Connection>;
  areWelcome: boolean;
}

/** Accepts clients on every host, all with one port. Java: `org.apache.kafka.network.SocketServer`. */
export class SocketServer {
  readonly port: number;
  readonly #servers: readonly Server[];
  readonly #clients: Clients;
  readonly #quotas: ConnectionQuotas;

  private constructor(port: number, servers: readonly Server[], clients: Clients, quotas: ConnectionQuotas) {
    this.port = port;
    this.#quotas = quotas;
    this.#servers = servers;
    this.#clients = clients;
  }

  /** Rejects with code PORT_IN_USE when a fixed port is taken by somebody else. */
  static async listen(options: SocketServerOptions): Promise<SocketServer> {
    const clients: Clients = { connections: new Set(), areWelcome: true };
    for (let tries = 0; ; tries++) {
      // Any free one of the first address may be taken on the second: then another is tried.
      const port = options.port === 0 ? 0 : options.port + tries;
      try {
        const servers = await listenAll(options, port, clients);
        return new SocketServer(portOf(servers[0] as Server), servers, clients, options.quotas);
      } catch (error) {
        const busy = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
        if (busy && tries < PORTS_TO_TRY && (port === 0 || !options.portIsFixed)) continue;
        if (!busy) throw error;
        throw new KafkaException(`Port ${port} is in use by another program`, {
          code: 'PORT_IN_USE',
          key: 'port',
          hint: 'Stop that program (perhaps another Kafka or another Runnel), or choose another port.',
          cause: error,
        });
      }
    }
  }

  /** Connections that are open now. */
  get connectionCount(): number {
    return this.#clients.connections.size;
  }

  /** Nobody is connected until `resume`: who comes meanwhile is sent away, and tries again. */
  pause(): void {
    this.#clients.areWelcome = false;
    for (const connection of this.#clients.connections) connection.close();
  }

  resume(): void {
    this.#clients.areWelcome = true;
  }

  async close(): Promise<void> {
    const closed = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    this.#quotas.close();
    this.pause();
    await Promise.all(closed);
  }
}

function serverFor({ tls, logger }: SocketServerOptions, onConnection: (socket: Socket) => unknown): Server {
  if (!tls) return createServer({ noDelay: true }, onConnection);
  let server: Server;
  try {
    server = createTlsServer({ ...tls, noDelay: true, minVersion: 'TLSv1.2' }, onConnection);
  } catch (error) {
    throw new KafkaException(`The key or the certificate can't be used: ${(error as Error).message}`, {
      code: 'INVALID_CERTIFICATE',
      key: 'tls',
      hint: 'Both have to be PEM, belong together, and the key has to be without a password.',
      cause: error,
    });
  }
  // Somebody speaks something else, or does not trust the certificate: that is the client's to tell.
  server.on('tlsClientError', (error) => logger.debug(`A TLS handshake failed: ${error.message}`));
  return server;
}

/** Port 0 asks the system for a free one on the first host; the other hosts then take the same. */
async function listenAll(options: SocketServerOptions, port: number, clients: Clients): Promise<Server[]> {
  const { connections } = clients;
  const servers: Server[] = [];
  try {
    for (const host of options.hosts) {
      const server = serverFor(options, (socket) => {
        if (!clients.areWelcome) return socket.destroy();
        options.quotas.admit(socket, plainAddress(socket.remoteAddress), () => {
          if (!clients.areWelcome) return socket.destroy();
          const connection: Connection = new Connection(socket, options, () => connections.delete(connection));
          connections.add(connection);
        });
      });
      try {
        await listen(server, host, servers[0] ? portOf(servers[0]) : port, options.logger);
        servers.push(server);
      } catch (error) {
        // A machine without IPv6 has no ::1; the other address serves.
        if ((error as NodeJS.ErrnoException).code !== 'EADDRNOTAVAIL' || options.hosts.length === 1) throw error;
      }
    }
    return servers;
  } catch (error) {
    for (const server of servers) server.close();
    throw error;
  }
}

function listen(server: Server, host: string, port: number, logger: Logger): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: 511 }, () => {
      server.off('error', reject);
      // Out of file handles, for example: the client tries again, those that are connected go on.
      server.on('error', (error) => logger.warn(`A connection to ${host} could not be accepted: ${error.message}`));
      resolve();
    });
  });
}

function portOf(server: Server): number {
  return (server.address() as { port: number }).port;
}
