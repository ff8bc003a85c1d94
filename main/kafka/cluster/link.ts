import { sleep, type Time, type Timer } from '../../../common/time.ts';
import { prepareCompression } from '../../protocol/records/compression/compression.ts';
import { ClientClosedException } from '../errors.ts';
import { Connection, type ConnectionOptions } from './connection.ts';

export interface LinkOptions extends Omit<ConnectionOptions, 'setupTimeoutMs'> {
  setupTimeoutMs: number;
  /** Doubled with each failure in a row, up to here. */
  setupTimeoutMaxMs: number;
  reconnectBackoffMs: number;
  reconnectBackoffMaxMs: number;
  /** A connection that nobody used for so long is closed. */
  idleMs: number;
  random: () => number;
  onOpen(): void;
  onFailure(error: Error): void;
}

/** The way to one broker for one purpose: a connection when it is needed, again after it was lost, with back-off. */
export class Link {
  readonly #options: LinkOptions;
  readonly #time: Time;
  readonly #closing = new AbortController();
  #connection: Connection | null = null;
  #opening: Promise<Connection> | null = null;
  #failures = 0;
  #retryAtMs = 0;
  #idleTimer: Timer | null = null;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#time = options.time;
  }

  get isOpen(): boolean {
    return this.#connection !== null && this.#connection.error === null;
  }

  /** Rejects when this one attempt fails; the next one waits for its back-off first. */
  connection(): Promise<Connection> {
    if (this.#connection && !this.#connection.error) return Promise.resolve(this.#connection);
    this.#opening ??= this.#open().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  /** Ends the present connection at once; the next request opens another without waiting. */
  drop(error: Error): void {
    this.#connection?.close(error);
    this.#failures = 0;
    this.#retryAtMs = 0;
  }

  close(): void {
    this.#closing.abort();
    this.#idleTimer?.cancel();
    this.#connection?.close(new ClientClosedException('The client was closed'));
  }

  async #open(): Promise<Connection> {
    const { setupTimeoutMs, setupTimeoutMaxMs } = this.#options;
    await sleep(this.#time, Math.max(0, this.#retryAtMs - this.#time.hiResMilliseconds()), this.#closing.signal);
    if (this.#closing.signal.aborted) throw new ClientClosedException('The client was closed');
    // Batches are read and written in one step later on; where Node has no zstd its module is loaded here, once.
    await prepareCompression();
    const growth = 2 ** Math.min(this.#failures, 10);
    try {
      const connection = await Connection.open({
        ...this.#options,
        setupTimeoutMs: Math.min(setupTimeoutMs * growth, Math.max(setupTimeoutMs, setupTimeoutMaxMs)),
      });
      if (this.#closing.signal.aborted) {
        connection.close();
        throw new ClientClosedException('The client was closed');
      }
      this.#retryAtMs = this.#time.hiResMilliseconds() + this.#options.reconnectBackoffMs;
      this.#connection = connection;
      connection.onProven(() => {
        this.#failures = 0;
        this.#options.onOpen();
      });
      connection.onClose((error) => this.#closed(connection, error));
      this.#watchIdle(connection, this.#options.idleMs);
      return connection;
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#failed(error as Error);
      throw error;
    }
  }

  #failed(error: Error): void {
    const { reconnectBackoffMs, reconnectBackoffMaxMs, random } = this.#options;
    const growth = 2 ** Math.min(this.#failures++, 10);
    const backoff = Math.min(reconnectBackoffMs * growth, Math.max(reconnectBackoffMs, reconnectBackoffMaxMs));
    this.#retryAtMs = this.#time.hiResMilliseconds() + backoff * (0.8 + 0.4 * random());
    this.#options.onFailure(error);
  }

  #closed(connection: Connection, error: Error): void {
    if (this.#connection !== connection) return;
    // A port that ends every connection at its first request is as good as one where nothing answers.
    if (!connection.isProven && connection.wasEnded) this.#failed(error);
    this.#connection = null;
    this.#idleTimer?.cancel();
  }

  #watchIdle(connection: Connection, delayMs: number): void {
    this.#idleTimer = this.#time.timer(Math.min(delayMs, 0x7fff_ffff), () => {
      const left = this.#options.idleMs - connection.idleMs(this.#time.hiResMilliseconds());
      if (left <= 0) connection.close();
      else this.#watchIdle(connection, left);
    });
  }
}
