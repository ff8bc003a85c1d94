import type { Logger } from '../../../common/logger.ts';
import { sleep, type Time } from '../../../common/time.ts';
import { metadata as metadataApi } from '../../protocol/messages/03-metadata.ts';
import { ApiException, Errors } from '../../protocol/messages/errors.ts';
import type { Api, RequestInput, ResponseOf } from '../../protocol/schema/api.ts';
import type { BrokerAddress } from '../api.ts';
import { ClientClosedException, isRetriable, NetworkException, TimeoutException } from '../errors.ts';
import { type Address, addressText } from './address.ts';
import type { Connection } from './connection.ts';
import { Link, type LinkOptions } from './link.ts';
import { MetadataCache } from './metadata-cache.ts';
import { MetadataRefresh } from './metadata-refresh.ts';
import { OutageLog } from './outage-log.ts';
import type { PartitionMetadata, TopicMetadata } from './topic-metadata.ts';

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

/**
 * The brokers of a cluster: connections to them, and what they say of its topics. Java: `NetworkClient`, `Metadata`,
 * `ClusterConnectionStates`.
 */
export class Cluster {
  readonly #options: ClusterOptions;
  readonly #time: Time;
  readonly #links = new Map<string, Link>();
  readonly #metadata = new MetadataCache();
  readonly #refresh: MetadataRefresh;
  readonly #listeners = new Set<() => void>();
  readonly #closing = new AbortController();
  readonly #outage: OutageLog;
  /** Nothing can go on: the brokers are another cluster's. */
  #fatal: Error | null = null;

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#time = options.time;
    this.#outage = new OutageLog(options.time, options.patient ? options.logger : null);
    this.#refresh = new MetadataRefresh({
      time: options.time,
      maxAgeMs: options.metadataMaxAgeMs,
      backoffMs: (attempts) => this.backoffMs(attempts),
      attempt: () => this.#askMetadata(),
      onAttempt: () => {
        for (const listener of [...this.#listeners]) listener();
      },
    });
  }

  get clusterId(): string | null {
    return this.#metadata.clusterId;
  }

  /** Node id, -1 when not known. */
  get controllerId(): number {
    return this.#metadata.controllerId;
  }

  /** A broker has answered once. Before that nothing is known, and a wrong address is told rather than waited for. */
  get reached(): boolean {
    return this.#outage.everReached;
  }

  /** Why no broker can be reached at the moment; null when one can. `sinceMs` is wall-clock time. */
  get trouble(): { sinceMs: number; error: Error } | null {
    return this.#outage.current;
  }

  topic(name: string): TopicMetadata | undefined {
    return this.#metadata.topic(name);
  }

  topics(): TopicMetadata[] {
    return this.#metadata.topics();
  }

  /** What the brokers said of a topic that they don't give out. */
  topicError(name: string): ApiException | undefined {
    return this.#metadata.topicError(name);
  }

  partition(topic: string, partition: number): PartitionMetadata | undefined {
    return this.#metadata.partition(topic, partition);
  }

  /** Node id of the leader; undefined while it is not known. */
  leader(topic: string, partition: number): number | undefined {
    const leader = this.#metadata.partition(topic, partition)?.leader ?? -1;
    return leader >= 0 ? leader : undefined;
  }

  nodeIds(): number[] {
    return [...this.#metadata.nodes.keys()];
  }

  nodes(): BrokerAddress[] {
    return [...this.#metadata.nodes].map(([id, { host, port }]) => ({ id, host, port }));
  }

  knowsNode(node: number): boolean {
    return this.#metadata.nodes.has(node);
  }

  /** Topics that a refresh asks for, besides those wanted already. */
  want(topics: Iterable<string>): void {
    if (this.#metadata.want(topics)) this.#refresh.requestAtOnce();
  }

  /** Only these from now on, or all that exist. */
  wantOnly(topics: Iterable<string> | 'all'): void {
    if (this.#metadata.wantOnly(topics)) this.#refresh.requestAtOnce();
  }

  /** Called after each refresh, successful or not. Returns the way to unsubscribe. */
  onRefresh(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Asks for fresh metadata in the background; repeated until it is there, with back-off. */
  requestRefresh(): void {
    this.#refresh.request();
  }

  /** Resolves after a refresh that began after this call; rejects when that one attempt fails. */
  refreshed(): Promise<void> {
    return this.#fatal ? Promise.reject(this.#fatal) : this.#refresh.once();
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

  connection(node: number, channel: Channel = 'request'): Promise<Connection> {
    if (this.#fatal) return Promise.reject(this.#fatal);
    const address = this.#metadata.nodes.get(node);
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
        const hopeless = !this.reached && !this.#options.patient && !(error instanceof ApiException);
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
    for (const link of this.#links.values()) link.close();
    this.#links.clear();
    this.#listeners.clear();
    this.#options.onClose?.();
    this.#refresh.close(new ClientClosedException('The client was closed'));
  }

  async #askMetadata(): Promise<'settled' | 'unsettled'> {
    try {
      const request = this.#metadata.request(this.#options.allowAutoTopicCreation);
      this.#metadata.take(await this.requestAny(metadataApi, request));
      this.#outage.understood();
      return this.#metadata.isUnsettled ? 'unsettled' : 'settled';
    } catch (error) {
      if (error instanceof ApiException && error.errorCode === Errors.INCONSISTENT_CLUSTER_ID) this.#stop(error);
      else if (!isRetriable(error) && !(error instanceof ClientClosedException)) this.#outage.puzzled(error as Error);
      throw error;
    }
  }

  #stop(error: ApiException): void {
    this.#fatal = error;
    this.dropConnections();
    this.#refresh.close(error);
  }

  #candidates(): Address[] {
    const all = new Map<string, Address>();
    for (const address of [...this.#metadata.nodes.values(), ...this.#options.bootstrap])
      all.set(addressText(address), address);
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
        onOpen: () => this.#outage.over(),
        onFailure: (error) => this.#outage.began(error),
      });
      this.#links.set(key, link);
    }
    return link;
  }
}

function noneReachable(failures: readonly NetworkException[]): NetworkException {
  return new NetworkException(`No broker can be reached: ${failures.map((failure) => failure.message).join('; ')}`, {
    code: failures[0]?.code,
    hint: failures.find((failure) => failure.hint)?.hint,
    cause: failures[0],
  });
}
