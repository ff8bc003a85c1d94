import type { Readable } from 'node:stream';
import type { Step } from './file-follower.ts';

/** The standard input as the source's bytes. It has no position to come back to; when it ends, nothing follows. */
export class StdinReader {
  readonly fingerprint = '';
  readonly #stream: Readable;
  #ended = false;
  #told = false;
  #error: Error | null = null;
  readonly #onEnd = () => {
    this.#ended = true;
  };
  readonly #onError = (error: Error) => {
    this.#error = error;
  };
  /** A listener is what makes a stream fetch bytes; it holds at most its high water mark of them. */
  readonly #onReadable = () => {};

  constructor(stream: Readable) {
    this.#stream = stream;
    stream.on('readable', this.#onReadable).on('end', this.#onEnd).on('error', this.#onError);
    this.#ended = stream.readableEnded;
  }

  async next(): Promise<Step> {
    if (this.#error !== null) throw this.#error;
    const bytes = this.#stream.read() as Buffer | null;
    if (bytes !== null) return { kind: 'bytes', bytes };
    if (!this.#ended || this.#told) return { kind: 'idle' };
    this.#told = true;
    return { kind: 'restart', position: 0, again: false };
  }

  async close(): Promise<void> {
    this.#stream.off('readable', this.#onReadable).off('end', this.#onEnd).off('error', this.#onError);
    this.#stream.pause();
  }
}
