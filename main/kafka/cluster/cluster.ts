import type { Logger } from '../../../common/logger.ts';
import { sleep, type Time, type Timer } from '../../../common/time.ts';
import { type MetadataResponse, metadata as metadataApi } from '../../protocol/messages/03-metadata.ts';
import { ApiException, Errors } from '../../protocol/messages/errors.ts';
import type { Api, RequestInput, ResponseOf } from '../../protocol/schema/api.ts';
import { ClientClosedException, isRetriable, NetworkException, TimeoutException } from '../errors.ts';
import { type Address, addressText } from './address.ts';
import type { Connection } from './connection.ts';
import { Link, type LinkOptions } from './link.ts';
import { type PartitionMetadata, type TopicMetadata, topicMetadata } from './topic-metadata.ts';

export interface ClusterOptions extends Omit<LinkOptions, 'address' | 'onOpen' | 'onFailure'> {
  bootstrap: readonly Address[];
  retryBackoffMs: number;
  retryBackoffMaxMs: number;
  metadataMaxAgeMs: number;
  allowAutoTopicCreation: boolean;
  logger: Logger;
  /**
   * A patient client goes on trying on its own, even at an address where nothing was ever reached, and says so in the
   * log once an outage. The others throw: whoever asked is waiting for an answer.
   */
  patient: boolean;
  onClose?(): void;
}

/**
 * Connections by purpose, as answers come in the order of the requests: a fetch that waits for records, or a join that
 * waits for members, would hold up everything behind it.
 */
export type Channel = 'request' | 'fetch' | 'join';

export interface RequestOptions {
  channel?: Channel;
  timeoutMs?: number;
  /** newest version to be used */
  ceiling?: number;
}

interface Waiter {
  /** resolved by the attempt with this number or a later one */
  attempt: number;
  resolve(): void;
  reject(error: Error): void;
}

/** The brokers of a cluster and what is known of its topics. Java: `Metadata`, `ClusterConnectionStates`. */
export class Cluster {
  readonly #options: ClusterOptions;
  readonly #time: Time;
  readonly #links = new Map<string, Link>();
  readonly #nodes = new Map<number, Address>();
  readonly #topics = new Map<string, TopicMetadata>();
  readonly #topicErrors = new Map<string, ApiException>();
  readonly #listeners = new Set<() => void>();
  readonly #closing = new AbortController();
  #wanted: Set<string> | 'all' = new Set();
  #clusterId: string | null = null;
  #controllerId = -1;
  #reached = false;
  #fatal: Error | null = null;
  #trouble: { sinceMs: number; error: Error } | null = null;

  #stale = false;
  #running = false;
  #attempt = 0;
  #unsettledAttempts = 0;
  #nextAttemptMs = 0;
  #waiters: Waiter[] = [];
  #ageTimer: Timer | null = null;
  #wasPuzzled = false;

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#time = options.time;
  }

  get clusterId(): string | null {
    return this.#clusterId;
  }

  /** Node id, -1 when not known. */
  get controllerId(): number {
    return this.#controllerId;
  }

  /** A broker has answered once. Before that nothing is known, and a wrong address is told rather than waited for. */
  get reached(): boolean {
    return this.#reached;
  }

  /** Why no broker can be reached at the moment; null when one can. `sinceMs` is wall-clock time. */
  get trouble(): { sinceMs: number; error: Error } | null {
    return this.#trouble;
  }

  topic(name: string): TopicMetadata | undefined {
    return this.#topics.get(name);
  }

  topics(): TopicMetadata[] {
    return [...this.#topics.values()];
  }

  topicById(topicId: string): TopicMetadata | undefined {
    for (const topic of this.#topics.values()) if (topic.topicId === topicId) return topic;
    return undefined;
  }

  /** What the brokers said of a topic that they don't give out. */
  topicError(name: string): ApiException | undefined {
    return this.#topicErrors.get(name);
  }

  partition(topic: string, partition: number): PartitionMetadata | undefined {
    return this.#topics.get(topic)?.partitions.find((p) => p.partition === partition);
  }

  /** Node id of the leader; undefined while it is not known. */
  leader(topic: string, partition: number): number | undefined {
    const leader = this.partition(topic, partition)?.leader ?? -1;
    return leader >= 0 ? leader : undefined;
  }

  /** Topics that a refresh asks for, besides those wanted already. */
  want(topics: Iterable<string>): void {
    if (this.#wanted === 'all') return;
    for (const topic of topics) {
      if (this.#wanted.has(topic)) continue;
      this.#wanted.add(topic);
      if (this.#topics.has(topic)) continue;
      // A new topic needs no pause after the refresh before it; one after a failure does.
      if (this.#unsettledAttempts === 0) this.#nextAttemptMs = 0;
      this.requestRefresh();
    }
  }

  /** Only these from now on, or all that exist. */
  wantOnly(topics: Iterable<string> | 'all'): void {
    if (topics === 'all') {
      if (this.#wanted !== 'all') this.requestRefresh();
      this.#wanted = 'all';
      return;
    }
    this.#wanted = new Set();
    const kept = new Set(topics);
    for (const name of this.#topics.keys()) if (!kept.has(name)) this.#topics.delete(name);
    this.want(kept);
  }

  /** Called after each refresh, successful or not. Returns the way to unsubscribe. */
  onRefresh(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Asks for fresh metadata in the background; repeated until it is there, with back-off. */
  requestRefresh(): void {
    this.#stale = true;
    if (this.#running || this.#closing.signal.aborted) return;
    this.#running = true;
    void this.#run();
  }

  /** Resolves after a refresh that began after this call; rejects when that one attempt fails. */
  refreshed(): Promise<void> {
    if (this.#fatal) return Promise.reject(this.#fatal);
    if (this.#closing.signal.aborted) return Promise.reject(new ClientClosedException('The client was closed'));
    return new Promise((resolve, reject) => {
      this.#waiters.push({ attempt: this.#attempt + 1, resolve, reject });
      this.requestRefresh();
    });
  }

  /** To one broker. Rejects when it can't be reached at the moment. */
  async request<A extends Api>(
    node: number,
    api: A,
    body: RequestInput<A>,
    options: RequestOptions = {},
  ): Promise<ResponseOf<A>> {
    const connection = await this.connection(node, options.channel);
    return connection.request(api, body, options.timeoutMs, options.ceiling);
  }

  nodeIds(): number[] {
    return [...this.#nodes.keys()];
  }

  knowsNode(node: number): boolean {
    return this.#nodes.has(node);
  }

  connection(node: number, channel: Channel = 'request'): Promise<Connection> {
    if (this.#fatal) return Promise.reject(this.#fatal);
    const address = this.#nodes.get(node);
    if (!address) {
      this.requestRefresh();
      return Promise.reject(new NetworkException(`Broker ${node} is not among those that the cluster names`));
    }
    return this.#link(address, channel).connection();
  }

  /** To whichever broker answers first: those connected, then those known, then the bootstrap servers. */
  async requestAny<A extends Api>(api: A, body: RequestInput<A>, options: RequestOptions = {}): Promise<ResponseOf<A>> {
    if (this.#fatal) throw this.#fatal;
    const failures: Error[] = [];
    for (const address of this.#candidates()) {
      if (this.#closing.signal.aborted) throw new ClientClosedException('The client was closed');
      try {
        const connection = await this.#link(address, options.channel ?? 'request').connection();
        return await connection.request(api, body, options.timeoutMs, options.ceiling);
      } catch (error) {
        if (!(error instanceof NetworkException || error instanceof TimeoutException)) throw error;
        failures.push(error);
      }
    }
    throw failures.length === 1 ? failures[0] : noneReachable(failures as NetworkException[]);
  }

  /**
   * Tries until it succeeds, `timeoutMs` are over, or the error is final. When no broker was ever reached a network
   * error is final too (but for a patient client): the address is wrong or nothing runs there, and waiting would only
   * hide it.
   */
  async retrying<T>(timeoutMs: number, what: string, attempt: () => Promise<T>): Promise<T> {
    const deadline = this.#time.hiResMilliseconds() + timeoutMs;
    for (let attempts = 0; ; attempts++) {
      try {
        return await attempt();
      } catch (error) {
        const hopeless = !this.#reached && !this.#options.patient && !(error instanceof ApiException);
        if (!isRetriable(error) || hopeless) throw error;
        const wait = this.backoffMs(attempts);
        if (this.#time.hiResMilliseconds() + wait >= deadline) {
          throw new TimeoutException(`${what} failed within ${timeoutMs} ms: ${(error as Error).message}`, {
            cause: error,
          });
        }
        await sleep(this.#time, wait, this.#closing.signal);
        if (this.#closing.signal.aborted) throw new ClientClosedException('The client was closed');
      }
    }
  }

  /** `retry.backoff.ms` doubled with each attempt, with 20 % of jitter. */
  backoffMs(attempts: number): number {
    const { retryBackoffMs, retryBackoffMaxMs, random } = this.#options;
    const backoff = Math.min(retryBackoffMs * 2 ** Math.min(attempts, 20), Math.max(retryBackoffMs, retryBackoffMaxMs));
    return backoff * (0.8 + 0.4 * random());
  }

  /** All connections end at once and are opened again when needed: after sleep or a change of network. */
  dropConnections(): void {
    for (const link of this.#links.values())
      link.drop(new NetworkException('The connection was dropped to be opened again'));
  }

  close(): void {
    this.#closing.abort();
    this.#ageTimer?.cancel();
    for (const link of this.#links.values()) link.close();
    this.#links.clear();
    this.#listeners.clear();
    this.#options.onClose?.();
    this.#settleWaiters(Number.POSITIVE_INFINITY, new ClientClosedException('The client was closed'));
  }

  async #run(): Promise<void> {
    while (this.#stale && !this.#closing.signal.aborted && !this.#fatal) {
      await sleep(this.#time, Math.max(0, this.#nextAttemptMs - this.#time.hiResMilliseconds()), this.#closing.signal);
      if (this.#closing.signal.aborted) break;
      this.#stale = false;
      const attempt = ++this.#attempt;
      let failure: Error | undefined;
      try {
        this.#take(await this.#askMetadata());
        this.#wasPuzzled = false;
      } catch (error) {
        failure = error as Error;
        this.#stale = true;
        if (!isRetriable(error) && !(error instanceof ClientClosedException)) this.#puzzled(failure);
      }
      // What is not settled is asked again, ever more slowly; a refresh on demand comes after a short pause.
      const unsettled = failure !== undefined || this.#isUnsettled();
      this.#unsettledAttempts = unsettled ? this.#unsettledAttempts + 1 : 0;
      this.#nextAttemptMs = this.#time.hiResMilliseconds() + this.backoffMs(Math.max(0, this.#unsettledAttempts - 1));
      if (unsettled) this.#stale = true;
      this.#settleWaiters(attempt, failure);
      for (const listener of [...this.#listeners]) listener();
    }
    this.#running = false;
    this.#armAgeTimer();
  }

  #askMetadata(): Promise<MetadataResponse> {
    const wanted = this.#wanted;
    // An empty list means all topics in version 0 only, which no broker of magic 2 needs.
    return this.requestAny(metadataApi, {
      topics: wanted === 'all' ? null : [...wanted].map((name) => ({ name })),
      allowAutoTopicCreation: this.#options.allowAutoTopicCreation && wanted !== 'all',
    });
  }

  #take(response: MetadataResponse): void {
    if (response.errorCode !== 0 && response.errorCode !== Errors.REBOOTSTRAP_REQUIRED)
      throw new ApiException(response.errorCode);
    this.#checkClusterId(response.clusterId);
    this.#controllerId = response.controllerId;
    this.#nodes.clear();
    for (const { nodeId, host, port } of response.brokers) this.#nodes.set(nodeId, { host, port });
    this.#topicErrors.clear();
    if (this.#wanted === 'all') {
      const present = new Set(response.topics.map((topic) => topic.name));
      for (const name of this.#topics.keys()) if (!present.has(name)) this.#topics.delete(name);
    }
    for (const topic of response.topics) {
      const name = topic.name ?? '';
      if (topic.errorCode === 0) {
        this.#topicErrors.delete(name);
        this.#topics.set(name, this.#unlessSame(topicMetadata(topic)));
      } else {
        this.#topics.delete(name);
        this.#topicErrors.set(
          name,
          new ApiException(topic.errorCode, topicMessage(topic.errorCode, name), { key: name }),
        );
      }
    }
  }

  /** The object known before when nothing changed: who holds it needn't look again. */
  #unlessSame(topic: TopicMetadata): TopicMetadata {
    const known = this.#topics.get(topic.name);
    return known && JSON.stringify(known) === JSON.stringify(topic) ? known : topic;
  }

  /** Another cluster at the same address has other records behind the same offsets: nothing may go on by itself. */
  #checkClusterId(clusterId: string | null): void {
    if (clusterId !== null && this.#clusterId !== null && clusterId !== this.#clusterId) {
      const servers = this.#options.bootstrap.map(addressText).join(', ');
      this.#fatal = new ApiException(
        Errors.INCONSISTENT_CLUSTER_ID,
        `The brokers at ${servers} are those of another cluster now: ${clusterId} instead of ${this.#clusterId}`,
        { hint: 'Offsets of the old cluster mean nothing there. Check what runs at the address, then start again.' },
      );
      this.dropConnections();
      throw this.#fatal;
    }
    this.#clusterId ??= clusterId;
  }

  #isUnsettled(): boolean {
    for (const error of this.#topicErrors.values()) {
      if (error.retriable) return true;
    }
    for (const topic of this.#topics.values()) {
      if (this.#wanted !== 'all' && !this.#wanted.has(topic.name)) continue;
      if (topic.partitions.some((p) => p.leader < 0)) return true;
    }
    return false;
  }

  #settleWaiters(attempt: number, failure?: Error): void {
    const due = this.#waiters.filter((waiter) => waiter.attempt <= attempt);
    this.#waiters = this.#waiters.filter((waiter) => waiter.attempt > attempt);
    for (const waiter of due) failure ? waiter.reject(failure) : waiter.resolve();
  }

  #armAgeTimer(): void {
    this.#ageTimer?.cancel();
    if (this.#closing.signal.aborted || this.#fatal) return;
    this.#ageTimer = this.#time.timer(Math.min(this.#options.metadataMaxAgeMs, 0x7fff_ffff), () =>
      this.requestRefresh(),
    );
  }

  #candidates(): Address[] {
    const all = new Map<string, Address>();
    for (const address of [...this.#nodes.values(), ...this.#options.bootstrap]) all.set(addressText(address), address);
    const isOpen = (address: Address) => this.#links.get(`request ${addressText(address)}`)?.isOpen ?? false;
    return [...all.values()].sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)));
  }

  #link(address: Address, channel: Channel): Link {
    const key = `${channel} ${addressText(address)}`;
    let link = this.#links.get(key);
    if (!link) {
      link = new Link({
        ...this.#options,
        address,
        onOpen: () => this.#opened(),
        onFailure: (error) => this.#failed(error),
      });
      this.#links.set(key, link);
    }
    return link;
  }

  #opened(): void {
    this.#reached = true;
    if (this.#trouble && this.#options.patient) this.#options.logger.info('A broker can be reached again');
    this.#trouble = null;
  }

  /** An answer that can't be understood will hardly be another the next time: who tries on has to say so, once. */
  #puzzled(error: Error): void {
    if (this.#options.patient && !this.#wasPuzzled) {
      this.#options.logger.warn(`The metadata of the cluster can't be had: ${error.message}; trying again`);
    }
    this.#wasPuzzled = true;
  }

  #failed(error: Error): void {
    if (this.#trouble) return;
    this.#trouble = { sinceMs: this.#time.milliseconds(), error };
    if (this.#options.patient) this.#options.logger.warn(`${error.message}; trying again until it can be reached`);
  }
}

function topicMessage(errorCode: number, name: string): string | undefined {
  if (errorCode === Errors.UNKNOWN_TOPIC_OR_PARTITION) return `There is no topic ${name}`;
  if (errorCode === Errors.INVALID_TOPIC_EXCEPTION) return `Invalid topic name: ${name}`;
  if (errorCode === Errors.TOPIC_AUTHORIZATION_FAILED) return `Not authorized to access topic: ${name}`;
  return undefined;
}

function noneReachable(failures: readonly NetworkException[]): NetworkException {
  return new NetworkException(`No broker can be reached: ${failures.map((failure) => failure.message).join('; ')}`, {
    code: failures[0]?.code,
    hint: failures.find((failure) => failure.hint)?.hint,
    cause: failures[0],
  });
}
