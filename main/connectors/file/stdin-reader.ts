import type { Readable } from 'node:stream';
import type { Step } from './file-follower.ts';

/** Streams over a handle of the system (a terminal, a pipe) keep the process alive unless they are told not to. */
type MaybeCounted = Readable & { ref?: () => void; unref?: () => void };

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
    (stream as MaybeCounted).ref?.();
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
    // A terminal or pipe that nobody reads any more must not keep the process; pausing alone leaves it counted.
    this.#stream.pause();
    (this.#stream as MaybeCounted).unref?.();
  }
}
