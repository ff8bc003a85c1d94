import type { Logger } from '../../../common/logger.ts';
import { UnsupportedVersionException } from '../../protocol/exceptions.ts';
import { initProducerId } from '../../protocol/messages/22-init-producer-id.ts';
import { ApiException, Errors } from '../../protocol/messages/errors.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { ProducerIdAndEpoch } from './producer-batch.ts';

const MAX_EPOCH = 0x7fff;

/**
 * The id by which the broker knows a repeated batch again (KIP-98). Where the cluster gives none (an old broker, no
 * right to it) the producer goes on without, which is said once: order is kept, a repeated batch may be doubled.
 */
export class ProducerIdentity {
  readonly #cluster: Cluster;
  readonly #logger: Logger;
  #current: ProducerIdAndEpoch | null = null;
  #refused = false;
  #asking: Promise<void> | null = null;
  #attempts = 0;

  constructor(cluster: Cluster, logger: Logger, enabled: boolean) {
    this.#cluster = cluster;
    this.#logger = logger;
    this.#refused = !enabled;
  }

  /** Nothing may be sent before this: either there is an id, or there will be none. */
  get isSettled(): boolean {
    return this.#current !== null || this.#refused;
  }

  get isIdempotent(): boolean {
    return !this.#refused;
  }

  get current(): ProducerIdAndEpoch | null {
    return this.#current;
  }

  /** One attempt; resolves when it is over. Back-off is the caller's. */
  ask(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  /** Back-off before the next attempt, ms. */
  get backoffMs(): number {
    return this.#attempts === 0 ? 0 : this.#cluster.backoffMs(this.#attempts - 1);
  }

  /** A partition has to begin at sequence 0 again: under the next epoch, or a new id when epochs are used up. */
  bump(): void {
    if (!this.#current) return;
    const { producerId, epoch } = this.#current;
    this.#current = epoch < MAX_EPOCH ? { producerId, epoch: epoch + 1 } : null;
  }

  async #ask(): Promise<void> {
    try {
      const answer = await this.#cluster.requestAny(initProducerId, {
        transactionalId: null,
        transactionTimeoutMs: 0x7fff_ffff,
      });
      if (answer.errorCode !== 0) throw new ApiException(answer.errorCode);
      this.#current = { producerId: answer.producerId, epoch: answer.producerEpoch };
      this.#attempts = 0;
    } catch (error) {
      this.#attempts++;
      const refused =
        error instanceof UnsupportedVersionException ||
        (error instanceof ApiException && error.errorCode === Errors.CLUSTER_AUTHORIZATION_FAILED);
      if (!refused) return;
      this.#refused = true;
      this.#logger.warn(
        `The cluster gives no producer id (${error.message}): records are sent without idempotence, a retry may double some`,
      );
    }
  }
}
