import { connect, createServer, type Server, type Socket } from 'node:net';
import { FrameReader } from '../../main/protocol/frame-reader.ts';
import { decodeResponse, encodeResponse } from '../../main/protocol/frames.ts';
import { findCoordinator, metadata } from '../../main/protocol/messages/index.ts';

/** What becomes of one answer on its way back: passed on, kept from the client with the connection cut, or swallowed. */
export type AnswerFate = 'pass' | 'cut' | 'swallow';

interface Pair {
  client: Socket;
  broker: Socket;
}

const MAX_FRAME_BYTES = 128 * 1024 * 1024;

/**
 * Stands between a client and a broker and does harm on demand. Brokers are rewritten in what they say of themselves, so
 * that a client stays behind the proxy whatever the broker advertises.
 */
export class FaultyProxy {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  readonly #sockets = new Set<Socket>();
  #target: number;
  /** Looked at for every answer. */
  fate: (apiKey: number, answer: Buffer) => AnswerFate = () => 'pass';
  /** While true nothing passes in either direction, and nothing is closed. */
  #blackHole = false;
  /** While true connections are taken and ended at once. */
  refusing = false;
  /** Answers are written in pieces of so many bytes; 0: whole. */
  sliceBytes = 0;
  /** Answers come so much later, in their order. Lower it only when none is on its way. */
  latencyMs = 0;
  connections = 0;

  constructor(targetPort: number) {
    this.#target = targetPort;
    this.#server = createServer((client) => this.#accept(client));
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  get bootstrapServers(): string {
    return `127.0.0.1:${this.port}`;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  /** Where new connections go from now on. */
  retarget(port: number): void {
    this.#target = port;
  }

  /** Ends all connections, politely (FIN) or not (RST). */
  cut(how: 'FIN' | 'RST' = 'FIN'): void {
    for (const { client, broker } of this.#pairs) {
      if (how === 'RST') client.resetAndDestroy();
      else client.end();
      broker.destroy();
    }
    this.#pairs.clear();
  }

  blackHole(on: boolean): void {
    this.#blackHole = on;
    for (const { client, broker } of this.#pairs) {
      for (const socket of [client, broker]) on ? socket.pause() : socket.resume();
    }
  }

  /** The connections there are now never carry a byte again, and nobody is told; new ones work. */
  freeze(): void {
    for (const { client, broker } of this.#pairs) {
      for (const socket of [client, broker]) socket.pause();
    }
    this.#pairs.clear();
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(client: Socket): void {
    this.connections++;
    if (this.refusing) {
      client.destroy();
      return;
    }
    const broker = connect({ port: this.#target, host: '127.0.0.1', noDelay: true });
    client.setNoDelay(true);
    const pair = { client, broker };
    this.#pairs.add(pair);
    for (const [one, other] of [
      [client, broker],
      [broker, client],
    ] as const) {
      this.#sockets.add(one);
      one.on('error', () => one.destroy());
      one.on('close', () => {
        this.#pairs.delete(pair);
        this.#sockets.delete(one);
        other.destroy();
      });
    }
    if (this.#blackHole) {
      client.pause();
      broker.pause();
    }
    const requests = new FrameReader({ maxFrameBytes: MAX_FRAME_BYTES });
    const answers = new FrameReader({ maxFrameBytes: MAX_FRAME_BYTES });
    const sent = new Map<number, { apiKey: number; version: number }>();
    client.on('data', (chunk: Buffer) => {
      for (const frame of requests.push(chunk)) {
        sent.set(frame.readInt32BE(4), { apiKey: frame.readInt16BE(0), version: frame.readInt16BE(2) });
      }
      broker.write(chunk);
    });
    broker.on('data', (chunk: Buffer) => {
      for (const frame of answers.push(chunk)) {
        const correlationId = frame.readInt32BE(0);
        const request = sent.get(correlationId);
        sent.delete(correlationId);
        this.#passOn(pair, frame, request?.apiKey ?? -1, request?.version ?? 0);
      }
    });
  }

  #passOn(pair: Pair, frame: Buffer, apiKey: number, version: number): void {
    const fate = this.fate(apiKey, frame);
    if (fate === 'swallow') return;
    if (fate === 'cut') {
      pair.client.destroy();
      pair.broker.destroy();
      return;
    }
    const bytes = this.#rewritten(frame, apiKey, version);
    if (this.latencyMs > 0) setTimeout(() => this.#deliver(pair, bytes), this.latencyMs);
    else this.#deliver(pair, bytes);
  }

  #deliver(pair: Pair, bytes: Buffer): void {
    if (this.sliceBytes === 0) pair.client.write(bytes);
    else
      for (let at = 0; at < bytes.length; at += this.sliceBytes)
        pair.client.write(bytes.subarray(at, at + this.sliceBytes));
  }

  #rewritten(frame: Buffer, apiKey: number, version: number): Buffer {
    const correlationId = frame.readInt32BE(0);
    const here = { host: '127.0.0.1', port: this.port };
    if (apiKey === metadata.key) {
      const answer = decodeResponse(metadata, version, frame);
      answer.brokers = answer.brokers.map((broker) => ({ ...broker, ...here }));
      return Buffer.concat(encodeResponse(metadata, version, correlationId, answer));
    }
    if (apiKey === findCoordinator.key) {
      const answer = decodeResponse(findCoordinator, version, frame);
      answer.coordinators = answer.coordinators.map((each) => ({ ...each, ...here }));
      return Buffer.concat(encodeResponse(findCoordinator, version, correlationId, { ...answer, ...here }));
    }
    const size = Buffer.alloc(4);
    size.writeInt32BE(frame.length);
    return Buffer.concat([size, frame]);
  }
}
