import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ProducerRecord, RecordMetadata } from '../../../common/kafka/records.ts';
import { parseClientConfig } from '../../../main/kafka/client-config.ts';
import type { Cluster } from '../../../main/kafka/cluster/cluster.ts';
import { NetworkException } from '../../../main/kafka/errors.ts';
import { KafkaProducer } from '../../../main/kafka/producer.ts';
import { silentLogger } from '../../../main/logging.ts';
import { type ApiException, Errors } from '../../../main/protocol/messages/index.ts';
import { MockTime } from '../../kit/mock-time.ts';
import { SimulatedLog } from '../../kit/simulated-log.ts';

/** What happens to one produce request. */
type Fate =
  | 'ok'
  | 'answer lost'
  | 'request lost'
  | 'refused'
  | 'appended, then refused'
  | 'producer forgotten'
  | 'sequence lost'
  | 'rewound';

interface ProduceBody {
  topicData: { name: string; partitionData: { index: number; records: Buffer }[] }[];
}

/**
 * A cluster of one node and its network: requests on a connection are dealt with in order; when an answer is lost the
 * connection ends, and everything behind it on the way is lost, dealt with or not.
 */
class SimulatedCluster {
  readonly logs = new Map<number, SimulatedLog>();
  readonly #partitions: number;
  readonly #fates: Fate[];
  #listeners: (() => void)[] = [];
  #connection = 0;
  #turn: Promise<unknown> = Promise.resolve();
  readonly time: MockTime;
  topicKnown = true;
  requests = 0;
  largest = 0;
  mostInFlight = 0;
  /** There and back; longer than the pause between bursts, so that several are under way. */
  latencyMs = 30;
  #inFlight = 0;

  constructor(time: MockTime, partitions: number, fates: readonly Fate[]) {
    this.time = time;
    this.#partitions = partitions;
    this.#fates = [...fates];
    for (let i = 0; i < partitions; i++) this.logs.set(i, new SimulatedLog());
  }

  trouble = null;
  topic(name: string) {
    if (!this.topicKnown) return undefined;
    this.#metadata ??= {
      name,
      topicId: null,
      internal: false,
      partitions: Array.from({ length: this.#partitions }, (_, partition) => ({
        partition,
        leader: 1,
        leaderEpoch: 0,
        replicas: [1],
        isr: [1],
      })),
      available: Array.from({ length: this.#partitions }, (_, partition) => partition),
    };
    return this.#metadata;
  }
  #metadata: ReturnType<Cluster['topic']>;
  topicError() {
    return undefined;
  }
  leader() {
    return this.topicKnown ? 1 : undefined;
  }
  want() {}
  requestRefresh() {}
  refresh() {
    for (const listener of this.#listeners) listener();
  }
  onRefresh(listener: () => void) {
    this.#listeners.push(listener);
    return () => {};
  }
  backoffMs() {
    return 100;
  }
  async requestAny() {
    return { errorCode: 0, producerId: 7n, producerEpoch: 0 };
  }
  close() {
    this.#listeners = [];
  }

  async connection() {
    return { request: (_api: unknown, body: ProduceBody) => this.#produce(body) };
  }

  #produce(body: ProduceBody): Promise<unknown> {
    const connection = this.#connection;
    const lost = () => new NetworkException('cut');
    this.#inFlight++;
    this.mostInFlight = Math.max(this.mostInFlight, this.#inFlight);
    const underWay = new Promise((resolve) => this.time.timer(this.latencyMs, () => resolve(undefined)));
    const answer = Promise.all([this.#turn, underWay]).then(() => {
      this.#inFlight--;
      // Sent on a connection that has ended meanwhile.
      if (connection !== this.#connection) throw lost();
      this.requests++;
      const fate = this.#fates.shift() ?? 'ok';
      if (fate === 'request lost') {
        this.#connection++;
        throw lost();
      }
      if (fate === 'producer forgotten') for (const log of this.logs.values()) log.forgetProducers();
      if (fate === 'rewound') for (const log of this.logs.values()) log.rewindProducers();
      const responses = body.topicData.map(({ name, partitionData }) => ({
        name,
        topicId: '',
        partitionResponses: partitionData.map(({ index, records }) => ({
          index,
          ...this.#append(fate, index, records),
          logAppendTimeMs: -1n,
          recordErrors: [],
          errorMessage: null,
        })),
      }));
      if (fate === 'answer lost') {
        this.#connection++;
        throw lost();
      }
      return { responses };
    });
    this.#turn = answer.catch(() => {});
    return answer;
  }

  #append(fate: Fate, partition: number, records: Buffer): { errorCode: number; baseOffset: bigint } {
    this.largest = Math.max(this.largest, records.length);
    if (fate === 'refused') return { errorCode: Errors.NOT_LEADER_OR_FOLLOWER, baseOffset: -1n };
    if (fate === 'sequence lost') return { errorCode: Errors.UNKNOWN_PRODUCER_ID, baseOffset: -1n };
    const result = (this.logs.get(partition) as SimulatedLog).append(records);
    return fate === 'appended, then refused' && result.errorCode === 0
      ? { errorCode: Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND, baseOffset: -1n }
      : result;
  }
}

function producerOn(cluster: SimulatedCluster, extra: Record<string, string> = {}): KafkaProducer {
  const config = { 'bootstrap.servers': 'x:1', ...extra };
  const { options } = parseClientConfig('producer', config);
  const environment = { time: cluster.time, logger: silentLogger, random: () => 0.5 };
  return new KafkaProducer(cluster as unknown as Cluster, options, config, environment);
}

const record = (value: string, partition: number | null = 0, key: string | null = null): ProducerRecord => ({
  topic: 't',
  partition,
  key: key === null ? null : Buffer.from(key),
  value: Buffer.from(value),
});

/** Moves the clock until the promise is settled. */
async function passing<T>(time: MockTime, promise: Promise<T>): Promise<T> {
  let settled = false;
  void promise
    .finally(() => {
      settled = true;
    })
    .catch(() => {});
  for (let i = 0; i < 10_000 && !settled; i++) await time.advance(10);
  return promise;
}

interface Outcome {
  value: string;
  partition: number;
  metadata: RecordMetadata | null;
  error: Error | null;
}

/** Moves the clock ms by ms, so that what follows from one moment happens before the next. */
async function pass(time: MockTime, ms: number): Promise<void> {
  for (let i = 0; i < ms; i++) await time.advance(1);
}

/** Sends numbered records in bursts and gathers each one's outcome. */
async function run(cluster: SimulatedCluster, producer: KafkaProducer, bursts: readonly number[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let number = 0;
  for (const burst of bursts) {
    for (let i = 0; i < burst; i++) {
      const value = `${number}`;
      const partition = number++ % cluster.logs.size;
      producer.send(record(value, partition), (metadata, error) =>
        outcomes.push({ value, partition, metadata, error }),
      );
    }
    await cluster.time.advance(7);
  }
  await passing(cluster.time, producer.flush());
  return outcomes;
}

function checkExactlyOnce(cluster: SimulatedCluster, outcomes: readonly Outcome[], sent: number): void {
  expect(outcomes.filter(({ error }) => error)).toEqual([]);
  expect(outcomes.length).toBe(sent);
  for (const [partition, log] of cluster.logs) {
    const expected = Array.from({ length: sent }, (_, i) => i).filter((i) => i % cluster.logs.size === partition);
    expect(log.values).toEqual(expected.map(String));
  }
  for (const { value, partition, metadata } of outcomes) {
    expect(cluster.logs.get(partition)?.values[Number(metadata?.offset)]).toBe(value);
  }
}

const FATES: Fate[] = ['ok', 'answer lost', 'request lost', 'refused', 'appended, then refused'];

describe('an idempotent producer', () => {
  test('appends every record once and in order, whatever happens to requests and answers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...FATES), { maxLength: 40 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 3 }),
        async (fates, bursts, partitions) => {
          const cluster = new SimulatedCluster(new MockTime(), partitions, fates);
          const producer = producerOn(cluster, { 'batch.size': '200', 'linger.ms': '3' });
          const outcomes = await run(cluster, producer, bursts);
          checkExactlyOnce(
            cluster,
            outcomes,
            bursts.reduce((a, b) => a + b, 0),
          );
          expect(cluster.mostInFlight).toBeLessThanOrEqual(5);
          await passing(cluster.time, producer.close());
          expect(cluster.time.pending).toBe(0);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('keeps a batch that is refused again and again within what the broker remembers', async () => {
    const fates: Fate[] = [
      'ok',
      'refused',
      'ok',
      'ok',
      'ok',
      'ok',
      'appended, then refused',
      'ok',
      'appended, then refused',
    ];
    const bursts = [6, 1, 1, 1, 1, 6, 1, 1, 1, 1];
    const cluster = new SimulatedCluster(new MockTime(), 1, fates);
    const outcomes = await run(cluster, producerOn(cluster, { 'batch.size': '200', 'linger.ms': '3' }), bursts);
    checkExactlyOnce(cluster, outcomes, 20);
  });

  test('begins anew under the next epoch when the broker no longer knows its sequence', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom<Fate>('ok', 'sequence lost', 'refused'), { maxLength: 30 }),
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 10 }),
        async (fates, bursts) => {
          const cluster = new SimulatedCluster(new MockTime(), 2, fates);
          const producer = producerOn(cluster, { 'batch.size': '200', 'linger.ms': '3' });
          const outcomes = await run(cluster, producer, bursts);
          checkExactlyOnce(
            cluster,
            outcomes,
            bursts.reduce((a, b) => a + b, 0),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  test('goes on when the broker has lost its memory of producers', async () => {
    const cluster = new SimulatedCluster(new MockTime(), 1, ['ok', 'producer forgotten', 'ok', 'producer forgotten']);
    const outcomes = await run(cluster, producerOn(cluster, { 'batch.size': '100' }), [5, 5, 5, 5, 5]);
    checkExactlyOnce(cluster, outcomes, 25);
  });

  test('goes on when the broker has lost the last of what it acknowledged', async () => {
    const cluster = new SimulatedCluster(new MockTime(), 1, ['ok', 'ok', 'rewound', 'ok', 'ok', 'rewound']);
    const outcomes = await run(cluster, producerOn(cluster, { 'linger.ms': '0' }), Array(20).fill(3));
    checkExactlyOnce(cluster, outcomes, 60);
  });

  test('splits batches that the topic finds too large, and keeps their order', async () => {
    const cluster = new SimulatedCluster(new MockTime(), 1, ['ok', 'answer lost']);
    (cluster.logs.get(0) as SimulatedLog).maxBatchBytes = 300;
    const outcomes = await run(cluster, producerOn(cluster, { 'batch.size': '200' }), [200, 1, 100]);
    checkExactlyOnce(cluster, outcomes, 301);
  });

  test('fails the one record that is too large for the topic, and goes on with the others', async () => {
    const cluster = new SimulatedCluster(new MockTime(), 1, []);
    const log = cluster.logs.get(0) as SimulatedLog;
    log.maxBatchBytes = 300;
    const producer = producerOn(cluster, { 'linger.ms': '1' });
    const errors: (string | undefined)[] = [];
    for (const value of ['a', 'x'.repeat(400), 'b']) {
      producer.send(record(value), (_, error) => errors.push((error as ApiException | null)?.code));
    }
    await passing(cluster.time, producer.flush());
    expect(log.values).toEqual(['a', 'b']);
    expect(errors).toEqual([undefined, 'MESSAGE_TOO_LARGE', undefined]);
  });
});

describe('without idempotence', () => {
  test('order is kept all the same: one batch of a partition is on its way at a time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom<Fate>('ok', 'request lost', 'refused'), { maxLength: 30 }),
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 10 }),
        async (fates, bursts) => {
          const cluster = new SimulatedCluster(new MockTime(), 1, fates);
          const producer = producerOn(cluster, { acks: '1', 'batch.size': '200', 'linger.ms': '3' });
          const outcomes = await run(cluster, producer, bursts);
          checkExactlyOnce(
            cluster,
            outcomes,
            bursts.reduce((a, b) => a + b, 0),
          );
          expect(cluster.mostInFlight).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 40 },
    );
  });

  test.each([
    [{ 'enable.idempotence': 'true', acks: '1' }, /Must set acks to all/],
    [{ 'enable.idempotence': 'true', retries: '0' }, /Must set retries to non-zero/],
    [{ 'max.in.flight.requests.per.connection': '6' }, /at most 5/],
    [{ 'delivery.timeout.ms': '1000' }, /equal to or larger than linger.ms \+ request.timeout.ms/],
  ])('%j is refused as in Java', (extra, message) => {
    expect(() => producerOn(new SimulatedCluster(new MockTime(), 1, []), extra as Record<string, string>)).toThrow(
      message,
    );
  });
});

describe('a producer', () => {
  test('has several batches of a partition under way', async () => {
    const cluster = new SimulatedCluster(new MockTime(), 1, []);
    await run(cluster, producerOn(cluster, { 'linger.ms': '0' }), Array(40).fill(1));
    expect(cluster.mostInFlight).toBe(5);
  });

  test('lingers for more records, but not when a batch is full or someone flushes', async () => {
    const cluster = new SimulatedCluster(new MockTime(), 1, []);
    cluster.latencyMs = 1;
    const producer = producerOn(cluster, { 'linger.ms': '50', 'batch.size': '500' });
    producer.send(record('1'));
    await pass(cluster.time, 45);
    producer.send(record('2'));
    expect(cluster.requests).toBe(0);
    await pass(cluster.time, 10);
    expect(cluster.requests).toBe(1);
    producer.send(record('x'.repeat(600)));
    await pass(cluster.time, 4);
    expect(cluster.requests).toBe(2);
    producer.send(record('3'));
    const flushed = producer.flush();
    await pass(cluster.time, 4);
    await flushed;
    expect(cluster.requests).toBe(3);
  });

  test('grows batches beyond batch.size while the way is full', async () => {
    const cluster = new SimulatedCluster(new MockTime(), 1, []);
    const producer = producerOn(cluster, { 'linger.ms': '0', 'batch.size': '200' });
    for (let i = 0; i < 2_000; i++) producer.send(record(`${i}`));
    await passing(cluster.time, producer.flush());
    expect(cluster.requests).toBeLessThan(10);
    expect(cluster.logs.get(0)?.values.length).toBe(2_000);
  });

  test('says when its buffer is full, and when there is room again', async () => {
    const cluster = new SimulatedCluster(new MockTime(), 1, []);
    const producer = producerOn(cluster, { 'buffer.memory': '10000' });
    let sent = 0;
    while (producer.send(record('x'.repeat(1_000)))) sent++;
    expect(sent).toBe(9);
    let drained = false;
    void producer.drained().then(() => {
      drained = true;
    });
    expect(drained).toBe(false);
    await pass(cluster.time, 50);
    expect(drained).toBe(true);
    expect(producer.send(record('x'))).toBe(true);
  });

  test('bounds what a caller piles up who does not wait', async () => {
    const cluster = new SimulatedCluster(new MockTime(), 1, []);
    cluster.topicKnown = false;
    const producer = producerOn(cluster, { 'buffer.memory': '10000', 'max.request.size': '10000' });
    const errors: (Error | null)[] = [];
    for (let i = 0; i < 100; i++) producer.send(record('x'.repeat(1_000)), (_, error) => errors.push(error));
    await cluster.time.advance(0);
    expect(errors.length).toBeGreaterThan(60);
    expect(errors[0]).toMatchObject({ code: 'BUFFER_EXHAUSTED', hint: expect.stringMatching(/drained/) });
  });

  test('refuses a record over max.request.size in Kafka’s words', async () => {
    const cluster = new SimulatedCluster(new MockTime(), 1, []);
    const producer = producerOn(cluster, { 'max.request.size': '1000' });
    const error = new Promise<Error | null>((resolve) =>
      producer.send(record('x'.repeat(1_000)), (_, e) => resolve(e)),
    );
    expect(await error).toMatchObject({
      name: 'RecordTooLargeException',
      message: expect.stringMatching(/^The message is \d+ bytes when serialized which is larger than 1000, which is/),
    });
  });

  test('holds records of a topic that is not known yet, in order, and fails them after max.block.ms', async () => {
    const cluster = new SimulatedCluster(new MockTime(), 1, []);
    cluster.topicKnown = false;
    const producer = producerOn(cluster, { 'max.block.ms': '1000' });
    const errors: (string | undefined)[] = [];
    producer.send(record('early', null), (_, error) => errors.push(error?.message));
    await cluster.time.advance(999);
    expect(errors).toEqual([]);
    await pass(cluster.time, 4);
    expect(errors).toEqual(['Topic t not present in metadata after 1000 ms.']);
    producer.send(record('a', null));
    producer.send(record('b', null));
    cluster.topicKnown = true;
    cluster.refresh();
    producer.send(record('c', null));
    await passing(cluster.time, producer.flush());
    expect(cluster.logs.get(0)?.values).toEqual(['a', 'b', 'c']);
  });

  test('fails a record for a partition that the topic does not have', async () => {
    const cluster = new SimulatedCluster(new MockTime(), 2, []);
    const producer = producerOn(cluster, { 'max.block.ms': '1000' });
    const error = new Promise<Error | null>((resolve) => producer.send(record('x', 5), (_, e) => resolve(e)));
    await cluster.time.advance(1_001);
    expect((await error)?.message).toBe(
      'Partition 5 of topic t with partition count 2 is not present in metadata after 1000 ms.',
    );
  });

  test('gives up on a batch after delivery.timeout.ms, and the next ones arrive under a new epoch', async () => {
    const cluster = new SimulatedCluster(
      new MockTime(),
      1,
      Array.from({ length: 20 }, (): Fate => 'request lost'),
    );
    const producer = producerOn(cluster, {
      'request.timeout.ms': '100',
      'delivery.timeout.ms': '500',
      'linger.ms': '0',
    });
    const error = new Promise<Error | null>((resolve) => producer.send(record('lost'), (_, e) => resolve(e)));
    await cluster.time.advance(1_000);
    expect((await error)?.message).toMatch(/^Expiring 1 record\(s\) for t-0: \d+ ms has passed since batch creation/);
    producer.send(record('kept'));
    for (let i = 0; i < 30; i++) {
      producer.send(record(`${i}`));
      await cluster.time.advance(200);
    }
    await passing(cluster.time, producer.flush());
    expect(cluster.logs.get(0)?.values.at(-1)).toBe('29');
  });

  test('keys choose partitions as Java’s murmur2 does, and keyless records stay together', async () => {
    const cluster = new SimulatedCluster(new MockTime(), 3, []);
    const producer = producerOn(cluster);
    for (const key of ['21', 'foobar', 'a-little-bit-long-string']) producer.send(record(key, null, key));
    for (let i = 0; i < 5; i++) producer.send(record('none', null));
    await passing(cluster.time, producer.flush());
    const where = (value: string) => [...cluster.logs].filter(([, log]) => log.values.includes(value)).map(([p]) => p);
    expect(where('21')).toEqual([(-973932308 & 0x7fffffff) % 3]);
    expect(where('foobar')).toEqual([(-790332482 & 0x7fffffff) % 3]);
    expect(where('none')).toEqual([1]);
  });

  test('fails what is left when its time for closing is up', async () => {
    const cluster = new SimulatedCluster(
      new MockTime(),
      1,
      Array.from({ length: 99 }, (): Fate => 'refused'),
    );
    const producer = producerOn(cluster);
    const error = new Promise<Error | null>((resolve) => producer.send(record('x'), (_, e) => resolve(e)));
    await passing(cluster.time, producer.close(300));
    expect((await error)?.message).toBe('Producer is closed forcefully.');
    expect(() => producer.send(record('y'))).toThrow(/after producer has been closed/);
    expect(cluster.time.pending).toBe(0);
  });

  test('a callback that throws takes nothing from the others', async () => {
    const cluster = new SimulatedCluster(new MockTime(), 1, []);
    const producer = producerOn(cluster);
    const thrown: unknown[] = [];
    const keep = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => thrown.push(error));
    const done: string[] = [];
    producer.send(record('a'), () => {
      throw new Error('mine');
    });
    producer.send(record('b'), () => done.push('b'));
    await passing(cluster.time, producer.flush());
    await cluster.time.advance(1);
    process.removeAllListeners('uncaughtException');
    for (const listener of keep) process.on('uncaughtException', listener);
    expect(done).toEqual(['b']);
    expect(thrown).toMatchObject([{ message: 'mine' }]);
  });
});
