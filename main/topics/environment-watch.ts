import type { EnvironmentState } from '../../common/connect/worker-info.ts';
import { toWireError } from '../../common/errors.ts';
import { type TopicPartition, topicPartitionKey } from '../../common/kafka/records.ts';
import type { TopicSummary } from '../../common/kafka/topics.ts';
import type { Time, Timer } from '../../common/time.ts';
import type { Admin, PartitionReader, TopicDescription } from '../kafka/api.ts';
import { Rate } from './rate.ts';

const INTERVAL_MS = 1_000;
const RATE_WINDOW_MS = 5_000;

export interface EnvironmentWatchOptions {
  admin: Admin;
  /** Answers for offsets; reads nothing. */
  reader: PartitionReader;
  bootstrapServers: string;
  time: Time;
}

/**
 * Looks at the cluster once a second while someone listens: whether it answers, which topics it has and how they
 * grow. A cluster that is slow to answer is asked less often: four fifths of the time it is left alone.
 */
export class EnvironmentWatch {
  readonly #options: EnvironmentWatchOptions;
  readonly #topicListeners = new Set<(topics: TopicSummary[]) => void>();
  readonly #stateListeners = new Set<(state: EnvironmentState) => void>();
  readonly #growth = new Map<string, { end: bigint; rate: Rate }>();
  #topics: TopicSummary[] | undefined;
  #state: EnvironmentState;
  #timer: Timer | undefined;
  #looking = false;
  #closed = false;

  constructor(options: EnvironmentWatchOptions) {
    this.#options = options;
    this.#state = this.#stateOf('connecting', null);
  }

  /** The present topics (once they are known), then each new look at them. */
  onTopics(listener: (topics: TopicSummary[]) => void): () => void {
    if (this.#topics) listener(this.#topics);
    return this.#listen(this.#topicListeners, listener);
  }

  onState(listener: (state: EnvironmentState) => void): () => void {
    listener(this.#state);
    return this.#listen(this.#stateListeners, listener);
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  #listen<L>(listeners: Set<L>, listener: L): () => void {
    listeners.add(listener);
    if (!this.#timer && !this.#looking) void this.#look();
    return () => {
      listeners.delete(listener);
      if (!this.#isWatched) {
        this.#timer?.cancel();
        this.#timer = undefined;
      }
    };
  }

  get #isWatched(): boolean {
    return !this.#closed && this.#topicListeners.size + this.#stateListeners.size > 0;
  }

  async #look(): Promise<void> {
    const { time } = this.#options;
    this.#looking = true;
    const started = time.hiResMilliseconds();
    try {
      this.#topics = await this.#summaries();
      if (this.#state.status !== 'connected') this.#setState(this.#stateOf('connected', null));
      for (const listener of this.#topicListeners) listener(this.#topics);
    } catch (error) {
      const changed = this.#state.status !== 'unreachable' || this.#state.error?.message !== toWireError(error).message;
      if (changed) this.#setState(this.#stateOf('unreachable', error));
    } finally {
      this.#looking = false;
      this.#timer = undefined;
    }
    const took = time.hiResMilliseconds() - started;
    if (this.#isWatched) this.#timer = time.timer(Math.max(INTERVAL_MS, 4 * took), () => void this.#look());
  }

  async #summaries(): Promise<TopicSummary[]> {
    const { admin, reader } = this.#options;
    const names = await admin.listTopics();
    const described = names.length === 0 ? [] : await admin.describeTopics(names);
    const partitions = described.flatMap(partitionsOf);
    const [beginnings, ends] =
      partitions.length === 0
        ? [new Map<string, bigint>(), new Map<string, bigint>()]
        : await Promise.all([reader.beginningOffsets(partitions), reader.endOffsets(partitions)]);
    for (const name of this.#growth.keys()) if (!names.includes(name)) this.#growth.delete(name);
    return described
      .map((topic) => {
        const keys = partitionsOf(topic).map((tp) => topicPartitionKey(tp.topic, tp.partition));
        const sum = (offsets: ReadonlyMap<string, bigint>) =>
          keys.reduce((total, key) => total + (offsets.get(key) ?? 0n), 0n);
        const end = sum(ends);
        return {
          name: topic.name,
          internal: topic.internal,
          partitions: topic.partitions.length,
          records: end - sum(beginnings),
          recordsPerSecond: this.#grown(topic.name, end),
        };
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #grown(name: string, end: bigint): number {
    const known = this.#growth.get(name);
    // A topic that was deleted and made again starts from the beginning.
    if (!known || end < known.end) {
      this.#growth.set(name, { end, rate: new Rate(this.#options.time, RATE_WINDOW_MS) });
      return 0;
    }
    known.rate.add(Number(end - known.end));
    known.end = end;
    return known.rate.perSecond();
  }

  #setState(state: EnvironmentState): void {
    this.#state = state;
    for (const listener of this.#stateListeners) listener(state);
  }

  #stateOf(status: EnvironmentState['status'], error: unknown): EnvironmentState {
    const { bootstrapServers, time } = this.#options;
    return { bootstrapServers, status, since: time.milliseconds(), error: error === null ? null : toWireError(error) };
  }
}

function partitionsOf({ name, partitions }: TopicDescription): TopicPartition[] {
  return partitions.map(({ partition }) => ({ topic: name, partition }));
}
