/// <reference path="./kafkajs-internals.d.ts" />
import type { Admin as KafkajsAdminClient, logCreator } from 'kafkajs';
import type { Logger } from '../../../common/logger.ts';
import type { Time } from '../../../common/time.ts';
import { ApiException } from '../../protocol/messages/errors.ts';
import { type Address, addressText } from '../cluster/address.ts';
import { NetworkException, TimeoutException } from '../errors.ts';
import { boundedSocketFactory } from './bounded-socket.ts';

export interface KafkajsOptions {
  bootstrap: readonly Address[];
  clientId: string;
  connectionTimeoutMs: number;
  requestTimeoutMs: number;
  maxResponseBytes: number;
  time: Time;
  logger: Logger;
}

/**
 * kafkajs's admin client, loaded and connected when it is first needed. What makes it safe to use is here: answers are
 * bounded before it keeps them, its timer that never stops is stopped, its log lines are for debugging only (what it
 * logs as an error it throws as well), and its errors become Kafka's.
 */
export class KafkajsClient {
  readonly #options: KafkajsOptions;
  #admin: Promise<KafkajsAdminClient> | null = null;

  constructor(options: KafkajsOptions) {
    this.#options = options;
  }

  /** Calls kafkajs; rejects with `ApiException`, `NetworkException` or `TimeoutException`. */
  async call<T>(use: (admin: KafkajsAdminClient) => Promise<T>): Promise<T> {
    try {
      this.#admin ??= this.#connect();
      return await use(await this.#admin);
    } catch (error) {
      const known = kafkaError(error);
      if (known instanceof NetworkException) await this.close();
      throw known;
    }
  }

  async close(): Promise<void> {
    const admin = this.#admin;
    this.#admin = null;
    const connected = await admin?.catch(() => undefined);
    await connected?.disconnect();
  }

  async #connect(): Promise<KafkajsAdminClient> {
    const [{ Kafka, logLevel }, { default: RequestQueue }] = await Promise.all([
      import('kafkajs'),
      import('kafkajs/src/network/requestQueue/index.js'),
    ]);
    stopIdleTimer(RequestQueue.prototype, this.#options.time);
    const { bootstrap, clientId, connectionTimeoutMs, requestTimeoutMs, maxResponseBytes, logger } = this.#options;
    const kafka = new Kafka({
      brokers: bootstrap.map(addressText),
      clientId,
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 4 },
      socketFactory: boundedSocketFactory(maxResponseBytes),
      logLevel: logLevel.WARN,
      logCreator: debugLog(logger.named('kafkajs')),
    });
    const admin = kafka.admin();
    await admin.connect();
    return admin;
  }
}

const PATCHED = Symbol('idle timer stopped');

/**
 * kafkajs 2.2.4 re-arms a 1 ms timer for as long as a connection lives (tulios/kafkajs#1704) and on newer Node warns of
 * negative time-outs (#1751). With nothing pending and no throttling there is nothing to come back for.
 */
function stopIdleTimer(prototype: RequestQueuePrototype & { [PATCHED]?: true }, time: Time): void {
  if (prototype[PATCHED]) return;
  prototype[PATCHED] = true;
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function (this: RequestQueuePrototype) {
    if (this.pending.length === 0 && this.throttledUntil <= time.milliseconds()) return;
    schedule.call(this);
  };
}

interface RequestQueuePrototype {
  pending: unknown[];
  throttledUntil: number;
  scheduleCheckPendingRequests(): void;
}

function debugLog(logger: Logger): logCreator {
  return () =>
    ({ namespace, log }) => {
      logger.debug(`${namespace ? `[${namespace}] ` : ''}${log.message}`);
    };
}

/** kafkajs wraps what the broker said, sometimes twice; the code inside is Kafka's own. */
function kafkaError(error: unknown): unknown {
  if (!(error instanceof Error) || !error.name.startsWith('KafkaJS')) return error;
  const { name, message, cause, groups } = error as Error & { groups?: { errorCode: number; groupId: string }[] };
  const refused = groups?.[0];
  if (refused) return new ApiException(refused.errorCode, undefined, { key: refused.groupId });
  const code = (error as { code?: unknown }).code;
  if (name === 'KafkaJSProtocolError' && typeof code === 'number')
    return new ApiException(code, message, { cause: error });
  if (cause instanceof Error && cause.name.startsWith('KafkaJS')) return kafkaError(cause);
  if (name === 'KafkaJSRequestTimeoutError') return new TimeoutException(message, { cause: error });
  if (/Connection|BrokerNotFound|Closed/.test(name)) return new NetworkException(message, { cause: error });
  return error;
}
