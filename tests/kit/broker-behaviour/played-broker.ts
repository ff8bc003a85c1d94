import {
  type CreateTopicsResponse,
  createTopics,
  deleteTopics,
  listOffsets,
  metadata,
} from '../../../main/protocol/messages/index.ts';
import type { Api, RequestInput, ResponseOf } from '../../../main/protocol/schema/api.ts';
import { ZERO_UUID } from '../../../main/protocol/schema/uuid.ts';
import { RawClient } from '../raw-client.ts';

/** Where a broker of the suite listens, and a name for messages. */
export interface BrokerUnderTest {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Wants SASL: PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512, `SASL_USER` with `SASL_PASSWORD`. */
  readonly saslPort: number;
  stop(): Promise<void>;
}

const PATIENCE_MS = 60_000;
const POLL_MS = 10;
/** What a case gets for an answer when there was none. */
export const CLOSED = 'the connection is closed';

/** A broker as one case sees it: with connections and names of its own. */
export class PlayedBroker {
  readonly broker: BrokerUnderTest;
  readonly #suffix: string;
  readonly #clients: RawClient[] = [];
  #first: RawClient | undefined;

  /** @param suffix the case's own, the same on every broker */
  constructor(broker: BrokerUnderTest, suffix: string) {
    this.broker = broker;
    this.#suffix = suffix;
  }

  /** A name of a topic, group or transactional id that no other case has; it is the same on every broker. */
  named(stem: string): string {
    return `${stem}-${this.#suffix}`;
  }

  /** A further connection; ended with the case. */
  async client(port = this.broker.port): Promise<RawClient> {
    const client = await RawClient.connect(port, this.broker.host);
    this.#clients.push(client);
    return client;
  }

  /** On the case's first connection, or a new one when that was closed. */
  async ask<A extends Api>(
    api: A,
    version: number,
    body: RequestInput<A>,
    clientId: string | null = 'suite',
  ): Promise<ResponseOf<A>> {
    if (!this.#first) {
      const client = await this.client();
      this.#first = client;
      void client.closed.then(() => {
        if (this.#first === client) this.#first = undefined;
      });
    }
    return this.#first.request(api, version, body, clientId);
  }

  /** The answer, or `CLOSED` where the broker ends the connection instead. */
  async askOrClosed<A extends Api>(
    api: A,
    version: number,
    body: RequestInput<A>,
  ): Promise<ResponseOf<A> | typeof CLOSED> {
    try {
      return await this.ask(api, version, body);
    } catch (error) {
      if ((error as Error).message === 'The connection was closed') return CLOSED;
      throw error;
    }
  }

  /** Asks again until the answer is a good one: what Kafka has acknowledged may not be in force yet. */
  async until<T>(ask: () => Promise<T>, isGood: (answer: T) => boolean): Promise<T> {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const answer = await ask();
      if (isGood(answer)) return answer;
      if (Date.now() > end) throw new Error(`It did not come to be on ${this.broker.name}: ${shown(answer)}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** A topic with its id, once it can be written to. `name` is taken as it is. */
  async topic(
    name: string,
    numPartitions = 1,
    configs: Readonly<Record<string, string>> = {},
  ): Promise<CreateTopicsResponse['topics'][number]> {
    const { topics } = await this.ask(createTopics, 7, {
      topics: [
        {
          name,
          numPartitions,
          replicationFactor: 1,
          assignments: [],
          configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
        },
      ],
      timeoutMs: 30_000,
    });
    if (topics[0]?.errorCode !== 0) throw new Error(`${name} was not made on ${this.broker.name}: ${shown(topics)}`);
    await this.untilPartitions(name, numPartitions);
    return topics[0];
  }

  /** Resolves when every partition can be written and read, not only found. */
  async untilPartitions(name: string, count: number): Promise<void> {
    const partitions = Array.from({ length: count }, (_, partitionIndex) => ({ partitionIndex, timestamp: -1n }));
    await this.until(
      () => this.ask(listOffsets, 7, { replicaId: -1, isolationLevel: 0, topics: [{ name, partitions }] }),
      ({ topics }) => topics[0]!.partitions.every(({ errorCode }) => errorCode === 0),
    );
  }

  /** The topic is gone when it resolves. */
  async deleteTopic(name: string): Promise<void> {
    await this.ask(deleteTopics, 6, { topics: [{ name, topicId: ZERO_UUID }], timeoutMs: 30_000 });
    await this.until(
      () => this.describe(name),
      ({ errorCode }) => errorCode !== 0,
    );
  }

  /** As Metadata shows it; it is not made. */
  async describe(name: string) {
    const { topics } = await this.ask(metadata, 12, {
      topics: [{ name }],
      allowAutoTopicCreation: false,
      includeTopicAuthorizedOperations: false,
    });
    return topics[0]!;
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }
}

function shown(value: unknown): string {
  return JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}` : each));
}
