import type { WorkerClient } from '../../../common/contract.ts';
import { DisconnectException } from '../../../common/errors.ts';
import type { ConsumeBatch, ConsumeFilter, ConsumeStart, ConsumeTotals } from '../../../common/kafka/consume.ts';
import { decodeText } from '../../../common/kafka/decode.ts';
import type { RecordPreview } from '../../../common/kafka/packed-records.ts';
import { type Connection, whenConnected } from '../../connection.ts';
import { FrameNotifier, type Frames } from '../../frame-notifier.ts';
import type { ConsumerSettings } from './consumer-settings.ts';
import { matcher, parseFilter } from './filter.ts';
import { RateHistory } from './rate-history.ts';
import { RecordList } from './record-list.ts';
import { RecordRing } from './record-ring.ts';

/** `waiting`: the worker's process is gone and a new one will be there. */
export type Phase = 'connecting' | 'reading' | 'paused' | 'waiting' | 'failed';

/** Records are few or large: the ring may take this much of the window's memory. */
const RING_BYTES = 192 * 1024 * 1024;

export interface SessionEnvironment {
  worker: Connection<WorkerClient>;
  frames: Frames;
  /** ms, monotonic */
  now(): number;
  /** Resolves with the next frame, at once while nobody sees the window. */
  nextFrame(): Promise<void>;
}

/**
 * One live consumer: pulls batches from the worker once a frame, keeps the newest records in a ring, and goes on from
 * where it was when the worker is restarted. Lives outside React, as long as its tab.
 */
export class ConsumerSession {
  readonly topic: string;
  readonly notifier: FrameNotifier;
  readonly ring: RecordRing;
  readonly list: RecordList;
  readonly history = new RateHistory(150, 2_000);

  #settings: ConsumerSettings;
  #filter: ConsumeFilter;
  #phase: Phase = 'connecting';
  #error: Error | undefined;
  #totals: ConsumeTotals | undefined;
  /** Rows of the filter before, shown until the first match of this one. */
  #stale = false;
  #abort: AbortController | undefined;
  readonly #environment: SessionEnvironment;

  constructor(topic: string, settings: ConsumerSettings, environment: SessionEnvironment) {
    this.topic = topic;
    this.#settings = settings;
    this.#filter = parseFilter(settings.filter).filter ?? { type: 'none' };
    this.#environment = environment;
    this.notifier = new FrameNotifier(environment.frames);
    this.ring = new RecordRing(settings.keep, RING_BYTES);
    this.list = new RecordList(this.ring);
    this.#read(settings.start);
  }

  get settings(): ConsumerSettings {
    return this.#settings;
  }
  get filter(): ConsumeFilter {
    return this.#filter;
  }
  get phase(): Phase {
    return this.#phase;
  }
  get error(): Error | undefined {
    return this.#error;
  }
  get totals(): ConsumeTotals | undefined {
    return this.#totals;
  }
  get stale(): boolean {
    return this.#stale;
  }

  /** Takes over what was changed and reads again as far as that needs it. */
  change(change: Partial<ConsumerSettings>): void {
    this.#settings = { ...this.#settings, ...change };
    if (change.keep !== undefined) this.ring.capacity = change.keep;
    if (change.filter !== undefined) this.#refilter();
    if (change.start !== undefined || change.partitions !== undefined) this.restart();
    this.notifier.now();
  }

  /** From the chosen start, with an empty list. */
  restart(): void {
    this.ring.clear();
    this.list.follow();
    this.#stale = false;
    this.#totals = undefined;
    this.#read(this.#settings.start);
    this.notifier.now();
  }

  /** Ends reading; `resume` goes on at the next record, so nothing is missed as long as the topic keeps it. */
  pause(): void {
    if (this.#phase === 'paused') return;
    this.#abort?.abort();
    this.#phase = 'paused';
    this.list.hold();
    this.notifier.now();
  }

  resume(): void {
    if (this.#phase !== 'paused' && this.#phase !== 'failed') return;
    this.list.follow();
    this.#read(this.#position());
    this.notifier.now();
  }

  follow(): void {
    this.list.follow();
    if (this.#phase === 'paused') this.#read(this.#position());
    this.notifier.now();
  }

  /** Opens the record of a row; the list stands still. */
  select(sequence: number): void {
    this.list.select(sequence);
    this.notifier.now();
  }

  step(direction: 1 | -1): void {
    this.list.step(direction);
    this.notifier.now();
  }

  hold(): void {
    if (!this.list.following) return;
    this.list.hold();
    this.notifier.now();
  }

  deselect(): void {
    this.list.deselect();
    this.notifier.now();
  }

  close(): void {
    this.#abort?.abort();
  }

  /** A filter searches from the chosen start; after `now` it sifts what is there and goes on. */
  #refilter(): void {
    const { filter } = parseFilter(this.#settings.filter);
    if (!filter) return;
    this.#filter = filter;
    this.history.forgetMatches();
    if (this.#settings.start.type === 'now') {
      const position = this.#position();
      const find = matcher(filter);
      if (filter.type !== 'none') this.ring.retain(this.topic, (record) => textsOf(record).some((t) => find(t, 1)[0]));
      this.list.follow();
      if (this.#phase !== 'paused') this.#read(position);
      else this.list.hold();
      return;
    }
    this.list.hold();
    this.#stale = true;
    this.#totals = undefined;
    this.#read(this.#settings.start);
  }

  /** Where reading goes on after what has arrived. */
  #position(): ConsumeStart {
    if (!this.#totals) return this.#settings.start;
    return {
      type: 'positions',
      positions: this.#totals.partitions.map(({ partition, position }) => ({ partition, position })),
    };
  }

  #read(start: ConsumeStart): void {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#phase = 'connecting';
    this.#error = undefined;
    void this.#run(start, abort.signal);
  }

  async #run(start: ConsumeStart, signal: AbortSignal): Promise<void> {
    const { worker } = this.#environment;
    let from = start;
    let gone: WorkerClient | null = null;
    for (;;) {
      try {
        const client: WorkerClient = await whenConnected(worker, gone, signal);
        gone = client;
        await this.#stream(client, from, signal);
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (!isDisconnect(error)) return this.#fail(error);
        this.#phase = 'waiting';
        from = this.#position();
        this.notifier.changed();
      }
    }
  }

  async #stream(client: WorkerClient, start: ConsumeStart, signal: AbortSignal): Promise<void> {
    const { partitions } = this.#settings;
    const request = { topic: this.topic, start, filter: this.#filter, ...(partitions ? { partitions } : {}) };
    for await (const batch of client.consume(request, { signal })) {
      if (signal.aborted) return;
      this.#take(batch);
      await this.#environment.nextFrame();
    }
  }

  #take({ records, gaps, totals }: ConsumeBatch): void {
    if (this.#stale && (records.count > 0 || totals.caughtUp)) {
      this.#stale = false;
      this.ring.clear();
      this.list.follow();
    }
    const first = this.#phase !== 'reading' || this.ring.end === this.ring.start;
    this.#phase = 'reading';
    const before = this.#totals;
    this.#totals = totals;
    // Under a filter rows are not neighbours in the topic, and what was never there is no loss.
    const shown = this.#filter.type === 'none' ? gaps : gaps.filter(({ reason }) => reason === 'dropped');
    this.ring.add({ records, gaps: shown });
    this.list.rate(totals.matchedPerSecond);
    this.history.add(
      this.#environment.now(),
      Math.max(0, totals.read - (before?.read ?? 0)),
      Math.max(0, totals.matched - (before?.matched ?? 0)),
    );
    if (first) this.notifier.now();
    else this.notifier.changed();
  }

  #fail(error: unknown): void {
    this.#phase = 'failed';
    this.#error = error instanceof Error ? error : new Error(String(error));
    this.notifier.now();
  }
}

function isDisconnect(error: unknown): boolean {
  return error instanceof DisconnectException || (error as { code?: unknown }).code === 'DISCONNECTED';
}

/** What a filter looks into, each for itself. */
function textsOf({ key, value, headers }: RecordPreview): string[] {
  const texts = [key, value, ...headers.flatMap((header) => [header.key, header.value])];
  return texts.flatMap((bytes) => (bytes ? [decodeText(bytes) ?? ''] : []));
}
