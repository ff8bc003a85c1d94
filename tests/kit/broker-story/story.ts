import {
  createTopics,
  deleteRecords,
  deleteTopics,
  Errors,
  initProducerId,
  offsetCommit,
  produce,
} from '../../../main/protocol/messages/index.ts';
import { encodeRecordBatch } from '../../../main/protocol/records/encode-records.ts';
import type { Requests } from '../in-process-broker.ts';
import { readPartition } from '../partition-records.ts';
import type { Choices } from '../seeded-random.ts';
import { TransactionalClient } from '../transactional-client.ts';
import { type BrokerEvent, keyOf, kindOf, TOPIC_KINDS } from './events.ts';

const LASTING = ['plain-0', 'plain-1', 'compacted-0', 'relaxed-0'];
const CONSUMED = ['plain-0', 'relaxed-0'];
const PRODUCERS = 3;
const TRANSACTIONAL_IDS = ['t-a', 't-b'];
const GROUPS = ['g-a', 'g-b'];

/** Kafka's sequence of an idempotent producer of one partition; what was not answered for is sent again. */
/** A broker of this process with a clock of its own, or one behind a socket. */
export interface StoryBroker extends Requests {
  /** Wall clock, ms. */
  now(): number;
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
}

export interface Idempotent {
  name: string;
  topic: string;
  partition: number;
  producerId: bigint;
  sequence: number;
  open: string | undefined;
  busy: boolean;
}

/** A life of several clients at one broker, by the choices of a seed; `events` is what they know of it. */
export class BrokerStory {
  readonly events: BrokerEvent[] = [];
  readonly #broker: StoryBroker;
  readonly #choices: Choices;
  readonly #producers: Idempotent[] = [];
  readonly #transactional = new Map<string, { client: TransactionalClient; busy: boolean; ready: boolean }>();
  readonly #groupOffsets = new Map<string, bigint>();
  readonly #busyGroups = new Set<string>();
  readonly #valueBytes: number;
  #brief = 0;
  #values = 0;
  #transactions = 0;

  /** `values`: so many were sent in lives before; `valueBytes`: the longest. */
  constructor(broker: StoryBroker, choices: Choices, values = 0, valueBytes = 400) {
    this.#valueBytes = valueBytes;
    this.#broker = broker;
    this.#choices = choices;
    this.#values = values;
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
    for (const id of TRANSACTIONAL_IDS) {
      const client = new TransactionalClient(this.#broker, id);
      let errorCode = await client.init();
      // What was being ended when the broker died is ended first.
      while (errorCode === Errors.CONCURRENT_TRANSACTIONS) {
        await this.#broker.pass(20);
        errorCode = await client.init();
      }
      if (errorCode !== 0) throw new Error(`${id} can't begin again: ${errorCode}`);
      this.#transactional.set(id, { client, busy: false, ready: true });
    }
  }

  async begin(): Promise<void> {
    for (const topic of LASTING) await this.#create(topic);
    for (let i = 0; i < PRODUCERS; i++) {
      const { producerId } = await this.#broker.request(initProducerId, 4, {
        transactionalId: null,
        transactionTimeoutMs: 0,
      });
      const topic = LASTING[i % LASTING.length]!;
      this.#producers.push({
        name: `p${i}`,
        topic,
        partition: 0,
        producerId,
        sequence: 0,
        open: undefined,
        busy: false,
      });
    }
    for (const id of TRANSACTIONAL_IDS) {
      this.#transactional.set(id, { client: new TransactionalClient(this.#broker, id), busy: false, ready: false });
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
    if (dice < 35) return this.#produceIdempotently();
    if (dice < 50) return this.#produceKeyed();
    if (dice < 75) return this.#transact();
    if (dice < 87) return this.#commit();
    if (dice < 92) return this.#consume();
    if (dice < 94) return this.#deleteRecords();
    return this.#makeAndRemove();
  }

  #value(prefix: string): string {
    return `${prefix}:${this.#values++}:${'x'.repeat(this.#choices.between(0, this.#valueBytes))}`;
  }

  async #create(topic: string): Promise<void> {
    this.events.push({ kind: 'creating', topic });
    const configs = Object.entries(TOPIC_KINDS[kindOf(topic)]!).map(([name, value]) => ({ name, value }));
    const { topics } = await this.#broker.request(createTopics, 7, {
      topics: [{ name: topic, numPartitions: 2, replicationFactor: 1, assignments: [], configs }],
    });
    if (topics[0]!.errorCode === 0) this.events.push({ kind: 'created', topic });
  }

  async #makeAndRemove(): Promise<void> {
    if (this.#brief > 0 && this.#choices.chance(0.5)) {
      const topic = `brief-${this.#choices.between(0, this.#brief - 1)}`;
      this.events.push({ kind: 'deleting', topic });
      const { responses } = await this.#broker.request(deleteTopics, 4, { topicNames: [topic], timeoutMs: 1000 });
      if (responses[0]!.errorCode === 0) this.events.push({ kind: 'deleted', topic });
      return;
    }
    const topic = `brief-${this.#brief++}`;
    await this.#create(topic);
    await this.#send(topic, this.#choices.between(0, 1), this.#value('b'), {});
  }

  /** The answer's error code. */
  async #send(topic: string, partition: number, value: string, options: object): Promise<number> {
    this.events.push({ kind: 'sent', topic, partition, value });
    const key = kindOf(topic) === 'compacted' ? Buffer.from(keyOf(value)) : null;
    const timestamp = BigInt(this.#broker.now());
    const records = encodeRecordBatch([{ timestamp, key, value: Buffer.from(value) }], options);
    const { responses } = await this.#broker.request(produce, 9, {
      acks: -1,
      timeoutMs: 1000,
      topicData: [{ name: topic, partitionData: [{ index: partition, records }] }],
    });
    const { errorCode, baseOffset } = responses[0]!.partitionResponses[0]!;
    if (errorCode === 0) this.events.push({ kind: 'acked', topic, partition, value, offset: baseOffset });
    return errorCode;
  }

  async #produceIdempotently(): Promise<void> {
    const producer = this.#choices.pick(this.#producers);
    if (!producer.busy) await this.#produceWith(producer);
  }

  async #produceWith(producer: Idempotent): Promise<void> {
    producer.busy = true;
    try {
      await this.#sendNext(producer);
    } finally {
      producer.busy = false;
    }
  }

  async #sendNext(producer: Idempotent): Promise<void> {
    producer.open ??= this.#value(`${producer.name}.${producer.sequence}`);
    const { producerId, sequence } = producer;
    const errorCode = await this.#send(producer.topic, producer.partition, producer.open, {
      producerId,
      producerEpoch: 0,
      baseSequence: sequence,
    });
    if (errorCode === 0) {
      producer.sequence++;
      producer.open = undefined;
    } else if (errorCode !== Errors.KAFKA_STORAGE_ERROR) {
      throw new Error(`${producer.name} was answered with ${errorCode}`);
    }
  }

  async #produceKeyed(): Promise<void> {
    if (this.#choices.chance(0.4)) await this.#send('relaxed-0', 0, this.#value('r'), {});
    else await this.#send('compacted-0', 1, this.#value(`k${this.#choices.between(0, 4)}`), {});
  }

  async #transact(): Promise<void> {
    const id = this.#choices.pick(TRANSACTIONAL_IDS);
    const state = this.#transactional.get(id)!;
    if (state.busy) return;
    state.busy = true;
    try {
      const { client } = state;
      if (!state.ready || this.#choices.chance(0.1)) state.ready = (await client.init()) === 0;
      if (!state.ready) return;
      const transaction = `${id}/${this.#transactions++}`;
      const places = [
        { topic: 'plain-0', partition: 1 },
        { topic: 'plain-1', partition: this.#choices.between(0, 1) },
      ].slice(0, this.#choices.between(1, 2));
      let isGood = true;
      for (const { topic, partition } of places) {
        if (!isGood) break;
        isGood = (await client.add(topic, partition))[0] === 0;
        if (!isGood) break;
        const value = `${transaction}:${this.#values++}`;
        this.events.push({ kind: 'sent', topic, partition, value, transaction });
        isGood = (await client.write(topic, partition, [value])) === 0;
      }
      const group = this.#choices.chance(0.4) ? `g-of-${id}` : undefined;
      if (group && isGood) {
        const offset = (this.#groupOffsets.get(group) ?? 0n) + 1n;
        this.#groupOffsets.set(group, offset);
        isGood = (await client.addOffsets(group)) === 0;
        if (isGood) {
          this.events.push({ kind: 'committing', group, offset, transaction });
          isGood = (await client.commitOffset(group, 'plain-0', 0, offset)) === 0;
        }
      }
      const committed = isGood && this.#choices.chance(0.7);
      this.events.push({ kind: 'ending', transaction, committed });
      if ((await client.end(committed)) === 0) this.events.push({ kind: 'ended', transaction, committed });
      else state.ready = false;
    } catch (error) {
      state.ready = false;
      throw error;
    } finally {
      state.busy = false;
    }
  }

  async #commit(): Promise<void> {
    const group = this.#choices.pick(GROUPS);
    if (this.#busyGroups.has(group)) return;
    this.#busyGroups.add(group);
    const offset = (this.#groupOffsets.get(group) ?? 0n) + 1n;
    this.#groupOffsets.set(group, offset);
    this.events.push({ kind: 'committing', group, offset });
    const partitions = [{ partitionIndex: 0, committedOffset: offset, committedMetadata: null }];
    try {
      const { topics } = await this.#broker.request(offsetCommit, 7, {
        groupId: group,
        generationIdOrMemberEpoch: -1,
        memberId: '',
        topics: [{ name: 'plain-0', partitions }],
      });
      if (topics[0]!.partitions[0]!.errorCode === 0) this.events.push({ kind: 'committed', group, offset });
    } finally {
      this.#busyGroups.delete(group);
    }
  }

  async #consume(): Promise<void> {
    const topic = this.#choices.pick(CONSUMED);
    const start = this.events.findLast((event) => event.kind === 'deleting records' && event.topic === topic);
    const from = start?.kind === 'deleting records' ? start.before : 0n;
    const { records } = await readPartition(this.#broker, topic, 0, 'read_uncommitted', { from });
    for (const { offset, value } of records) this.events.push({ kind: 'seen', topic, partition: 0, value, offset });
  }

  async #deleteRecords(): Promise<void> {
    const [topic, partition] = ['plain-0', 0];
    const { highWatermark } = await readPartition(this.#broker, topic, partition, 'read_committed', { from: 0n });
    if (highWatermark < 1n) return;
    const before = BigInt(this.#choices.between(0, Number(highWatermark)));
    this.events.push({ kind: 'deleting records', topic, partition, before });
    await this.#broker.request(deleteRecords, 2, {
      topics: [{ name: topic, partitions: [{ partitionIndex: partition, offset: before }] }],
      timeoutMs: 1000,
    });
  }
}
