import { ConfigException } from '../../common/errors.ts';
import { type ConsumerRecord, type TopicPartition, topicPartitionKey } from '../../common/kafka/records.ts';
import type { Logger } from '../../common/logger.ts';
import type { Time } from '../../common/time.ts';
import { ApiException, Errors } from '../protocol/messages/errors.ts';
import type {
  Consumer,
  FetchedRecords,
  OffsetAndMetadata,
  OffsetMap,
  RebalanceListener,
  TopicPattern,
  Trouble,
} from './api.ts';
import type { Cluster } from './cluster/cluster.ts';
import { ClientClosedException, IllegalStateException } from './errors.ts';
import type { Fetcher } from './fetch/fetcher.ts';
import { ASSIGNORS, assignorsNamed, type PartitionAssignor } from './group/assignors.ts';
import { GroupCoordinator } from './group/group-coordinator.ts';
import { GroupMember } from './group/group-member.ts';
import { fetchCommitted } from './group/group-offsets.ts';
import { commitAsMember } from './group/offset-committer.ts';
import { startPositions } from './group/start-positions.ts';
import { Subscription } from './group/subscription.ts';
import { autoOffsetReset } from './settings/auto-offset-reset.ts';
import type { ClientOptions } from './settings/client-settings.ts';

type Options = ClientOptions<'consumer'>;

interface Joined {
  assignment: TopicPartition[];
  /** where each partition goes on; absent: not known yet */
  positions: Map<string, bigint>;
}

const NO_LISTENER: RebalanceListener = {
  onPartitionsRevoked: () => {},
  onPartitionsAssigned: () => {},
  onPartitionsLost: () => {},
};
/** For a last commit, ms. */
const CLOSE_TIMEOUT_MS = 5_000;

/**
 * A consumer of a group over our own protocol room (docs/decisions/0002). As in Java everything that changes hands does
 * so inside `poll`: callbacks run there, awaited, one after another. Java: `ClassicKafkaConsumer`.
 */
export class KafkaConsumer implements Consumer {
  readonly #cluster: Cluster;
  readonly #fetcher: Fetcher;
  readonly #time: Time;
  readonly #logger: Logger;
  readonly #options: Options;
  readonly #coordinator: GroupCoordinator | null;
  readonly #assignors: readonly PartitionAssignor[];
  readonly #subscription: Subscription;
  #member: GroupMember | null = null;
  #listener: RebalanceListener = NO_LISTENER;
  #joining = false;
  #joined: Joined | null = null;
  #error: Error | null = null;
  #wokenUp = false;
  #polling: Promise<unknown> | null = null;
  /** Polls end; the listener may still commit for what it gives up. */
  #closing = false;
  #closed = false;
  #autoCommitAtMs: number;

  constructor(cluster: Cluster, fetcher: Fetcher, options: Options, environment: { time: Time; logger: Logger }) {
    this.#cluster = cluster;
    this.#fetcher = fetcher;
    this.#options = options;
    this.#time = environment.time;
    this.#logger = environment.logger;
    this.#assignors = assignorsOf(options['partition.assignment.strategy']);
    if (options['heartbeat.interval.ms'] >= options['session.timeout.ms']) {
      throw new ConfigException('heartbeat.interval.ms must be lower than session.timeout.ms', {
        key: 'heartbeat.interval.ms',
      });
    }
    this.#subscription = new Subscription(cluster, options['exclude.internal.topics']);
    const groupId = options['group.id'];
    this.#coordinator = groupId ? new GroupCoordinator(cluster, groupId) : null;
    this.#autoCommitAtMs = this.#time.hiResMilliseconds() + options['auto.commit.interval.ms'];
    cluster.onRefresh(() => {
      if (this.#subscription.match()) this.#member?.requestJoin('other topics match the subscription now');
    });
  }

  subscribe(topics: readonly string[] | RegExp | TopicPattern, listener: RebalanceListener = NO_LISTENER): void {
    this.#ensureOpen();
    const coordinator = this.#needCoordinator();
    this.#listener = listener;
    this.#subscription.set(topics);
    if (this.#member) this.#member.requestJoin('the subscription has changed');
    else this.#member = this.#newMember(coordinator);
  }

  async poll(timeoutMs: number): Promise<ConsumerRecord[]> {
    if (this.#closing) throw closedError();
    if (this.#polling) throw new IllegalStateException('Consumer.poll is not safe for calls at the same time');
    const polling = this.#poll(timeoutMs);
    this.#polling = polling;
    this.#member?.pollStarted();
    try {
      return (await polling).records;
    } finally {
      this.#polling = null;
      this.#member?.pollEnded();
    }
  }

  wakeup(): void {
    this.#wokenUp = true;
    this.#fetcher.wake();
  }

  assignment(): TopicPartition[] {
    return this.#fetcher.partitions().map(({ topic, partition }) => ({ topic, partition }));
  }

  pause(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.#assigned(partition).paused = true;
  }

  resume(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.#assigned(partition).paused = false;
    this.#fetcher.wake();
  }

  paused(): TopicPartition[] {
    const paused = this.#fetcher.partitions().filter((partition) => partition.paused);
    return paused.map(({ topic, partition }) => ({ topic, partition }));
  }

  seek(partition: TopicPartition, offset: bigint): void {
    if (offset < 0n) throw new RangeError('seek offset must not be a negative number');
    this.#fetcher.seek(this.#assigned(partition), offset);
  }

  position(partition: TopicPartition): bigint | null {
    return this.#fetcher.partition(partition)?.position ?? null;
  }

  lag(partition: TopicPartition): bigint | null {
    const state = this.#fetcher.partition(partition);
    const end = this.#options['isolation.level'] === 'read_committed' ? state?.lastStableOffset : state?.highWatermark;
    if (state?.position == null || end == null) return null;
    return end > state.position ? end - state.position : 0n;
  }

  trouble(): Trouble | null {
    return this.#cluster.trouble;
  }

  async commit(offsets: readonly (TopicPartition & OffsetAndMetadata)[]): Promise<void> {
    this.#ensureOpen();
    if (offsets.length > 0) await this.#commit(offsets);
  }

  async committed(partitions: readonly TopicPartition[]): Promise<OffsetMap> {
    this.#ensureOpen();
    const coordinator = this.#needCoordinator();
    const requireStable = this.#options['isolation.level'] === 'read_committed';
    return this.#cluster.retrying(this.#options['default.api.timeout.ms'], 'Fetching committed offsets', () =>
      fetchCommitted(coordinator, partitions, requireStable),
    );
  }

  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    this.#fetcher.wake();
    await this.#polling?.catch(() => {
      // It was told to whoever polls.
    });
    try {
      await this.#giveUp();
    } finally {
      this.#closed = true;
      await this.#member?.close();
      this.#fetcher.close();
      this.#cluster.close();
    }
  }

  async #poll(timeoutMs: number): Promise<FetchedRecords> {
    const nothing: FetchedRecords = { records: [], gaps: [] };
    const deadline = this.#time.hiResMilliseconds() + timeoutMs;
    if (this.#options['enable.auto.commit']) this.#autoCommit();
    for (;;) {
      if (this.#interrupted()) return nothing;
      // Nothing is given out before this consumer is a member that knows its partitions.
      if (!this.#member || (await this.#settle(this.#member))) {
        const fetched = this.#fetcher.poll();
        if (fetched.records.length > 0) return fetched;
      }
      const left = deadline - this.#time.hiResMilliseconds();
      if (left <= 0) return nothing;
      await this.#fetcher.wait(left);
    }
  }

  /** One look at the membership: hands partitions over where that is due. True when they can be read. */
  async #settle(member: GroupMember): Promise<boolean> {
    const error = this.#error ?? member.fatal;
    if (error) throw error;
    if (this.#joined) await this.#takeOver(this.#joined);
    if (member.lost) {
      const lost = this.assignment();
      this.#fetcher.assign([]);
      member.acceptLoss();
      if (lost.length > 0) await this.#listener.onPartitionsLost(lost);
    }
    if (this.#joining) return false;
    if (!member.needsJoin) return true;
    await this.#giveUp();
    // While the callback ran the membership may have ended.
    if (!member.fatal && !this.#joining && !this.#closing) void this.#join(member);
    return false;
  }

  /** The last moment to commit for the partitions; then they are nobody's. */
  async #giveUp(): Promise<void> {
    const owned = this.assignment();
    if (owned.length === 0) return;
    if (this.#member?.lost) {
      await this.#listener.onPartitionsLost(owned);
    } else {
      if (this.#options['enable.auto.commit']) await this.#commitPositions();
      await this.#listener.onPartitionsRevoked(owned);
    }
    this.#fetcher.assign([]);
  }

  async #takeOver({ assignment, positions }: Joined): Promise<void> {
    this.#joined = null;
    this.#fetcher.assign(assignment);
    for (const each of assignment) {
      const partition = this.#fetcher.partition(each);
      const offset = positions.get(topicPartitionKey(each.topic, each.partition));
      if (!partition) continue;
      if (offset !== undefined) this.#fetcher.seek(partition, offset);
      else partition.needsReset = true;
    }
    await this.#listener.onPartitionsAssigned(assignment);
  }

  /** Runs beside the polls that wait for it; what comes of it is taken over by one of them. */
  async #join(member: GroupMember): Promise<void> {
    this.#joining = true;
    try {
      await this.#subscription.settled(() => this.#closing);
      const assignment = await member.join();
      const committed: OffsetMap = assignment.length > 0 ? await this.committed(assignment) : new Map();
      const policy = autoOffsetReset(this.#options['auto.offset.reset']) ?? 'latest';
      const { 'isolation.level': isolationLevel } = this.#options;
      // Known before the listener is told: a sink asks for them there.
      const positions = await startPositions(
        { cluster: this.#cluster, time: this.#time, policy, isolationLevel },
        assignment,
        committed,
      );
      this.#joined = { assignment, positions };
    } catch (error) {
      if (!this.#closing) this.#error = error as Error;
    } finally {
      this.#joining = false;
      this.#fetcher.wake();
    }
  }

  #commit(offsets: readonly (TopicPartition & OffsetAndMetadata)[]): Promise<void> {
    const timeoutMs = this.#options['default.api.timeout.ms'];
    // Whoever closes does not wait a minute for a broker that is gone.
    const limitMs = this.#closing ? Math.min(timeoutMs, CLOSE_TIMEOUT_MS) : timeoutMs;
    return commitAsMember(this.#cluster, this.#needCoordinator(), this.#member, offsets, limitMs);
  }

  #autoCommit(): void {
    const now = this.#time.hiResMilliseconds();
    if (now < this.#autoCommitAtMs) return;
    this.#autoCommitAtMs = now + this.#options['auto.commit.interval.ms'];
    void this.#commitPositions();
  }

  /** Everything given out by earlier polls counts as processed. */
  async #commitPositions(): Promise<void> {
    const positions = this.#fetcher
      .partitions()
      .flatMap(({ topic, partition, position }) => (position === null ? [] : [{ topic, partition, offset: position }]));
    if (positions.length === 0 || !this.#coordinator) return;
    try {
      await this.#commit(positions);
    } catch (error) {
      const group = this.#coordinator.groupId;
      this.#logger.warn(`Auto commit of offsets for group ${group} failed: ${(error as Error).message}`);
    }
  }

  #newMember(coordinator: GroupCoordinator): GroupMember {
    return new GroupMember({
      cluster: this.#cluster,
      coordinator,
      time: this.#time,
      logger: this.#logger,
      groupInstanceId: this.#options['group.instance.id'],
      sessionTimeoutMs: this.#options['session.timeout.ms'],
      heartbeatIntervalMs: this.#options['heartbeat.interval.ms'],
      maxPollIntervalMs: this.#options['max.poll.interval.ms'],
      assignors: this.#assignors,
      topics: () => this.#subscription.topics,
      onChange: () => this.#fetcher.wake(),
    });
  }

  #interrupted(): boolean {
    const interrupted = this.#wokenUp || this.#closing;
    this.#wokenUp = false;
    return interrupted;
  }

  #assigned(partition: TopicPartition) {
    const found = this.#fetcher.partition(partition);
    if (found) return found;
    const key = topicPartitionKey(partition.topic, partition.partition);
    throw new IllegalStateException(`No current assignment for partition ${key}`);
  }

  #needCoordinator(): GroupCoordinator {
    if (this.#coordinator) return this.#coordinator;
    throw new ApiException(
      Errors.INVALID_GROUP_ID,
      'To use the group management or offset commit APIs, you must provide a valid group.id in the consumer configuration.',
      { key: 'group.id' },
    );
  }

  #ensureOpen(): void {
    if (this.#closed) throw closedError();
  }
}

function closedError(): ClientClosedException {
  return new ClientClosedException('This consumer has already been closed.');
}

/** By Java's class names; those of Kafka that are not ours are passed over when another is left. */
function assignorsOf(classNames: readonly string[]): readonly PartitionAssignor[] {
  const found = assignorsNamed(classNames);
  if (found.length > 0) return found;
  throw ConfigException.invalidValue(
    'partition.assignment.strategy',
    classNames.join(','),
    `one of ${ASSIGNORS.map(({ className }) => className).join(', ')} must be among them`,
  );
}
