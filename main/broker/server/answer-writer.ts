import type { Socket } from 'node:net';

/** Handed to the system at once; of a larger answer the next piece follows when this one was taken. */
const PIECE_BYTES = 1024 * 1024;

/** Sends bytes to a client as fast as it takes them, in pieces, so that one can see whether it takes any. */
export class AnswerWriter {
  readonly #socket: Socket;
  readonly #onMove: () => void;
  #chunks: Uint8Array[] = [];
  /** Of `#chunks`, the first one that is not sent, and how much of it is. */
  #next = 0;
  #sentOfNext = 0;
  #waiting = 0;
  #blocked = false;

  /** `onMove` is called whenever the client has taken something. */
  constructor(socket: Socket, onMove: () => void) {
    this.#socket = socket;
    this.#onMove = onMove;
    socket.on('drain', () => {
      this.#blocked = false;
      this.#send();
      this.#onMove();
    });
  }

  /** Bytes that the client has not taken yet. */
  get unsentBytes(): number {
    return this.#waiting + this.#socket.writableLength;
  }

  write(chunks: readonly Uint8Array[]): void {
    for (const chunk of chunks) {
      this.#chunks.push(chunk);
      this.#waiting += chunk.length;
    }
    this.#send();
  }

  #send(): void {
    while (!this.#blocked && this.#waiting > 0) {
      this.#socket.cork();
      for (let left = PIECE_BYTES; left > 0 && this.#waiting > 0; ) {
        const chunk = this.#chunks[this.#next]!;
        const part = this.#sentOfNext === 0 && chunk.length <= left ? chunk : this.#partOf(chunk, left);
        this.#sentOfNext += part.length;
        if (this.#sentOfNext === chunk.length) {
          this.#next++;
          this.#sentOfNext = 0;
        }
        left -= part.length;
        this.#waiting -= part.length;
        this.#blocked = !this.#socket.write(part);
      }
      this.#socket.uncork();
      if (this.#waiting === 0) {
        this.#chunks = [];
        this.#next = 0;
      }
    }
  }

  #partOf(chunk: Uint8Array, bytes: number): Uint8Array {
    return chunk.subarray(this.#sentOfNext, this.#sentOfNext + bytes);
  }
}
