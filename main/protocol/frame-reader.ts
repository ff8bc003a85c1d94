import { InvalidReceiveException } from './exceptions.ts';
import type { FrameBuffers } from './frame-buffers.ts';

/** Frames up to here get their buffer at once; larger ones get more as bytes arrive, not by their claim alone. */
const TRUSTED_BYTES = 64 * 1024;
/** What a frame that has sent so much gets next: a producer's usual batch is copied once. */
const SECOND_BYTES = 1024 * 1024;
const SIZE_BYTES = 4;

export interface FrameReaderOptions {
  /** `socket.request.max.bytes` of a broker; for a client what it is ready to hold */
  readonly maxFrameBytes: number;
  /** Where large frames get their buffers, by someone who gives them back; absent: each has one of its own. */
  readonly buffers?: FrameBuffers;
}

/**
 * Cuts length-prefixed frames out of what a socket delivers. Each frame is one buffer of its own, without `buffers` of
 * exact size, so that records can be kept without holding on to the socket's chunks.
 */
export class FrameReader {
  readonly #maxFrameBytes: number;
  readonly #buffers: FrameBuffers | undefined;
  readonly #size = Buffer.alloc(SIZE_BYTES);
  #sizeBytes = 0;
  /** -1: between frames */
  #frameBytes = -1;
  #frame: Buffer | undefined;
  #filled = 0;
  #first = true;

  constructor(options: FrameReaderOptions) {
    this.#maxFrameBytes = options.maxFrameBytes;
    this.#buffers = options.buffers;
  }

  /** Bytes of a frame that has begun and not ended; 0 between frames. */
  get pendingBytes(): number {
    return this.#sizeBytes + this.#filled;
  }

  /**
   * Takes the next bytes and returns the frames that they complete, in order. `chunk` is not kept.
   *
   * @throws InvalidReceiveException for a negative size or one over the limit, naming the protocol that the other
   *   side seems to speak instead; nothing was allocated for it and the stream is lost
   */
  push(chunk: Buffer): Buffer[] {
    const frames: Buffer[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.#frameBytes < 0) {
        const count = Math.min(SIZE_BYTES - this.#sizeBytes, chunk.length - at);
        chunk.copy(this.#size, this.#sizeBytes, at, at + count);
        this.#sizeBytes += count;
        at += count;
        if (this.#sizeBytes < SIZE_BYTES) break;
        this.#begin();
      }
      const count = Math.min(this.#frameBytes - this.#filled, chunk.length - at);
      this.#append(chunk, at, count);
      at += count;
      if (this.#filled === this.#frameBytes) frames.push(this.#end());
    }
    return frames;
  }

  #begin(): void {
    const size = this.#size.readInt32BE(0);
    const speaks = this.#first ? foreignProtocol(this.#size) : undefined;
    if (speaks) {
      throw new InvalidReceiveException(`The other side speaks ${speaks}, not Kafka's protocol`, {
        code: 'NOT_KAFKA',
        hint: hintFor(speaks),
      });
    }
    if (size < 0) throw new InvalidReceiveException(`Invalid receive (size = ${size})`);
    if (size > this.#maxFrameBytes) {
      throw new InvalidReceiveException(`Invalid receive (size = ${size} larger than ${this.#maxFrameBytes})`);
    }
    this.#first = false;
    this.#frameBytes = size;
    this.#frame = Buffer.allocUnsafeSlow(Math.min(size, TRUSTED_BYTES));
  }

  #append(chunk: Buffer, start: number, count: number): void {
    let frame = this.#frame!;
    const needed = this.#filled + count;
    if (needed > frame.length) {
      const size = Math.min(this.#frameBytes, Math.max(needed, frame.length * 2, SECOND_BYTES));
      const grown = this.#buffers?.take(size) ?? Buffer.allocUnsafeSlow(size);
      frame.copy(grown, 0, 0, this.#filled);
      this.#frame = frame = grown;
    }
    chunk.copy(frame, this.#filled, start, start + count);
    this.#filled = needed;
  }

  #end(): Buffer {
    const frame = this.#frame!.subarray(0, this.#frameBytes);
    this.#frame = undefined;
    this.#frameBytes = -1;
    this.#filled = 0;
    this.#sizeBytes = 0;
    return frame;
  }
}

export type ForeignProtocol = 'HTTP' | 'TLS' | 'SSH';

/** What the first four bytes of a connection say, if it is not Kafka's protocol. All would be frames over 350 MB. */
export function foreignProtocol(start: Uint8Array): ForeignProtocol | undefined {
  // A TLS record: handshake or alert, major version 3.
  if ((start[0] === 0x16 || start[0] === 0x15) && start[1] === 0x03) return 'TLS';
  const text = String.fromCharCode(...start.subarray(0, 4));
  if (text === 'SSH-') return 'SSH';
  return ['HTTP', 'GET ', 'POST', 'PUT ', 'HEAD', 'DELE', 'OPTI', 'CONN', 'PATC', 'PRI '].includes(text)
    ? 'HTTP'
    : undefined;
}

function hintFor(protocol: ForeignProtocol): string {
  switch (protocol) {
    case 'HTTP':
      return 'Is this the port of a REST service, a schema registry or a web page? Kafka usually listens on 9092.';
    case 'TLS':
      return 'One side uses TLS and the other does not: set security.protocol to SSL or SASL_SSL on both, or on neither.';
    case 'SSH':
      return 'This is the port of an SSH server. Kafka usually listens on 9092.';
  }
}
