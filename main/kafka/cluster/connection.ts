import type { Socket } from 'node:net';
import type { Time, Timer } from '../../../common/time.ts';
import manifest from '../../../package.json' with { type: 'json' };
import { UnsupportedVersionException } from '../../protocol/exceptions.ts';
import { FrameReader } from '../../protocol/frame-reader.ts';
import { correlationIdOf, decodeResponse, encodeRequest } from '../../protocol/frames.ts';
import { apiVersions } from '../../protocol/messages/18-api-versions.ts';
import type { Api, RequestInput, ResponseOf } from '../../protocol/schema/api.ts';
import { NetworkException, TimeoutException } from '../errors.ts';
import { authenticate } from '../security/sasl/authenticate.ts';
import type { Security } from '../security/security.ts';
import { endedInTls, tlsError } from '../security/ssl/tls-error.ts';
import { type Address, addressText } from './address.ts';
import { connectError, hungUpError, strangerError, turnedAwayError } from './reach.ts';
import { openSocket, whenSecure } from './socket.ts';

export interface ConnectionOptions {
  address: Address;
  clientId: string;
  /** For the TCP connection and the first answer together, ms. */
  setupTimeoutMs: number;
  /** For each request that names no other, ms. */
  requestTimeoutMs: number;
  /** A response over this ends the connection before a byte of it is kept. */
  maxResponseBytes: number;
  security: Security;
  time: Time;
}

interface Pending {
  correlationId: number;
  timer: Timer;
  resolve(frame: Buffer): void;
  reject(error: Error): void;
}

/** How long a silent peer is given to name itself, ms. */
const PROD_MS = 300;
const FIRST_BYTES = 16;
/** What the TLS handshake, and each answer of SASL, may take at least: they are work for the broker, ms. */
const SECURITY_TIMEOUT_MS = 4_000;
/** The part of a session's life after which the broker is convinced again. */
const SESSION_PART = 0.85;
const UNSUPPORTED_VERSION = 35;

/**
 * One TCP connection to a broker. Requests are pipelined and answered in order; an answer that is not the next one
 * expected ends the connection, so that nobody gets another's. A request that times out ends it too: what comes
 * after it could not be told apart. Java: `NetworkClient` and `Selector`, for one node.
 */
export class Connection {
  readonly address: Address;
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #frames: FrameReader;
  readonly #pending: Pending[] = [];
  readonly #ranges = new Map<number, { min: number; max: number }>();
  readonly #versions = new Map<number, number>();
  readonly #closeListeners: ((error: Error) => void)[] = [];
  readonly #provenListeners: (() => void)[] = [];
  #correlationId = 0;
  #first = Buffer.alloc(0);
  #connected = false;
  #isSecure = false;
  #handshakeDone = false;
  #proven = false;
  #wasEnded = false;
  #prodded = false;
  /** Monotonic ms from which on the broker has to be convinced again before the next request (KIP-368). */
  #reauthenticateAtMs = Number.POSITIVE_INFINITY;
  /** What waits while that is done, in order. */
  #held: (() => void)[] | null = null;
  #error: Error | null = null;
  /** Monotonic ms of the last request or answer. */
  #lastUsedMs: number;

  /**
   * Connects, encrypted or not, agrees on versions and says who the client is. Rejects with a `NetworkException` that says
   * what is wrong at the address, or with an `AuthenticationException`.
   */
  static async open(options: ConnectionOptions): Promise<Connection> {
    const connection = new Connection(options);
    await connection.#secure();
    await connection.#handshake();
    await connection.#authenticate();
    return connection;
  }

  private constructor(options: ConnectionOptions) {
    this.address = options.address;
    this.#options = options;
    this.#frames = new FrameReader({ maxFrameBytes: options.maxResponseBytes });
    this.#lastUsedMs = options.time.hiResMilliseconds();
    this.#socket = openSocket(options.address, options.security.tls);
    this.#socket.on('connect', () => {
      this.#connected = true;
    });
    this.#socket.on('data', (chunk: Buffer) => this.#received(chunk));
    this.#socket.on('error', (error) => this.#failed(error));
    this.#socket.on('close', () => this.#failed(null));
  }

  /** Null while it can be used; else why not. */
  get error(): Error | null {
    return this.#error;
  }

  get pendingRequests(): number {
    return this.#pending.length;
  }

  idleMs(nowMs: number): number {
    return this.#pending.length > 0 ? 0 : nowMs - this.#lastUsedMs;
  }

  /** The broker has answered a request beyond what every listener answers, or has accepted who the client is. */
  get isProven(): boolean {
    return this.#proven;
  }

  /** The other side ended it, or the network. */
  get wasEnded(): boolean {
    return this.#wasEnded;
  }

  onProven(listener: () => void): void {
    if (this.#proven) listener();
    else this.#provenListeners.push(listener);
  }

  onClose(listener: (error: Error) => void): void {
    if (this.#error) listener(this.#error);
    else this.#closeListeners.push(listener);
  }

  /**
   * The version that requests of `api` have on this connection, at most `ceiling`.
   *
   * @throws UnsupportedVersionException when broker and client have none in common
   */
  versionOf(api: Api, ceiling = Number.POSITIVE_INFINITY): number {
    const known = this.#versions.get(api.key);
    if (known !== undefined && known <= ceiling) return known;
    const theirs = this.#ranges.get(api.key);
    const version = Math.min(theirs?.max ?? -1, api.versions.max, ceiling);
    if (!theirs || version < Math.max(theirs.min, api.versions.min)) {
      throw new UnsupportedVersionException(
        `The broker at ${addressText(this.address)} does not support ${api.name}${theirs ? ` ${api.versions.min} to ${Math.min(api.versions.max, ceiling)}` : ''}`,
        { key: api.name },
      );
    }
    if (ceiling === Number.POSITIVE_INFINITY) this.#versions.set(api.key, version);
    return version;
  }

  /** Rejects with `NetworkException`, `TimeoutException`, or `SchemaException` for an answer that can't be read. */
  request<A extends Api>(api: A, body: RequestInput<A>, timeoutMs?: number, ceiling?: number): Promise<ResponseOf<A>> {
    if (this.#isHeld()) {
      return this.#behind(() => this.request(api, body, timeoutMs, ceiling));
    }
    return this.#request(api, this.versionOf(api, ceiling), body, timeoutMs ?? this.#options.requestTimeoutMs);
  }

  /** A request that is not answered (`acks=0`). Resolves when it is with the system. */
  send<A extends Api>(api: A, body: RequestInput<A>, ceiling?: number): Promise<void> {
    if (this.#error) return Promise.reject(this.#error);
    if (this.#isHeld()) return this.#behind(() => this.send(api, body, ceiling));
    const chunks = encodeRequest(
      api,
      this.versionOf(api, ceiling),
      this.#nextCorrelationId(),
      this.#options.clientId,
      body,
    );
    return new Promise((resolve, reject) => {
      this.#write(chunks, () => (this.#error ? reject(this.#error) : resolve()));
    });
  }

  /** Ends the connection; what is pending is rejected with `error`. */
  close(error: Error = new NetworkException(`The connection to ${addressText(this.address)} was closed`)): void {
    if (this.#error) return;
    this.#error = error;
    this.#socket.destroy();
    for (const pending of this.#pending.splice(0)) {
      pending.timer.cancel();
      pending.reject(error);
    }
    for (const listener of this.#closeListeners.splice(0)) listener(error);
  }

  /** Nothing is written before the other side has shown its certificate. */
  async #secure(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timeoutMs = Math.max(SECURITY_TIMEOUT_MS, this.#options.setupTimeoutMs);
      const timer =
        this.#options.security.tls && this.#options.time.timer(timeoutMs, () => this.#silentInTls(timeoutMs));
      this.onClose((error) => {
        timer?.cancel();
        reject(error);
      });
      whenSecure(this.#socket, () => {
        timer?.cancel();
        this.#isSecure = true;
        resolve();
      });
    });
  }

  async #authenticate(): Promise<void> {
    const { security, setupTimeoutMs, time } = this.#options;
    if (!security.sasl) return;
    const timeoutMs = Math.max(SECURITY_TIMEOUT_MS, setupTimeoutMs);
    try {
      const lifetimeMs = await authenticate(
        (api, body) => this.#request(api, this.versionOf(api), body, timeoutMs),
        security.sasl,
        addressText(this.address),
      );
      this.#prove();
      if (lifetimeMs > 0) this.#reauthenticateAtMs = time.hiResMilliseconds() + lifetimeMs * SESSION_PART;
    } catch (error) {
      this.close(error as Error);
      throw error;
    }
  }

  /** Whether requests have to wait; the first that comes when it is time makes the others wait. */
  #isHeld(): boolean {
    if (this.#held) return true;
    if (this.#reauthenticateAtMs === Number.POSITIVE_INFINITY || this.#error) return false;
    if (this.#options.time.hiResMilliseconds() < this.#reauthenticateAtMs) return false;
    const held: (() => void)[] = [];
    this.#held = held;
    this.#reauthenticateAtMs = Number.POSITIVE_INFINITY;
    const release = () => {
      this.#held = null;
      for (const go of held) go();
    };
    // When it fails the connection has ended, which those that wait are told.
    this.#authenticate().then(release, release);
    return true;
  }

  #behind<T>(request: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => this.#held?.push(() => request().then(resolve, reject)));
  }

  #prove(): void {
    this.#proven = true;
    for (const listener of this.#provenListeners.splice(0)) listener();
  }

  async #handshake(): Promise<void> {
    const software = { clientSoftwareName: 'runnel', clientSoftwareVersion: manifest.version };
    const timeoutMs = this.#options.setupTimeoutMs;
    let response: ResponseOf<typeof apiVersions> | undefined;
    try {
      response = await this.#request(apiVersions, apiVersions.versions.max, software, timeoutMs);
    } catch (error) {
      // A broker that lacks the version answers in version 0 (KIP-511), which the newer decoder can't read.
      if (this.#error) throw this.#error;
      if (!(error instanceof OldBroker)) throw this.#notKafka(error);
      response = await this.#request(apiVersions, error.version, software, timeoutMs);
    }
    if (response.errorCode !== 0) throw this.#notKafka(`ApiVersions was answered with error ${response.errorCode}`);
    for (const { apiKey, minVersion, maxVersion } of response.apiKeys) {
      this.#ranges.set(apiKey, { min: minVersion, max: maxVersion });
    }
    this.#handshakeDone = true;
  }

  #request<A extends Api>(api: A, version: number, body: RequestInput<A>, timeoutMs: number): Promise<ResponseOf<A>> {
    if (this.#error) return Promise.reject(this.#error);
    const correlationId = this.#nextCorrelationId();
    const chunks = encodeRequest(api, version, correlationId, this.#options.clientId, body);
    const answer = new Promise<Buffer>((resolve, reject) => {
      const timer = this.#options.time.timer(Math.min(timeoutMs, 0x7fff_ffff), () =>
        // After a pause of this process the answer may lie in the socket unread: let it be read first.
        setImmediate(() => this.#timedOut(pending, api, timeoutMs)),
      );
      const pending = { correlationId, timer, resolve, reject };
      this.#pending.push(pending);
    });
    this.#write(chunks);
    return answer.then((frame) => this.#decode(api, version, frame));
  }

  #decode<A extends Api>(api: A, version: number, frame: Buffer): ResponseOf<A> {
    if (
      api.key === apiVersions.key &&
      version > 0 &&
      frame.length >= 6 &&
      frame.readInt16BE(4) === UNSUPPORTED_VERSION
    ) {
      const supported = decodeResponse(apiVersions, 0, frame).apiKeys.find((each) => each.apiKey === apiVersions.key);
      throw new OldBroker(Math.min(supported?.maxVersion ?? 0, version - 1));
    }
    try {
      return decodeResponse(api, version, frame);
    } catch (error) {
      if (this.#handshakeDone) this.close(this.#unreadable(api, error));
      throw error;
    }
  }

  #nextCorrelationId(): number {
    this.#correlationId = (this.#correlationId + 1) & 0x7fff_ffff;
    return this.#correlationId;
  }

  #write(chunks: readonly Uint8Array[], done?: () => void): void {
    this.#lastUsedMs = this.#options.time.hiResMilliseconds();
    this.#socket.cork();
    chunks.forEach((chunk, i) => {
      this.#socket.write(chunk, i === chunks.length - 1 ? done : undefined);
    });
    this.#socket.uncork();
  }

  #received(chunk: Buffer): void {
    if (this.#error) return;
    if (!this.#handshakeDone && this.#first.length < FIRST_BYTES) {
      this.#first = Buffer.concat([this.#first, chunk.subarray(0, FIRST_BYTES)]);
    }
    this.#lastUsedMs = this.#options.time.hiResMilliseconds();
    let frames: Buffer[];
    try {
      frames = this.#frames.push(chunk);
      for (const frame of frames) this.#answered(frame);
    } catch (error) {
      this.close(this.#handshakeDone ? this.#broken(error) : strangerError(this.address, this.#first, error));
    }
  }

  #answered(frame: Buffer): void {
    const correlationId = correlationIdOf(frame);
    const pending = this.#pending[0];
    if (!pending || pending.correlationId !== correlationId) {
      const expected = pending ? `${pending.correlationId} is next` : 'nothing is awaited';
      throw new NetworkException(`An answer has correlation id ${correlationId}, but ${expected}`);
    }
    this.#pending.shift();
    pending.timer.cancel();
    if (this.#handshakeDone && !this.#proven && !this.#options.security.sasl) this.#prove();
    pending.resolve(frame);
  }

  #timedOut(pending: Pending, api: Api, timeoutMs: number): void {
    if (!this.#pending.includes(pending)) return;
    if (
      this.#connected &&
      !this.#handshakeDone &&
      this.#first.length === 0 &&
      !this.#prodded &&
      !this.#options.security.tls
    ) {
      // Given up already. Servers of line protocols wait for a line: two empty ones make them say who they are.
      this.#prodded = true;
      this.#socket.write('\r\n\r\n');
      pending.timer = this.#options.time.timer(PROD_MS, () => this.#timedOut(pending, api, timeoutMs));
      return;
    }
    const at = addressText(this.address);
    this.close(
      this.#handshakeDone
        ? new TimeoutException(`${at} did not answer ${api.name} within ${timeoutMs} ms`, { key: at })
        : this.#first.length > 0
          ? strangerError(this.address, this.#first)
          : new TimeoutException(`${at} did not answer as a Kafka broker within ${timeoutMs} ms`, {
              key: at,
              hint: 'The broker may be starting or stopped, the address may be wrong, or a firewall is in between.',
            }),
    );
  }

  #failed(cause: Error | null): void {
    if (this.#error) return;
    this.#wasEnded = true;
    const at = addressText(this.address);
    const { tls, sasl } = this.#options.security;
    const inTls =
      tls && cause && (this.#connected || this.#isSecure) && tlsError(this.address, cause, tls.hasCertificate);
    if (inTls && !this.#proven) this.close(inTls);
    else if (this.#handshakeDone && !this.#proven && !sasl)
      this.close(turnedAwayError(this.address, cause ?? undefined));
    else if (this.#handshakeDone) {
      this.close(
        new NetworkException(`The connection to ${at} was lost${cause ? ` (${cause.message})` : ''}`, {
          key: at,
          cause: cause ?? undefined,
        }),
      );
    } else if (this.#first.length > 0) this.close(strangerError(this.address, this.#first, cause ?? undefined));
    else if (cause && !this.#connected) this.close(connectError(this.address, cause));
    else if (tls) this.close(endedInTls(this.address, tls.hasCertificate, cause ?? undefined));
    else this.close(hungUpError(this.address, cause ?? undefined));
  }

  #silentInTls(timeoutMs: number): void {
    const at = addressText(this.address);
    this.close(
      this.#connected
        ? new TimeoutException(`${at} did not answer the TLS handshake within ${timeoutMs} ms`, {
            key: at,
            hint: 'It may be a listener without TLS: set security.protocol to PLAINTEXT or SASL_PLAINTEXT then.',
          })
        : new TimeoutException(`${at} did not answer within ${timeoutMs} ms`, {
            key: at,
            hint: 'The address may be wrong, or a firewall is in between.',
          }),
    );
  }

  #notKafka(cause: unknown): Error {
    this.close(strangerError(this.address, this.#first, cause));
    return this.#error as Error;
  }

  #broken(cause: unknown): NetworkException {
    const at = addressText(this.address);
    return new NetworkException(`${at} sent what is not Kafka's protocol: ${(cause as Error).message}`, {
      key: at,
      cause,
    });
  }

  #unreadable(api: Api, cause: unknown): NetworkException {
    const at = addressText(this.address);
    return new NetworkException(`The answer of ${at} to ${api.name} can't be read: ${(cause as Error).message}`, {
      key: at,
      cause,
    });
  }
}

/** Carries the ApiVersions version that an older broker names. */
class OldBroker extends Error {
  readonly version: number;

  constructor(version: number) {
    super(`The broker asks for ApiVersions ${version}`);
    this.version = version;
  }
}
