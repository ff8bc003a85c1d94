/** What producers send at most by default, with its header: `max.request.size`, `message.max.bytes`. */
const BUFFER_BYTES = 1024 * 1024;
/** Smaller frames are not worth it. */
const LEAST_BYTES = 64 * 1024;
const KEPT_BUFFERS = 16;

/**
 * Buffers of large frames, used again and again: one for each megabyte that a producer sends would have V8 look through
 * the whole heap after every 64 of them. At most sixteen of them wait for their next use.
 */
export class FrameBuffers {
  readonly #free: Buffer[] = [];

  /** One with room for `bytes` and with whatever was in it; undefined when it is too small or too large a thing. */
  take(bytes: number): Buffer | undefined {
    if (bytes <= LEAST_BYTES || bytes > BUFFER_BYTES) return undefined;
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES);
  }

  /** Takes back the buffer of a frame, once, when nobody will look at its bytes any more; other buffers are let go. */
  give(frame: Buffer): void {
    if (frame.buffer.byteLength !== BUFFER_BYTES || this.#free.length >= KEPT_BUFFERS) return;
    this.#free.push(Buffer.from(frame.buffer));
  }
}
