import { describe, expect, test } from 'vitest';
import type { WorkerClient } from '../../../../common/contract.ts';
import { DisconnectException, KafkaException } from '../../../../common/errors.ts';
import type { ConsumeBatch, ConsumeRequest } from '../../../../common/kafka/consume.ts';
import { packRecords } from '../../../../common/kafka/packed-records.ts';
import type { Connection } from '../../../../renderer/connection.ts';
import { ConsumerSession } from '../../../../renderer/features/consumer/consumer-session.ts';
import { type ConsumerSettings, DEFAULT_SETTINGS } from '../../../../renderer/features/consumer/consumer-settings.ts';

/** A worker whose streams are fed by hand. */
class FakeWorker implements Connection<WorkerClient> {
  current: WorkerClient | null;
  readonly streams: FakeStream[] = [];
  readonly #listeners = new Set<() => void>();

  constructor() {
    this.current = this.#client();
  }
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  /** As after a restart: a new port. */
  restart(): void {
    this.current = this.#client();
    for (const listener of this.#listeners) listener();
  }
  get stream(): FakeStream {
    return this.streams.at(-1)!;
  }
  #client(): WorkerClient {
    const consume = (request: ConsumeRequest, { signal }: { signal: AbortSignal }) => {
      const stream = new FakeStream(request, signal);
      this.streams.push(stream);
      return stream.items();
    };
    return { consume } as unknown as WorkerClient;
  }
}

class FakeStream {
  readonly request: ConsumeRequest;
  readonly signal: AbortSignal;
  readonly #items: (ConsumeBatch | Error)[] = [];
  #wake: (() => void) | undefined;

  constructor(request: ConsumeRequest, signal: AbortSignal) {
    this.request = request;
    this.signal = signal;
  }
  async *items(): AsyncGenerator<ConsumeBatch> {
    this.signal.addEventListener('abort', () => this.#wake?.());
    for (;;) {
      if (this.signal.aborted) throw this.signal.reason;
      const item = this.#items.shift();
      if (item instanceof Error) throw item;
      if (item) yield item;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
  put(item: ConsumeBatch | Error): Promise<void> {
    this.#items.push(item);
    this.#wake?.();
    return settled();
  }
}

/** Long enough for everything that is due to have happened; nothing here waits for a clock. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

function batch(from: number, count: number, text = 'x'): ConsumeBatch {
  const records = Array.from({ length: count }, (_, n) => ({
    topic: 'tweets',
    partition: 0,
    offset: BigInt(from + n),
    timestamp: 0n,
    timestampType: 'CreateTime' as const,
    leaderEpoch: null,
    key: null,
    value: new TextEncoder().encode(`${text} ${from + n}`),
    headers: [],
  }));
  return {
    records: packRecords('tweets', records, 1_000),
    gaps: [],
    totals: {
      read: from + count,
      matched: from + count,
      dropped: 0,
      bytes: 0,
      readPerSecond: 0,
      matchedPerSecond: 0,
      lag: 0n,
      caughtUp: true,
      partitions: [{ partition: 0, position: BigInt(from + count), endOffset: BigInt(from + count) }],
    },
  };
}

function session(settings: Partial<ConsumerSettings> = {}) {
  const worker = new FakeWorker();
  const created = new ConsumerSession(
    'tweets',
    { ...DEFAULT_SETTINGS, ...settings },
    {
      worker,
      frames: { requestAnimationFrame: () => 1, cancelAnimationFrame: () => {} },
      now: () => 0,
      nextFrame: () => Promise.resolve(),
    },
  );
  return { worker, session: created };
}

const rows = ({ ring }: ConsumerSession) => ring.end - ring.start;

describe('ConsumerSession', () => {
  test('asks for what is set and keeps what comes', async () => {
    const { worker, session: consumer } = session({
      start: { type: 'offset', offset: 7n },
      partitions: [0, 2],
      filter: { text: '/x/i', matchCase: false },
    });
    await settled();
    expect(worker.stream.request).toEqual({
      topic: 'tweets',
      start: { type: 'offset', offset: 7n },
      filter: { type: 'regex', source: 'x', flags: 'i' },
      partitions: [0, 2],
    });
    expect(consumer.phase).toBe('connecting');
    await worker.stream.put(batch(0, 3));
    expect(consumer.phase).toBe('reading');
    expect(rows(consumer)).toBe(3);
  });

  test('pausing ends the stream, going on starts at the next record', async () => {
    const { worker, session: consumer } = session({ start: { type: 'beginning' } });
    await settled();
    await worker.stream.put(batch(0, 5));
    consumer.pause();
    expect(worker.stream.signal.aborted).toBe(true);
    await worker.stream.put(batch(5, 5));
    expect(rows(consumer)).toBe(5);
    consumer.resume();
    await settled();
    expect(worker.stream.request.start).toEqual({ type: 'positions', positions: [{ partition: 0, position: 5n }] });
    expect(consumer.list.following).toBe(true);
  });

  test('goes on from its position on the port of a restarted worker', async () => {
    const { worker, session: consumer } = session({ start: { type: 'beginning' } });
    await settled();
    await worker.stream.put(batch(0, 5));
    await worker.stream.put(new DisconnectException('The other side of the port has closed', { code: 'DISCONNECTED' }));
    expect(consumer.phase).toBe('waiting');
    expect(worker.streams).toHaveLength(1);
    worker.restart();
    await settled();
    expect(worker.streams).toHaveLength(2);
    expect(worker.stream.request.start).toMatchObject({ positions: [{ position: 5n }] });
    await worker.stream.put(batch(5, 1));
    expect(rows(consumer)).toBe(6);
    expect(consumer.phase).toBe('reading');
  });

  test('an error ends it with what came so far; trying again goes on', async () => {
    const { worker, session: consumer } = session();
    await settled();
    await worker.stream.put(batch(0, 2));
    await worker.stream.put(new KafkaException('Topic tweets is gone', { code: 'UNKNOWN_TOPIC_OR_PARTITION' }));
    expect(consumer.phase).toBe('failed');
    expect(consumer.error?.message).toBe('Topic tweets is gone');
    expect(rows(consumer)).toBe(2);
    consumer.resume();
    await settled();
    expect(consumer.error).toBeUndefined();
    expect(worker.stream.request.start).toMatchObject({ type: 'positions' });
  });

  test('a new filter searches from the chosen start; old rows stay, marked, until the first match', async () => {
    const { worker, session: consumer } = session({ start: { type: 'beginning' } });
    await settled();
    await worker.stream.put(batch(0, 5));
    consumer.change({ filter: { text: 'frankfurt', matchCase: false } });
    await settled();
    expect(worker.stream.request).toMatchObject({ start: { type: 'beginning' }, filter: { text: 'frankfurt' } });
    expect(consumer.stale).toBe(true);
    expect(rows(consumer)).toBe(5);
    await worker.stream.put(batch(3, 1, 'frankfurt'));
    expect(consumer.stale).toBe(false);
    expect(rows(consumer)).toBe(1);
  });

  test('after "now" a new filter sifts what is there and goes on', async () => {
    const { worker, session: consumer } = session({ start: { type: 'now' } });
    await settled();
    await worker.stream.put(batch(0, 3, 'berlin'));
    await worker.stream.put(batch(3, 2, 'Frankfurt'));
    consumer.change({ filter: { text: 'frankfurt', matchCase: false } });
    await settled();
    expect(rows(consumer)).toBe(2);
    expect(worker.stream.request.start).toEqual({ type: 'positions', positions: [{ partition: 0, position: 5n }] });
  });

  test('an expression that is not finished changes nothing', async () => {
    const { worker, session: consumer } = session();
    await settled();
    consumer.change({ filter: { text: '/(/', matchCase: false } });
    await settled();
    expect(worker.streams).toHaveLength(1);
    expect(consumer.filter).toEqual({ type: 'none' });
  });

  test('places without records are no loss under a filter, dropped records are', async () => {
    const { worker, session: consumer } = session({ filter: { text: 'x', matchCase: false } });
    await settled();
    const gap = { partition: 0, from: 0n, to: 1n, before: 0 };
    await worker.stream.put({
      ...batch(0, 1),
      gaps: [
        { ...gap, reason: 'absent', records: 0 },
        { ...gap, reason: 'dropped', records: 1 },
      ],
    });
    expect(rows(consumer)).toBe(2);
  });

  test('a closed one hears no more', async () => {
    const { worker, session: consumer } = session();
    await settled();
    consumer.close();
    await worker.stream.put(batch(0, 5));
    expect(rows(consumer)).toBe(0);
    worker.restart();
    await settled();
    expect(worker.streams).toHaveLength(1);
  });
});
