import type { LookupAddress } from 'node:dns';
import { connect, type LookupFunction, type Socket } from 'node:net';
import type { Time, Timer } from '../../../common/time.ts';
import manifest from '../../../package.json' with { type: 'json' };
import { UnsupportedVersionException } from '../../protocol/exceptions.ts';
import { FrameReader } from '../../protocol/frame-reader.ts';
import { correlationIdOf, decodeResponse, encodeRequest } from '../../protocol/frames.ts';
import { apiVersions } from '../../protocol/messages/18-api-versions.ts';
import type { Api, RequestInput, ResponseOf } from '../../protocol/schema/api.ts';
import { NetworkException, TimeoutException } from '../errors.ts';
import { type Address, addressText } from './address.ts';
import { connectError, hungUpError, strangerError } from './reach.ts';

export interface ConnectionOptions {
  address: Address;
  clientId: string;
  /** For the TCP connection and the first answer together, ms. */
  setupTimeoutMs: number;
  /** For each request that names no other, ms. */
  requestTimeoutMs: number;
  /** A response over this ends the connection before a byte of it is kept. */
  maxResponseBytes: number;
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
/** How long an address of a host is tried before the next one (`localhost` is ::1 and 127.0.0.1), ms. */
const ADDRESS_TIMEOUT_MS = 500;
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
  #correlationId = 0;
  #first = Buffer.alloc(0);
  #connected = false;
  #handshakeDone = false;
  #prodded = false;
  #error: Error | null = null;
  /** Monotonic ms of the last request or answer. */
  #lastUsedMs: number;

  /** Connects and agrees on versions. Rejects with a `NetworkException` that says what is wrong at the address. */
  static async open(options: ConnectionOptions): Promise<Connection> {
    const connection = new Connection(options);
    await connection.#handshake();
    return connection;
  }

  private constructor(options: ConnectionOptions) {
    const { host, port } = options.address;
    this.address = options.address;
    this.#options = options;
    this.#frames = new FrameReader({ maxFrameBytes: options.maxResponseBytes });
    this.#lastUsedMs = options.time.hiResMilliseconds();
    // The name is resolved anew for each connection; every address it has is tried (RFC 8305).
    this.#socket = connect({
      host,
      port,
      noDelay: true,
      keepAlive: true,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT_MS,
      lookup: host.toLowerCase() === 'localhost' ? bothLoopbacks : undefined,
    });
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
    return this.#request(api, this.versionOf(api, ceiling), body, timeoutMs ?? this.#options.requestTimeoutMs);
  }

  /** A request that is not answered (`acks=0`). Resolves when it is with the system. */
  send<A extends Api>(api: A, body: RequestInput<A>, ceiling?: number): Promise<void> {
    if (this.#error) return Promise.reject(this.#error);
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
    pending.resolve(frame);
  }

  #timedOut(pending: Pending, api: Api, timeoutMs: number): void {
    if (!this.#pending.includes(pending)) return;
    if (this.#connected && !this.#handshakeDone && this.#first.length === 0 && !this.#prodded) {
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
    const at = addressText(this.address);
    if (this.#handshakeDone) {
      this.close(
        new NetworkException(`The connection to ${at} was lost${cause ? ` (${cause.message})` : ''}`, {
          key: at,
          cause: cause ?? undefined,
        }),
      );
    } else if (this.#first.length > 0) this.close(strangerError(this.address, this.#first, cause ?? undefined));
    else if (cause && !this.#connected) this.close(connectError(this.address, cause));
    else this.close(hungUpError(this.address, cause ?? undefined));
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

/** A hosts file often knows localhost as one of the two only, while the broker listens on the other. */
const LOOPBACKS: LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];
const bothLoopbacks: LookupFunction = (_host, { all }, callback) => {
  if (all) callback(null, LOOPBACKS);
  else callback(null, '127.0.0.1', 4);
};

/** Carries the ApiVersions version that an older broker names. */
class OldBroker extends Error {
  readonly version: number;

  constructor(version: number) {
    super(`The broker asks for ApiVersions ${version}`);
    this.version = version;
  }
}
