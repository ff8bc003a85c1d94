import { Errors, initProducerId, produce } from '../../main/protocol/messages/index.ts';
import type { CompressionType } from '../../main/protocol/records/compression/compression-type.ts';
import { batchOf } from './log-environment.ts';
import { RawClient } from './raw-client.ts';

interface Sent {
  readonly sequence: number;
  readonly value: string;
}

const IN_FLIGHT = 5;

/**
 * An idempotent producer as Java's is: five batches under way, and after a lost connection those that were not
 * answered again, in order and with their old sequence numbers.
 */
export class IdempotentProducer {
  readonly acknowledged: string[] = [];
  readonly #name: string;
  readonly #partition: number;
  readonly #compression: CompressionType;
  readonly #acks: number;
  #producerId = -1n;
  #sequence = 0;
  #unanswered: Sent[] = [];
  #client: RawClient | undefined;
  #failure: Error | undefined;
  #stopped = false;

  constructor(name: string, partition: number, options: { compression?: CompressionType; acks?: number } = {}) {
    this.#name = name;
    this.#partition = partition;
    this.#compression = options.compression ?? 'none';
    this.#acks = options.acks ?? -1;
  }

  /** Sends until `lost` or `drain`; a broker that goes away ends it too. */
  async run(port: number): Promise<void> {
    const client = await this.#begin(port).catch((error: unknown) => {
      if (!/closed|ECONN/.test(String(error))) throw error;
    });
    // It went away before anything was sent.
    if (!client) return;
    this.#client = client;
    this.#stopped = false;
    for (const sent of [...this.#unanswered]) this.#send(client, sent);
    while (!this.#stopped && !this.#failure) {
      if (this.#unanswered.length >= IN_FLIGHT) {
        await new Promise((resolve) => setImmediate(resolve));
        continue;
      }
      const sent = { sequence: this.#sequence, value: `${this.#name}:${this.#sequence}` };
      this.#sequence++;
      this.#unanswered.push(sent);
      this.#send(client, sent);
      await Promise.resolve();
    }
    if (this.#failure) throw this.#failure;
  }

  async #begin(port: number): Promise<RawClient> {
    const client = await RawClient.connect(port);
    if (this.#producerId >= 0n) return client;
    const { producerId } = await client.request(initProducerId, 4, { transactionalId: null, transactionTimeoutMs: 0 });
    this.#producerId = producerId;
    return client;
  }

  /** The broker was killed: nothing more is answered. */
  lost(): void {
    this.#stopped = true;
    this.#client?.close();
  }

  /** Resolves when everything sent is answered. */
  async drain(): Promise<void> {
    this.#stopped = true;
    while (this.#unanswered.length > 0 && !this.#failure) await new Promise((resolve) => setTimeout(resolve, 5));
    if (this.#failure) throw this.#failure;
    this.#client?.close();
  }

  #send(client: RawClient, sent: Sent): void {
    const records = batchOf([sent.value, `${sent.value}'`], {
      producerId: this.#producerId,
      producerEpoch: 0,
      baseSequence: sent.sequence * 2,
      compression: this.#compression,
      timestamp: BigInt(Date.now()),
    });
    const body = {
      acks: this.#acks,
      timeoutMs: 1000,
      topicData: [{ name: 'killed', partitionData: [{ index: this.#partition, records }] }],
    };
    client.request(produce, 9, body).then(
      ({ responses }) => {
        const code = responses[0]!.partitionResponses[0]!.errorCode;
        if (code !== Errors.NONE) {
          this.#failure ??= new Error(`${sent.value} was answered with ${code}`);
          return;
        }
        this.#unanswered = this.#unanswered.filter((other) => other !== sent);
        this.acknowledged.push(sent.value);
      },
      () => {
        // The connection ended: it is sent again on the next one.
        this.#stopped = true;
      },
    );
  }
}
