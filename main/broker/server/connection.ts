import type { Socket } from 'node:net';
import type { Logger } from '../../../common/logger.ts';
import type { Time, Timer } from '../../../common/time.ts';
import type { FrameBuffers } from '../../protocol/frame-buffers.ts';
import { FrameReader } from '../../protocol/frame-reader.ts';
import { decodeRequest, encodeResponse, UnsupportedRequestVersionException } from '../../protocol/frames.ts';
import {
  type ApiVersionsResponseInput,
  apiVersions,
  Errors,
  saslAuthenticate,
  saslHandshake,
} from '../../protocol/messages/index.ts';
import type { Authenticator } from '../security/authenticator.ts';
import { AnswerWriter } from './answer-writer.ts';
import type { Handler, RequestContext } from './handler.ts';
import type { UnsentAnswers } from './unsent-answers.ts';

export interface ConnectionOptions {
  time: Time;
  logger: Logger;
  handlers: ReadonlyMap<number, Handler>;
  /** The answer to ApiVersions, also to a version of it that is not known (with error 35, in version 0). */
  apiVersions: () => ApiVersionsResponseInput;
  maxFrameBytes: number;
  /** Of all connections. */
  unsent: UnsentAnswers;
  /** Of all connections. */
  frameBuffers: FrameBuffers;
  /** What clients are told as the broker's address, port 0 being the one that they reached; absent: where they reached it. */
  advertised?: { readonly host: string; readonly port: number };
  /** Made for each client of a listener whose clients have to say who they are. */
  authenticator?: () => Authenticator;
  /** A frame that has begun ends the connection when no byte of it comes for so long. */
  frameTimeoutMs: number;
  /** So does an answer of which nothing is taken for so long. */
  answerTimeoutMs: number;
  /** A connection ends when no byte comes or goes for so long; negative: never. */
  maxIdleMs: number;
}

/** A timer of Node can't wait longer: it is no limit. */
const LONGEST_TIMER_MS = 0x7fff_ffff;

/** Requests that are open at once; more are not read from the socket until some are answered. */
const MAX_OPEN_REQUESTS = 64;
/** While so many bytes of answers wait for a slow reader, none of its requests is begun. */
const MAX_UNSENT_BYTES = 8 * 1024 * 1024;

/** What a client may send, and how long it may take, before it has said who it is. */
const BEFORE_AUTHENTICATION: ReadonlySet<number> = new Set([apiVersions.key, saslHandshake.key, saslAuthenticate.key]);
const UNAUTHENTICATED_FRAME_BYTES = 512 * 1024;
const AUTHENTICATION_TIMEOUT_MS = 30_000;

/** An open request; its answer's chunks once they are there, null when none is due, `disconnect` to end with it. */
interface Slot {
  answer: Uint8Array[] | null | 'disconnect' | undefined;
  readonly isLarge: boolean;
}

/**
 * One client. Frames in, answers out in the order of their requests (Java's client insists on it). Memory is bounded:
 * one frame being read, `MAX_OPEN_REQUESTS` being handled of which one may have a large answer, `MAX_UNSENT_BYTES` and
 * one answer waiting to be sent.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  #frames: FrameReader;
  readonly #authenticator: Authenticator | null;
  #authentication: Timer | undefined;
  readonly #writer: AnswerWriter;
  readonly #gone = new AbortController();
  readonly #clientHost: string;
  readonly #listener: { host: string; port: number };
  /** Frames that were read and not begun. */
  #waiting: Buffer[] = [];
  /** In the order of their requests. */
  readonly #slots: Slot[] = [];
  #largeOpen = 0;
  #paused = false;
  #proceeding = false;
  /** The last request that was begun is prepared: none is begun before it is handled. */
  #preparing = false;
  /** Monotonic, ms: when the last byte came, when the last one was taken. */
  #received: number;
  #taken: number;
  #stall: Timer | undefined;
  #idle: Timer | undefined;

  constructor(socket: Socket, options: ConnectionOptions, onClose: () => void) {
    this.#socket = socket;
    this.#options = options;
    this.#authenticator = options.authenticator?.() ?? null;
    const { maxFrameBytes, frameBuffers } = options;
    this.#frames = this.#authenticator
      ? new FrameReader({ maxFrameBytes: Math.min(maxFrameBytes, UNAUTHENTICATED_FRAME_BYTES) })
      : new FrameReader({ maxFrameBytes, buffers: frameBuffers });
    if (this.#authenticator) {
      this.#authentication = options.time.timer(AUTHENTICATION_TIMEOUT_MS, () => this.close());
    }
    this.#clientHost = `/${plainAddress(socket.remoteAddress)}`;
    const reached = { host: plainAddress(socket.localAddress), port: socket.localPort ?? 0 };
    const { advertised } = options;
    this.#listener = advertised ? { host: advertised.host, port: advertised.port || reached.port } : reached;
    this.#received = this.#taken = options.time.hiResMilliseconds();
    this.#writer = new AnswerWriter(socket, () => {
      this.#taken = options.time.hiResMilliseconds();
      options.unsent.changed(this);
      this.#proceed();
    });
    this.#watchIdle(options.maxIdleMs);
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    // A client that resets its connection is no event for a person; 'close' follows.
    socket.on('error', (error) => options.logger.debug(`Connection of ${this.#clientHost} ended: ${error.message}`));
    socket.on('close', () => {
      this.#stall?.cancel();
      this.#idle?.cancel();
      this.#authentication?.cancel();
      this.#waiting = [];
      options.unsent.forget(this);
      this.#gone.abort();
      onClose();
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  get unsentBytes(): number {
    return this.#writer.unsentBytes;
  }

  /** Monotonic, ms: when the client last took some of an answer. */
  get taken(): number {
    return this.#taken;
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#options.time.hiResMilliseconds();
    try {
      this.#waiting.push(...this.#frames.push(chunk));
    } catch (error) {
      this.#refuse(error);
      return;
    }
    this.#proceed();
  }

  /** Begins what may be begun, sends what is there, reads on while there is room. */
  #proceed(): void {
    // An answer that is there at once comes back to here: the loop below goes on with it.
    if (this.#proceeding) return;
    this.#proceeding = true;
    while (!this.#socket.destroyed && this.#waiting.length > 0 && this.#mayBegin(this.#waiting[0]!)) {
      this.#begin(this.#waiting.shift()!);
    }
    this.#proceeding = false;
    if (this.#socket.destroyed) return;
    const full = this.#waiting.length > 0 || this.#writer.unsentBytes > MAX_UNSENT_BYTES;
    if (full !== this.#paused) {
      this.#paused = full;
      if (full) this.#socket.pause();
      else this.#socket.resume();
    }
    this.#watch();
  }

  #mayBegin(frame: Buffer): boolean {
    if (this.#preparing || this.#slots.length >= MAX_OPEN_REQUESTS || this.#writer.unsentBytes > MAX_UNSENT_BYTES)
      return false;
    return this.#largeOpen === 0 || !this.#isLarge(frame);
  }

  #isLarge(frame: Buffer): boolean {
    return frame.length >= 2 && (this.#options.handlers.get(frame.readInt16BE(0))?.answersLarge ?? false);
  }

  #begin(frame: Buffer): void {
    const slot: Slot = { answer: undefined, isLarge: this.#isLarge(frame) };
    this.#slots.push(slot);
    if (slot.isLarge) this.#largeOpen++;
    try {
      const { header, api, body } = decodeRequest(frame);
      if (this.#authentication && !BEFORE_AUTHENTICATION.has(api.key)) {
        throw new Error(`${api.name} before authentication`);
      }
      const handler = this.#options.handlers.get(api.key);
      if (!handler) throw new UnsupportedRequestVersionException(header, api.name);
      const context: RequestContext = {
        version: header.apiVersion,
        clientId: header.clientId,
        clientHost: this.#clientHost,
        listener: this.#listener,
        authenticator: this.#authenticator,
        signal: this.#gone.signal,
        answerRoom: () => this.#options.unsent.room,
        releaseRequest: () => this.#options.frameBuffers.give(frame),
      };
      const answered = (answer: unknown) => {
        const { apiVersion, correlationId } = header;
        const isNone = answer === null || answer === 'disconnect';
        this.#answer(slot, isNone ? answer : encodeResponse(api, apiVersion, correlationId, answer as never));
      };
      const handle = (prepared: unknown) =>
        this.#run(api.name, () => handler.handle(body as never, context, prepared), answered);
      this.#prepare(api.name, () => handler.prepare?.(body as never), handle);
    } catch (error) {
      if (error instanceof UnsupportedRequestVersionException && error.header.apiKey === apiVersions.key) {
        const body = { ...this.#options.apiVersions(), errorCode: Errors.UNSUPPORTED_VERSION };
        this.#answer(slot, encodeResponse(apiVersions, 0, error.header.correlationId, body));
      } else {
        this.#refuse(error);
      }
    }
  }

  /** Also when the client has gone meanwhile: what it asked for without waiting for an answer is done. */
  #prepare(api: string, prepare: () => unknown, handle: (prepared: unknown) => void): void {
    const prepared = prepare();
    if (!(prepared instanceof Promise)) {
      handle(prepared);
      return;
    }
    this.#preparing = true;
    prepared
      .then((result) => {
        this.#preparing = false;
        handle(result);
        this.#proceed();
      })
      .catch((error: unknown) => this.#fail(api, error));
  }

  #run(api: string, handle: () => unknown, answered: (answer: unknown) => void): void {
    try {
      const result = handle();
      if (result instanceof Promise) result.then(answered).catch((error: unknown) => this.#fail(api, error));
      else answered(result);
    } catch (error) {
      this.#fail(api, error);
    }
  }

  /** Answers leave in the order of their requests: this one when all before it are there. */
  #answer(slot: Slot, answer: Slot['answer']): void {
    slot.answer = answer;
    if (this.#socket.destroyed || this.#slots[0] !== slot) return;
    if (this.#writer.unsentBytes === 0) this.#taken = this.#options.time.hiResMilliseconds();
    while (this.#slots[0]?.answer !== undefined) {
      const { answer: next, isLarge } = this.#slots.shift()!;
      if (isLarge) this.#largeOpen--;
      if (next === 'disconnect') {
        this.#socket.destroySoon();
        return;
      }
      if (next) this.#writer.write(next);
    }
    if (this.#writer.unsentBytes > 0) this.#options.unsent.changed(this);
    if (this.#authentication) this.#lookAtAuthentication();
    if (this.#waiting.length > 0 || this.#paused || this.#writer.unsentBytes > 0) this.#proceed();
  }

  /** Once a client has said who it is, everything is open to it; when it could not, it has its answer and goes. */
  #lookAtAuthentication(): void {
    if (this.#authenticator?.hasFailed) {
      this.#socket.end();
      return;
    }
    if (this.#authenticator?.user === undefined) return;
    this.#authentication?.cancel();
    this.#authentication = undefined;
    if (this.#frames.pendingBytes > 0) this.#refuse(new Error('A request before the answer to SaslAuthenticate'));
    const { maxFrameBytes, frameBuffers } = this.#options;
    this.#frames = new FrameReader({ maxFrameBytes, buffers: frameBuffers });
  }

  /** A timer runs while half a frame is there or an answer is not taken, and looks whether anything moved meanwhile. */
  #watch(): void {
    if (this.#stall || (this.#frames.pendingBytes === 0 && this.#writer.unsentBytes === 0)) return;
    this.#stall = this.#options.time.timer(this.#stallsIn(), () => {
      this.#stall = undefined;
      if (this.#stallsIn() <= 0) this.close();
      else this.#watch();
    });
  }

  /** ms; Infinity when there is nothing to wait for. */
  #stallsIn(): number {
    const { time, frameTimeoutMs, answerTimeoutMs } = this.#options;
    const now = time.hiResMilliseconds();
    // What is not read because of us is not the client's delay.
    const frame = this.#frames.pendingBytes > 0 && !this.#paused ? this.#received + frameTimeoutMs - now : Infinity;
    const answer = this.#writer.unsentBytes > 0 ? this.#taken + answerTimeoutMs - now : Infinity;
    return Math.min(frame, answer, frameTimeoutMs);
  }

  /** Looks again when the time would be over if nothing came or went from now on. */
  #watchIdle(inMs: number): void {
    const { time, maxIdleMs } = this.#options;
    if (maxIdleMs < 0 || maxIdleMs > LONGEST_TIMER_MS) return;
    this.#idle = time.timer(inMs, () => {
      const left = Math.max(this.#received, this.#taken) + maxIdleMs - time.hiResMilliseconds();
      if (left <= 0) this.close();
      else this.#watchIdle(Math.ceil(left));
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
export function plainAddress(address: string | undefined): string {
  return (address ?? 'unknown').replace(/^::ffff:/, '');
}
