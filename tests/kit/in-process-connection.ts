import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { announced } from '../../main/broker/handlers/18-api-versions.ts';
import { Connection } from '../../main/broker/server/connection.ts';
import { UnsentAnswers } from '../../main/broker/server/unsent-answers.ts';
import { FrameBuffers } from '../../main/protocol/frame-buffers.ts';
import { FrameReader } from '../../main/protocol/frame-reader.ts';
import type { InProcessBroker } from './in-process-broker.ts';

/** What a connection needs of a socket, without one: what is written is cut into frames again. */
class PretendedSocket extends EventEmitter {
  readonly remoteAddress = '127.0.0.1';
  readonly localAddress = '127.0.0.1';
  readonly localPort = 9092;
  readonly writableLength = 0;
  destroyed = false;
  readonly frames = new FrameReader({ maxFrameBytes: 0x7fff_ffff });
  readonly #onFrame: (frame: Buffer) => void;

  constructor(onFrame: (frame: Buffer) => void) {
    super();
    this.#onFrame = onFrame;
  }

  write(bytes: Buffer): boolean {
    for (const frame of this.frames.push(bytes)) this.#onFrame(frame);
    return true;
  }

  setNoDelay(): void {}
  cork(): void {}
  uncork(): void {}
  pause(): void {}
  resume(): void {}

  end(): void {
    this.destroy();
  }

  destroySoon(): void {
    this.destroy();
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.emit('close');
  }
}

/** A client's connection to a broker in this process, without a socket between: bytes in, frames out. */
export class InProcessConnection {
  readonly #socket: PretendedSocket;

  constructor(broker: InProcessBroker, onFrame: (frame: Buffer) => void) {
    const { handlers } = broker.broker;
    this.#socket = new PretendedSocket(onFrame);
    new Connection(
      this.#socket as unknown as Socket,
      {
        time: broker.time,
        logger: broker.logger,
        handlers,
        apiVersions: () => announced(handlers.values()),
        unsent: new UnsentAnswers(),
        frameBuffers: new FrameBuffers(),
        maxFrameBytes: 100 * 1024 * 1024,
        frameTimeoutMs: 30_000,
        answerTimeoutMs: 30_000,
        maxIdleMs: -1,
      },
      () => {},
    );
  }

  get isClosed(): boolean {
    return this.#socket.destroyed;
  }

  send(bytes: Buffer): void {
    if (!this.isClosed) this.#socket.emit('data', bytes);
  }

  close(): void {
    this.#socket.destroy();
  }
}
