import type { Logger } from '../../../common/logger.ts';
import { sleep, type Time } from '../../../common/time.ts';
import type { Admin } from '../../kafka/api.ts';
import { asError } from './errors/retry-with-tolerance-operator.ts';

/** How long an answer waits for it. */
const PATIENCE_MS = 1_000;

/** The id of the Kafka cluster, asked for when it is first wanted; null as long as Kafka does not answer. */
export class ClusterId {
  readonly #admin: () => Admin;
  readonly #time: Time;
  readonly #logger: Logger;
  #opened: Admin | null = null;
  #id: string | null = null;
  #asking: Promise<void> | null = null;

  constructor(admin: () => Admin, time: Time, logger: Logger) {
    this.#admin = admin;
    this.#time = time;
    this.#logger = logger;
  }

  async get(): Promise<string | null> {
    if (this.#id !== null) return this.#id;
    this.#asking ??= this.#ask();
    const patience = new AbortController();
    await Promise.race([this.#asking, sleep(this.#time, PATIENCE_MS, patience.signal)]);
    patience.abort();
    return this.#id;
  }

  async close(): Promise<void> {
    await this.#opened?.close();
  }

  async #ask(): Promise<void> {
    try {
      this.#opened ??= this.#admin();
      this.#id = await this.#opened.clusterId();
    } catch (error) {
      // Whoever asks next asks again; that Kafka is away is told elsewhere.
      this.#logger.debug(`The id of the Kafka cluster is not known: ${asError(error).message}`);
    }
    this.#asking = null;
  }
}
