import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A request as it came. */
export interface ReceivedRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface ScriptedAnswer {
  status?: number;
  headers?: Readonly<Record<string, string>>;
  /** JSON unless it is text. */
  body?: unknown;
}

/** An HTTP server that answers what the test says, and keeps what it was asked. */
export class ScriptedConnect {
  readonly requests: ReceivedRequest[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(
    answer: (request: ReceivedRequest, count: number) => ScriptedAnswer | Promise<ScriptedAnswer>,
    tls?: ServerOptions,
  ): Promise<ScriptedConnect> {
    const server = tls === undefined ? createHttpServer() : createHttpsServer(tls);
    const scripted = new ScriptedConnect(server);
    server.on('request', async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const received = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      scripted.requests.push(received);
      const { status = 200, headers, body } = await answer(received, scripted.requests.length);
      response.writeHead(status, headers ?? { 'content-type': 'application/json' });
      response.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return scripted;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    (this.#server as Server).closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}
