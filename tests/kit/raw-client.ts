import { connect, type Socket } from 'node:net';
import { FrameReader } from '../../main/protocol/frame-reader.ts';
import { correlationIdOf, decodeResponse, encodeRequest } from '../../main/protocol/frames.ts';
import type { Api, RequestInput, ResponseOf } from '../../main/protocol/schema/api.ts';

interface Waiting {
  readonly correlationId: number;
  readonly resolve: (frame: Buffer) => void;
  readonly reject: (error: Error) => void;
}

/** One connection, without any of a client's manners: requests and bytes as a test wants them. */
export class RawClient {
  readonly #socket: Socket;
  readonly #waiting: Waiting[] = [];
  #correlationId = 0;
  #isClosed = false;
  /** Resolves when the other side has ended the connection. */
  readonly closed: Promise<void>;
  /** Frames that nobody asked for. */
  readonly strays: Buffer[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    const frames = new FrameReader({ maxFrameBytes: 0x7fff_ffff });
    socket.on('data', (chunk: Buffer) => {
      for (const frame of frames.push(chunk)) this.#receive(frame);
    });
    socket.on('error', () => {});
    this.closed = new Promise((resolve) =>
      socket.on('close', () => {
        this.#isClosed = true;
        for (const { reject } of this.#waiting.splice(0)) reject(new Error('The connection was closed'));
        resolve();
      }),
    );
  }

  /** `from`: the address of this machine that the other side sees. */
  static connect(port: number, host = '127.0.0.1', from?: string): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host, ...(from !== undefined && { localAddress: from }), noDelay: true }, () =>
        resolve(new RawClient(socket)),
      );
      socket.once('error', reject);
    });
  }

  get localPort(): number {
    return this.#socket.localPort as number;
  }

  /** Answers must come in the order of the requests; another order is an error. */
  request<A extends Api>(
    api: A,
    version: number,
    body: RequestInput<A>,
    clientId: string | null = 'raw',
  ): Promise<ResponseOf<A>> {
    const correlationId = ++this.#correlationId;
    for (const chunk of encodeRequest(api, version, correlationId, clientId, body)) this.#socket.write(chunk);
    return this.#answer(correlationId).then((frame) => decodeResponse(api, version, frame));
  }

  /** For requests that get no answer. */
  tell<A extends Api>(api: A, version: number, body: RequestInput<A>): void {
    for (const chunk of encodeRequest(api, version, ++this.#correlationId, 'raw', body)) this.#socket.write(chunk);
  }

  send(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Reads nothing any more, so that the other side's answers pile up. */
  stopReading(): void {
    this.#socket.pause();
  }

  readOn(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.destroy();
  }

  #answer(correlationId: number): Promise<Buffer> {
    if (this.#isClosed) return Promise.reject(new Error('The connection was closed'));
    return new Promise((resolve, reject) => this.#waiting.push({ correlationId, resolve, reject }));
  }

  #receive(frame: Buffer): void {
    const next = this.#waiting.shift();
    if (!next) this.strays.push(frame);
    else if (correlationIdOf(frame) === next.correlationId) next.resolve(frame);
    else next.reject(new Error(`Answer ${correlationIdOf(frame)} came where ${next.correlationId} was due`));
  }
}
