import { createServer, type Server, type Socket } from 'node:net';
import { FrameReader } from '../../main/protocol/frame-reader.ts';
import {
  decodeRequest,
  encodeResponse,
  type RequestHeader,
  UnsupportedRequestVersionException,
} from '../../main/protocol/frames.ts';
import { APIS, apiByKey } from '../../main/protocol/messages/index.ts';
import type { Api, RequestOf, ResponseInput } from '../../main/protocol/schema/api.ts';

/** What a broker under test answers: a response, a promise of one, or nothing at all. */
export type Answer<A> = ResponseInput<A> | Promise<ResponseInput<A>> | 'nothing' | 'hang up';
type Handler = (body: unknown, header: RequestHeader, socket: Socket) => unknown;

export interface FakeBrokerOptions {
  /** newest version announced, by API key; -1: not announced */
  newest?: Readonly<Record<number, number>>;
}

/**
 * A broker of which a test writes the answers, over real sockets. It answers ApiVersions itself, and hangs up on what it
 * has no answer for.
 */
export class FakeBroker {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #handlers = new Map<number, Handler>();
  readonly #newest: Readonly<Record<number, number>>;
  /** Names of the requests that came, in order. */
  readonly received: string[] = [];
  connections = 0;

  constructor({ newest = {} }: FakeBrokerOptions = {}) {
    this.#newest = newest;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  get bootstrapServers(): string {
    return `127.0.0.1:${this.port}`;
  }

  async start(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return this;
  }

  on<A extends Api>(api: A, answer: (body: RequestOf<A>, header: RequestHeader, socket: Socket) => Answer<A>): this {
    this.#handlers.set(api.key, answer as Handler);
    return this;
  }

  /** Ends every connection. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(socket: Socket): void {
    this.connections++;
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const frames = new FrameReader({ maxFrameBytes: 64 * 1024 * 1024 });
    let turn = Promise.resolve();
    socket.on('data', (chunk: Buffer) => {
      for (const frame of frames.push(chunk)) turn = turn.then(() => this.#answer(frame, socket));
    });
  }

  async #answer(frame: Buffer, socket: Socket): Promise<void> {
    try {
      const { header, api, body } = decodeRequest(frame);
      this.received.push(api.name);
      if (header.apiVersion > this.#newestOf(api)) throw new UnsupportedRequestVersionException(header, api.name);
      const handler = this.#handlers.get(header.apiKey) ?? (api.key === 18 ? () => this.#apiVersions() : undefined);
      const answer = handler ? await handler(body, header, socket) : 'hang up';
      if (answer === 'hang up') socket.destroy();
      else if (answer !== 'nothing') this.#send(socket, api, header, header.apiVersion, answer);
    } catch (error) {
      if (!(error instanceof UnsupportedRequestVersionException) || error.header.apiKey !== 18) throw error;
      const api = apiByKey(18) as Api;
      this.#send(socket, api, error.header, 0, { ...this.#apiVersions(), errorCode: 35 });
    }
  }

  #send(socket: Socket, api: Api, header: RequestHeader, version: number, body: unknown): void {
    for (const chunk of encodeResponse(api, version, header.correlationId, body as never)) socket.write(chunk);
  }

  #newestOf(api: Api): number {
    return this.#newest[api.key] ?? api.versions.max;
  }

  #apiVersions() {
    const apis = APIS as unknown as readonly Api[];
    const apiKeys = apis
      .filter((api) => this.#newestOf(api) >= 0)
      .map((api) => ({ apiKey: api.key, minVersion: api.versions.min, maxVersion: this.#newestOf(api) }));
    return { errorCode: 0, apiKeys };
  }
}
