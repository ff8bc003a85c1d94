import { deleteRecords, Errors, initProducerId, offsetCommit, produce } from '../../../main/protocol/messages/index.ts';
import { encodeRecordBatch } from '../../../main/protocol/records/encode-records.ts';
import { earliestOffset, readPartition } from '../partition-records.ts';
import type { Choices } from '../seeded-random.ts';
import { ChangingTopics } from './changing-topics.ts';
import { ClassicMembers } from './classic-members.ts';
import { ConsumerMembers } from './consumer-members.ts';
import { type BrokerEvent, COMMITTED_TOPIC, keyOf, kindOf, paddedValue, textOf } from './events.ts';
import type { StoryBroker, StoryClients, StoryMembers } from './story-clients.ts';
import { StoryTransactions } from './transactions.ts';

const LASTING = ['plain-0', 'plain-1', 'compacted-0', 'relaxed-0'];
const CONSUMED = ['plain-0', 'relaxed-0'];
const PRODUCERS = 3;
/** Their offsets are committed from outside. */
const GROUPS = ['g-a', 'g-b'];
/** Of one producer, in a compacted topic. */
const KEYS = 40;
/** Of the longest value, where all that was ever sent is kept. */
const SHORT_BYTES = 400;

/** Kafka's sequence of an idempotent producer of one partition; what was not answered for is sent again. */
export interface Idempotent {
  name: string;
  topic: string;
  partition: number;
  producerId: bigint;
  sequence: number;
  open: { text: string; value: string } | undefined;
  busy: boolean;
}

/** A life of several clients at one broker, by the choices of a seed; `events` is what they know of it. */
export class BrokerStory {
  readonly events: BrokerEvent[] = [];
  readonly #broker: StoryBroker;
  readonly #choices: Choices;
  readonly #producers: Idempotent[] = [];
  readonly #transactions: StoryTransactions;
  readonly #topics: ChangingTopics;
  readonly #members: readonly StoryMembers[];
  readonly #offsets = new Map<string, bigint>();
  readonly #busyGroups = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #valueBytes: number;
  #texts: number;

  /** `texts`: so many were sent in lives before; `valueBytes`: the longest value. */
  constructor(broker: StoryBroker, choices: Choices, texts = 0, valueBytes = SHORT_BYTES) {
    this.#valueBytes = valueBytes;
    this.#broker = broker;
    this.#choices = choices;
    this.#texts = texts;
    const clients: StoryClients = {
      broker,
      choices,
      events: this.events,
      text: (prefix) => this.#text(prefix),
      nextCommit: (group, partition) => this.#nextCommit(group, partition),
    };
    this.#transactions = new StoryTransactions(clients);
    this.#topics = new ChangingTopics(clients, LASTING, (topic, partition) =>
      this.#send(topic, partition, this.#text('b'), {}),
    );
    this.#members = [new ClassicMembers(clients, 'm-classic'), new ConsumerMembers(clients, 'm-consumer')];
  }

  /** As they are now. */
  producers(): Idempotent[] {
    return this.#producers.map((producer) => ({ ...producer, busy: false }));
  }

  /** Producers that have lived through a crash send what was not answered for again, and then go on. */
  async resume(producers: readonly Idempotent[] = this.#producers): Promise<void> {
    if (producers !== this.#producers) this.#producers.push(...producers);
    for (const producer of this.#producers) {
      for (let i = 0; i < 2; i++) await this.#produceWith(producer);
    }
    await this.#transactions.resume();
  }

  /** For a broker that was away for less than a session's time. */
  async checkMembersAfterKill(): Promise<void> {
    for (const members of this.#members) await members.checkAfterKill();
  }

  async begin(): Promise<void> {
    for (const topic of LASTING) await this.#topics.create(topic);
    for (let i = 0; i < PRODUCERS; i++) {
      const { producerId } = await this.#broker.request(initProducerId, 4, {
        transactionalId: null,
        transactionTimeoutMs: 0,
      });
      const topic = LASTING[i % LASTING.length]!;
      const producer = { name: `p${i}`, topic, partition: 0, producerId, sequence: 0, open: undefined, busy: false };
      this.#producers.push(producer);
    }
  }

  /** A few things at once. */
  async step(): Promise<void> {
    const count = this.#choices.between(1, 4);
    await Promise.all(Array.from({ length: count }, () => this.#act()));
    if (this.#choices.chance(0.2)) await this.#broker.pass(this.#choices.between(0, 6000));
  }

  #act(): Promise<void> {
    const dice = this.#choices.between(0, 99);
    if (dice < 30) return this.#produceWith(this.#choices.pick(this.#producers));
    if (dice < 43) return this.#produceKeyed();
    if (dice < 64) return this.#transactions.act();
    if (dice < 71) return this.#commit();
    if (dice < 80) return this.#choices.pick(this.#members).act();
    if (dice < 84) return this.#consume();
    if (dice < 86) return this.#deleteRecords();
    if (dice < 91) return this.#topics.configure();
    return this.#topics.act();
  }

  #text(prefix: string): string {
    return `${prefix}:${this.#texts++}`;
  }

  #nextCommit(group: string, partition: number): bigint {
    const key = `${partition} ${group}`;
    const offset = (this.#offsets.get(key) ?? 0n) + 1n;
    this.#offsets.set(key, offset);
    return offset;
  }

  /** Short where nothing is ever deleted. */
  #valueOf(topic: string, text: string): string {
    return paddedValue(text, this.#choices.between(0, topic === 'plain-1' ? SHORT_BYTES : this.#valueBytes));
  }

  /** The answer's error code. */
  async #send(
    topic: string,
    partition: number,
    text: string,
    options: object,
    value = this.#valueOf(topic, text),
  ): Promise<number> {
    this.events.push({ kind: 'sent', topic, partition, text });
    const key = kindOf(topic) === 'compacted' ? Buffer.from(keyOf(text)) : null;
    const timestamp = BigInt(this.#broker.now());
    const records = encodeRecordBatch([{ timestamp, key, value: Buffer.from(value) }], options);
    const { responses } = await this.#broker.request(produce, 9, {
      acks: -1,
      timeoutMs: 1000,
      topicData: [{ name: topic, partitionData: [{ index: partition, records }] }],
    });
    const { errorCode, baseOffset } = responses[0]!.partitionResponses[0]!;
    if (errorCode === 0) this.events.push({ kind: 'acked', topic, partition, text, offset: baseOffset });
    return errorCode;
  }

  async #produceWith(producer: Idempotent): Promise<void> {
    if (producer.busy) return;
    producer.busy = true;
    try {
      await this.#sendNext(producer);
    } finally {
      producer.busy = false;
    }
  }

  /** The same bytes again, when they were not answered for. */
  async #sendNext(producer: Idempotent): Promise<void> {
    const { topic, partition, producerId, sequence } = producer;
    if (!producer.open) {
      const text = this.#text(`${producer.name}.${sequence % KEYS}`);
      producer.open = { text, value: this.#valueOf(topic, text) };
    }
    const { text, value } = producer.open;
    const options = { producerId, producerEpoch: 0, baseSequence: sequence };
    const errorCode = await this.#send(topic, partition, text, options, value);
    if (errorCode === 0) {
      producer.sequence++;
      producer.open = undefined;
    } else if (errorCode !== Errors.KAFKA_STORAGE_ERROR) {
      throw new Error(`${producer.name} was answered with ${errorCode}`);
    }
  }

  async #produceKeyed(): Promise<void> {
    if (this.#choices.chance(0.4)) await this.#send('relaxed-0', 0, this.#text('r'), {});
    else await this.#send('compacted-0', 1, this.#text(`k${this.#choices.between(0, 4)}`), {});
  }

  async #commit(): Promise<void> {
    const group = this.#choices.pick(GROUPS);
    if (this.#busyGroups.has(group)) return;
    this.#busyGroups.add(group);
    const offset = this.#nextCommit(group, 0);
    this.events.push({ kind: 'committing', group, partition: 0, offset });
    const partitions = [{ partitionIndex: 0, committedOffset: offset, committedMetadata: null }];
    try {
      const { topics } = await this.#broker.request(offsetCommit, 7, {
        groupId: group,
        generationIdOrMemberEpoch: -1,
        memberId: '',
        topics: [{ name: COMMITTED_TOPIC, partitions }],
      });
      const { errorCode } = topics[0]!.partitions[0]!;
      if (errorCode === 0) this.events.push({ kind: 'committed', group, partition: 0, offset });
    } finally {
      this.#busyGroups.delete(group);
    }
  }

  async #consume(): Promise<void> {
    const topic = this.#choices.pick(CONSUMED);
    const isKeptBySize = kindOf(topic) === 'relaxed';
    const from = isKeptBySize ? await earliestOffset(this.#broker, topic, 0) : this.#start(topic);
    const { records } = await readPartition(this.#broker, topic, 0, 'read_uncommitted', { from });
    for (const { offset, value } of records) {
      const text = textOf(value) ?? value;
      const what = `${topic} ${offset} ${text}`;
      if (this.#seen.has(what)) continue;
      this.#seen.add(what);
      this.events.push({ kind: 'seen', topic, partition: 0, text, offset });
    }
  }

  /** Where a partition 0 begins, as far as its clients know. */
  #start(topic: string): bigint {
    const last = this.events.findLast((event) => event.kind === 'deleting records' && event.topic === topic);
    return last?.kind === 'deleting records' ? last.before : 0n;
  }

  async #deleteRecords(): Promise<void> {
    const [topic, partition] = [COMMITTED_TOPIC, 0];
    const start = this.#start(topic);
    const { highWatermark } = await readPartition(this.#broker, topic, partition, 'read_committed', { from: start });
    if (highWatermark < 1n || start !== this.#start(topic)) return;
    const before = BigInt(this.#choices.between(Number(start), Number(highWatermark)));
    this.events.push({ kind: 'deleting records', topic, partition, before });
    await this.#broker.request(deleteRecords, 2, {
      topics: [{ name: topic, partitions: [{ partitionIndex: partition, offset: before }] }],
      timeoutMs: 1000,
    });
  }
}
