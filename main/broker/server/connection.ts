import type { Socket } from 'node:net';
import type { Logger } from '../../../common/logger.ts';
import type { Time, Timer } from '../../../common/time.ts';
import { FrameReader } from '../../protocol/frame-reader.ts';
import {
  decodeRequest,
  encodeResponse,
  type RequestHeader,
  UnsupportedRequestVersionException,
} from '../../protocol/frames.ts';
import { type ApiVersionsResponseInput, apiVersions, Errors } from '../../protocol/messages/index.ts';
import type { Handler, RequestContext } from './handler.ts';

export interface ConnectionOptions {
  time: Time;
  logger: Logger;
  handlers: ReadonlyMap<number, Handler>;
  /** The answer to ApiVersions, also to a version of it that is not known (with error 35, in version 0). */
  apiVersions: () => ApiVersionsResponseInput;
  maxFrameBytes: number;
  /** A begun frame, or an answer that nobody takes, ends the connection when nothing moves for so long. */
  stallTimeoutMs: number;
}

/** Requests that are open at once; more are not read from the socket until some are answered. */
const MAX_OPEN_REQUESTS = 64;
/** Bytes that may wait for a slow reader, besides the answer that is being sent; then nothing more is read from it. */
const MAX_UNSENT_BYTES = 8 * 1024 * 1024;

type Answer = Uint8Array[] | null;

/**
 * One client. Frames in, answers out in the order of their requests (Java's client insists on it). Memory is bounded:
 * one frame being read, `MAX_OPEN_REQUESTS` being handled, `MAX_UNSENT_BYTES` waiting to be sent.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #frames: FrameReader;
  readonly #gone = new AbortController();
  readonly #clientHost: string;
  readonly #listener: { host: string; port: number };
  /** A slot for each open request, in order; its answer once it is there. */
  readonly #slots: { answer: Answer | undefined }[] = [];
  #stall: Timer | null = null;
  #paused = false;

  constructor(socket: Socket, options: ConnectionOptions, onClose: () => void) {
    this.#socket = socket;
    this.#options = options;
    this.#frames = new FrameReader({ maxFrameBytes: options.maxFrameBytes });
    this.#clientHost = `/${plainAddress(socket.remoteAddress)}`;
    this.#listener = { host: plainAddress(socket.localAddress), port: socket.localPort ?? 0 };
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('drain', () => this.#send());
    // A client that resets its connection is no event for a person; 'close' follows.
    socket.on('error', (error) => options.logger.debug(`Connection of ${this.#clientHost} ended: ${error.message}`));
    socket.on('close', () => {
      this.#stall?.cancel();
      this.#gone.abort();
      onClose();
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    let frames: Buffer[];
    try {
      frames = this.#frames.push(chunk);
    } catch (error) {
      this.#refuse(error);
      return;
    }
    for (const frame of frames) {
      if (this.#socket.destroyed) return;
      this.#begin(frame);
    }
    this.#watch();
    this.#throttle();
  }

  #begin(frame: Buffer): void {
    let header: RequestHeader;
    let handle: () => unknown;
    let api: Handler['api'];
    try {
      const request = decodeRequest(frame);
      const found = this.#options.handlers.get(request.header.apiKey);
      if (!found) throw new UnsupportedRequestVersionException(request.header, request.api.name);
      header = request.header;
      api = request.api;
      const context: RequestContext = {
        version: header.apiVersion,
        clientId: header.clientId,
        clientHost: this.#clientHost,
        listener: this.#listener,
        signal: this.#gone.signal,
      };
      handle = () => found.handle(request.body as never, context);
    } catch (error) {
      if (error instanceof UnsupportedRequestVersionException && error.header.apiKey === apiVersions.key) {
        const body = { ...this.#options.apiVersions(), errorCode: Errors.UNSUPPORTED_VERSION };
        this.#slots.push({ answer: encodeResponse(apiVersions, 0, error.header.correlationId, body) });
        this.#send();
      } else {
        this.#refuse(error);
      }
      return;
    }
    const slot: { answer: Answer | undefined } = { answer: undefined };
    this.#slots.push(slot);
    const answered = (body: unknown) => {
      if (this.#socket.destroyed) return;
      slot.answer = body === null ? null : encodeResponse(api, header.apiVersion, header.correlationId, body as never);
      this.#send();
    };
    try {
      const result = handle();
      if (result instanceof Promise) {
        result.then(answered).catch((error: unknown) => this.#fail(api.name, error));
      } else {
        answered(result);
      }
    } catch (error) {
      this.#fail(api.name, error);
    }
  }

  /** Answers as far as they are there and as the reader takes them. */
  #send(): void {
    const socket = this.#socket;
    while (
      this.#slots.length > 0 &&
      this.#slots[0]?.answer !== undefined &&
      socket.writableLength <= MAX_UNSENT_BYTES
    ) {
      const answer = this.#slots.shift()?.answer ?? [];
      if (answer.length === 0) continue;
      socket.cork();
      for (const chunk of answer) socket.write(chunk);
      socket.uncork();
    }
    this.#watch();
    this.#throttle();
  }

  /** Reads on only while there is room for what it would bring. */
  #throttle(): void {
    const full = this.#slots.length >= MAX_OPEN_REQUESTS || this.#socket.writableLength > MAX_UNSENT_BYTES;
    if (full === this.#paused || this.#socket.destroyed) return;
    this.#paused = full;
    if (full) this.#socket.pause();
    else this.#socket.resume();
  }

  /** The stall timer runs while half a frame is there or an answer is not taken; any movement starts it anew. */
  #watch(): void {
    this.#stall?.cancel();
    this.#stall = null;
    if (this.#socket.destroyed) return;
    const written = this.#socket.bytesWritten;
    if (this.#frames.pendingBytes === 0 && this.#socket.writableLength === 0) return;
    this.#stall = this.#options.time.timer(this.#options.stallTimeoutMs, () => {
      if (this.#socket.bytesWritten !== written && this.#socket.writableLength > 0) this.#watch();
      else if (this.#frames.pendingBytes > 0 || this.#socket.writableLength > 0) this.close();
    });
  }

  /** The stream can't be trusted any more, or asks for what is not offered: as Kafka does, the connection ends. */
  #refuse(error: unknown): void {
    this.#options.logger.debug(`Connection of ${this.#clientHost} is closed: ${(error as Error).message}`);
    this.#socket.destroy();
  }

  /** A handler that throws is a defect of ours: it is logged, and the client sees its connection end and tries again. */
  #fail(api: string, error: unknown): void {
    if (this.#gone.signal.aborted) return;
    this.#options.logger.error(`A ${api} request of ${this.#clientHost} could not be answered`, error);
    this.#socket.destroy();
  }
}

/** `127.0.0.1` for an IPv4 address that arrived on an IPv6 socket. */
function plainAddress(address: string | undefined): string {
  return (address ?? 'unknown').replace(/^::ffff:/, '');
}
