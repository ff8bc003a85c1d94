import { connect, createServer, type Server, type Socket } from 'node:net';
import { FrameReader } from '../../main/protocol/frame-reader.ts';

/** A request and its response as they crossed the wire, without the sizes in front. */
export interface Exchange {
  apiKey: number;
  apiVersion: number;
  request: Buffer;
  response: Buffer;
}

const MAX = 64 * 1024 * 1024;

/** Stands between a client and a broker and keeps what they say; the broker advertises the proxy's port. */
export class RecordingProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #targetPort: () => number;
  #onExchange: (exchange: Exchange) => void = () => undefined;

  constructor(targetPort: () => number) {
    this.#targetPort = targetPort;
    this.#server = createServer((client) => this.#accept(client));
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
  }

  record(onExchange: (exchange: Exchange) => void): void {
    this.#onExchange = onExchange;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #accept(client: Socket): void {
    const broker = connect(this.#targetPort(), '127.0.0.1');
    const waiting = new Map<number, Buffer>();
    const requests = new FrameReader({ maxFrameBytes: MAX });
    const responses = new FrameReader({ maxFrameBytes: MAX });
    for (const [from, to] of [
      [client, broker],
      [broker, client],
    ] as const) {
      this.#sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
    client.on('data', (chunk: Buffer) => {
      for (const frame of requests.push(chunk)) waiting.set(frame.readInt32BE(4), frame);
      broker.write(chunk);
    });
    broker.on('data', (chunk: Buffer) => {
      client.write(chunk);
      for (const response of responses.push(chunk)) {
        const request = waiting.get(response.readInt32BE(0));
        if (!request) continue;
        waiting.delete(response.readInt32BE(0));
        this.#onExchange({ apiKey: request.readInt16BE(0), apiVersion: request.readInt16BE(2), request, response });
      }
    });
  }
}
