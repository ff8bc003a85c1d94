import { findCoordinator } from '../../protocol/messages/10-find-coordinator.ts';
import { ApiException, Errors } from '../../protocol/messages/errors.ts';
import type { Api, RequestInput, ResponseOf } from '../../protocol/schema/api.ts';
import type { BrokerAddress } from '../api.ts';
import type { Cluster, RequestOptions } from '../cluster/cluster.ts';
import { NetworkException, TimeoutException } from '../errors.ts';

const GROUP = 0;

/** The broker that coordinates a group: found when needed, found again after it moved or went away. */
export class GroupCoordinator {
  readonly groupId: string;
  readonly #cluster: Cluster;
  #node: number | null = null;
  #finding: Promise<number> | null = null;

  constructor(cluster: Cluster, groupId: string) {
    this.#cluster = cluster;
    this.groupId = groupId;
  }

  get isKnown(): boolean {
    return this.#node !== null;
  }

  forget(): void {
    this.#node = null;
  }

  /** Where it is. */
  async address(): Promise<BrokerAddress> {
    const id = await this.#find();
    const node = this.#cluster.nodes().find((each) => each.id === id);
    if (!node) throw new NetworkException(`The coordinator ${id} of group ${this.groupId} is not among the brokers`);
    return node;
  }

  /**
   * One attempt. Answers are given as they are, but for `errorOf`: an error that says the coordinator is another one
   * makes it forgotten, and is thrown like every network error.
   */
  async request<A extends Api>(
    api: A,
    body: RequestInput<A>,
    errorOf: (response: ResponseOf<A>) => number,
    options?: RequestOptions,
  ): Promise<ResponseOf<A>> {
    try {
      const response = await this.#cluster.request(await this.#find(), api, body, options);
      const code = errorOf(response);
      if (code === Errors.NOT_COORDINATOR || code === Errors.COORDINATOR_NOT_AVAILABLE) {
        throw new ApiException(code, undefined, { key: this.groupId });
      }
      return response;
    } catch (error) {
      const moved =
        error instanceof ApiException &&
        (error.errorCode === Errors.NOT_COORDINATOR || error.errorCode === Errors.COORDINATOR_NOT_AVAILABLE);
      if (moved || error instanceof NetworkException || error instanceof TimeoutException) this.forget();
      throw error;
    }
  }

  #find(): Promise<number> {
    if (this.#node !== null) return Promise.resolve(this.#node);
    this.#finding ??= this.#ask().finally(() => {
      this.#finding = null;
    });
    return this.#finding;
  }

  async #ask(): Promise<number> {
    const response = await this.#cluster.requestAny(findCoordinator, {
      key: this.groupId,
      keyType: GROUP,
      coordinatorKeys: [this.groupId],
    });
    const found = response.coordinators[0] ?? response;
    if (found.errorCode !== 0) throw new ApiException(found.errorCode, found.errorMessage, { key: this.groupId });
    // Its address comes with the metadata, so that host and port stand in one place.
    if (!this.#cluster.knowsNode(found.nodeId)) await this.#cluster.refreshed();
    this.#node = found.nodeId;
    return found.nodeId;
  }
}
