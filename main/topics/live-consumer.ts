import {
  type ConsumeBatch,
  type ConsumePartition,
  type ConsumeRequest,
  type ConsumeTotals,
  MAX_BATCH_BYTES,
  MAX_BATCH_RECORDS,
  PREVIEW_BYTES,
} from '../../common/kafka/consume.ts';
import type { ConsumerRecord, TopicPartition } from '../../common/kafka/records.ts';
import { topicPartitionKey } from '../../common/kafka/records.ts';
import { sleep, type Time } from '../../common/time.ts';
import type { FetchedRecords, PartitionReader } from '../kafka/api.ts';
import { Backlog, type BacklogLimits } from './backlog.ts';
import { startsOf } from './consume-start.ts';
import { Rate } from './rate.ts';
import { type RecordFilter, recordFilter } from './record-filter.ts';

/** Two frames at 120 Hz: more batches than that are of no use to a window. */
const BATCH_INTERVAL_MS = 16;
/** A batch comes at least so often, with the totals alone if need be. */
const HEARTBEAT_MS = 500;
const END_OFFSETS_INTERVAL_MS = 1_000;
const POLL_MS = 500;
const RATE_WINDOW_MS = 2_000;

export const LIMITS: BacklogLimits = {
  batchRecords: MAX_BATCH_RECORDS,
  batchBytes: MAX_BATCH_BYTES,
  batches: 4,
  previewBytes: PREVIEW_BYTES,
};

export interface LiveConsumerOptions {
  reader: PartitionReader;
  request: ConsumeRequest;
  partitions: readonly number[];
  time: Time;
  limits?: BacklogLimits;
}

/**
 * Reads a topic for one list of a window. Every record is read and counted; those that match come in batches, at the
 * pace at which batches are asked for. What was in the topic when the stream began waits for the window; what is
 * written after that waits as well while there is room, else the oldest of it is dropped and a gap says so.
 */
export async function* liveConsumer(options: LiveConsumerOptions, signal: AbortSignal): AsyncGenerator<ConsumeBatch> {
  const consumer = new LiveConsumer(options, recordFilter(options.request.filter), signal);
  try {
    yield* consumer.batches();
  } finally {
    await consumer.close();
  }
}

class LiveConsumer {
  readonly #reader: PartitionReader;
  readonly #request: ConsumeRequest;
  readonly #partitions: readonly TopicPartition[];
  readonly #time: Time;
  readonly #filter: RecordFilter;
  readonly #backlog: Backlog;
  /** Aborts when the window leaves, and when the consumer is closed. */
  readonly #stop = new AbortController();
  readonly #readRate: Rate;
  readonly #matchedRate: Rate;
  /** The ends when the stream began: what lies before them is not dropped. Key: partition. */
  readonly #began = new Map<number, bigint>();
  readonly #ends = new Map<number, bigint>();
  #pumping: Promise<void> = Promise.resolve();
  #failure: { error: unknown } | undefined;
  #read = 0;
  #matched = 0;
  #bytes = 0;
  #caughtUp = false;
  #arrived = () => {};
  #taken = () => {};

  constructor(options: LiveConsumerOptions, filter: RecordFilter, signal: AbortSignal) {
    this.#reader = options.reader;
    this.#request = options.request;
    this.#partitions = options.partitions.map((partition) => ({ topic: options.request.topic, partition }));
    this.#time = options.time;
    this.#filter = filter;
    this.#backlog = new Backlog(options.request.topic, options.limits ?? LIMITS);
    this.#readRate = new Rate(options.time, RATE_WINDOW_MS);
    this.#matchedRate = new Rate(options.time, RATE_WINDOW_MS);
    const stop = () => this.#stop.abort();
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    this.#stop.signal.addEventListener('abort', () => {
      this.#reader.wakeup();
      this.#arrived();
      this.#taken();
    });
  }

  async *batches(): AsyncGenerator<ConsumeBatch> {
    const ends = await this.#reader.endOffsets(this.#partitions);
    for (const { topic, partition } of this.#partitions) {
      const end = ends.get(topicPartitionKey(topic, partition)) ?? 0n;
      this.#began.set(partition, end);
      this.#ends.set(partition, end);
    }
    const starts = await startsOf(this.#reader, this.#request, this.#partitions, ends);
    for (const { partition, offset } of starts) this.#backlog.advance(partition, offset);
    await this.#reader.assign(starts.map(({ offset, ...tp }) => ({ ...tp, start: { offset } })));
    if (this.#stop.signal.aborted) return;
    this.#pumping = this.#pump().catch((error: unknown) => {
      this.#failure = { error };
      this.#arrived();
    });
    for (;;) {
      await this.#somethingOrHeartbeat();
      if (this.#stop.signal.aborted) return;
      if (this.#backlog.empty && this.#failure) throw this.#failure.error;
      const { records, gaps } = this.#backlog.take();
      this.#taken();
      const taken = this.#time.hiResMilliseconds();
      yield { records, gaps, totals: this.#totals() };
      const pause = BATCH_INTERVAL_MS - (this.#time.hiResMilliseconds() - taken);
      if (pause > 0) await sleep(this.#time, pause, this.#stop.signal);
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#pumping;
    await this.#reader.close();
  }

  async #somethingOrHeartbeat(): Promise<void> {
    if (!this.#backlog.empty || this.#failure || this.#stop.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = this.#time.timer(HEARTBEAT_MS, resolve);
      this.#arrived = () => {
        timer.cancel();
        resolve();
      };
    });
    this.#arrived = () => {};
  }

  async #pump(): Promise<void> {
    const { signal } = this.#stop;
    let nextEnds = this.#time.hiResMilliseconds() + END_OFFSETS_INTERVAL_MS;
    while (!signal.aborted) {
      await this.#accept(await this.#reader.poll(POLL_MS));
      if (signal.aborted) return;
      const now = this.#time.hiResMilliseconds();
      if (now < nextEnds) continue;
      nextEnds = now + END_OFFSETS_INTERVAL_MS;
      for (const [key, end] of await this.#reader.endOffsets(this.#partitions)) this.#setEnd(key, end);
    }
  }

  async #accept({ records, gaps }: FetchedRecords): Promise<void> {
    const absent = [...gaps];
    let matched = 0;
    for (const record of records) {
      // A gap stands before the first record of its partition that is beyond it.
      for (const gap of absent.filter((g) => g.partition === record.partition && g.to <= record.offset)) {
        absent.splice(absent.indexOf(gap), 1);
        this.#backlog.addAbsent(gap.partition, gap.from, gap.to);
      }
      this.#bytes += sizeOf(record);
      if (!this.#filter(record)) continue;
      await this.#room(record.partition, record.offset);
      if (this.#stop.signal.aborted) return;
      matched++;
      this.#backlog.add(record);
    }
    for (const { partition, from, to } of absent) this.#backlog.addAbsent(partition, from, to);
    this.#read += records.length;
    this.#matched += matched;
    this.#readRate.add(records.length);
    this.#matchedRate.add(matched);
    for (const tp of this.#partitions) {
      const position = this.#reader.position(tp);
      if (position !== null) this.#backlog.advance(tp.partition, position);
    }
    this.#caughtUp ||= this.#isCaughtUp();
    if (!this.#backlog.empty) this.#arrived();
  }

  /** Waits for the window, unless the record is newer than the stream: the reader keeps up with those. */
  async #room(partition: number, offset: bigint): Promise<void> {
    while (this.#backlog.full && !this.#stop.signal.aborted && offset < (this.#began.get(partition) ?? 0n)) {
      this.#arrived();
      await new Promise<void>((resolve) => (this.#taken = resolve));
    }
  }

  #setEnd(key: string, end: bigint): void {
    const found = this.#partitions.find(({ topic, partition }) => topicPartitionKey(topic, partition) === key);
    if (found) this.#ends.set(found.partition, end);
  }

  #isCaughtUp(): boolean {
    return this.#partitions.every((tp) => (this.#reader.position(tp) ?? 0n) >= (this.#began.get(tp.partition) ?? 0n));
  }

  #totals(): ConsumeTotals {
    const partitions: ConsumePartition[] = this.#partitions.map((tp) => {
      const position = this.#backlog.position(tp.partition) ?? 0n;
      const end = this.#ends.get(tp.partition) ?? position;
      // The end is asked for once a second; what has been read since then is beyond it.
      return { partition: tp.partition, position, endOffset: end > position ? end : position };
    });
    return {
      read: this.#read,
      matched: this.#matched,
      dropped: this.#backlog.droppedRecords,
      bytes: this.#bytes,
      readPerSecond: this.#readRate.perSecond(),
      matchedPerSecond: this.#matchedRate.perSecond(),
      lag: partitions.reduce((sum, { position, endOffset }) => sum + endOffset - position, 0n),
      caughtUp: this.#caughtUp,
      partitions,
    };
  }
}

function sizeOf({ key, value, headers }: ConsumerRecord): number {
  let bytes = (key?.length ?? 0) + (value?.length ?? 0);
  for (const header of headers) bytes += header.key.length + (header.value?.length ?? 0);
  return bytes;
}
