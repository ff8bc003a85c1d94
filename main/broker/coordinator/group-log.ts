import type { Logger } from '../../../common/logger.ts';
import type { CoordinatorRecord, TransactionalProducer } from './coordinator-topic.ts';

/** `__consumer_offsets`, seen from here: the records of one group go to one partition. */
export interface OffsetsLog {
  /** Resolves when the records are durable; rejects when they can't be written. */
  append(group: string, records: readonly CoordinatorRecord[], producer?: TransactionalProducer): Promise<void>;
  partitionFor(group: string): number;
}

/**
 * What becomes of groups, made durable: each group's records one batch after the other in the order of its changes. What
 * could not be written comes with the next ones, a key's newest value alone.
 */
export class GroupLog {
  readonly #log: OffsetsLog;
  readonly #logger: Logger;
  readonly #owed = new Map<string, Map<string, CoordinatorRecord>>();
  /** The last write of each group that has one under way. */
  readonly #turns = new Map<string, Promise<boolean>>();

  constructor(log: OffsetsLog, logger: Logger) {
    this.#log = log;
    this.#logger = logger;
  }

  partitionFor(groupId: string): number {
    return this.#log.partitionFor(groupId);
  }

  /** State of a group. Never rejects: false when it could not be written, or what is owed from before. */
  async write(groupId: string, records: readonly CoordinatorRecord[]): Promise<boolean> {
    this.#owe(groupId, records);
    const before = this.#turns.get(groupId);
    if (!before && !this.#owed.has(groupId)) return true;
    const turn = before ? before.then(() => this.#pay(groupId)) : this.#pay(groupId);
    this.#turns.set(groupId, turn);
    const isWritten = await turn;
    if (this.#turns.get(groupId) === turn) this.#turns.delete(groupId);
    return isWritten;
  }

  /** Records that mean nothing when they can't be written now. Never rejects: false when they could not be written. */
  append(groupId: string, records: readonly CoordinatorRecord[], producer?: TransactionalProducer): Promise<boolean> {
    return this.#log.append(groupId, records, producer).then(
      () => true,
      (error: unknown) => {
        this.#logger.warn(`Group ${groupId}: its state could not be written to __consumer_offsets`, error);
        return false;
      },
    );
  }

  /** Tries again to write what is owed. */
  async settle(): Promise<void> {
    for (const groupId of [...this.#owed.keys()]) await this.write(groupId, []);
  }

  async #pay(groupId: string): Promise<boolean> {
    const owed = this.#owed.get(groupId);
    // The turn before took everything along.
    if (!owed) return true;
    this.#owed.delete(groupId);
    if (await this.append(groupId, [...owed.values()])) return true;
    const since = this.#owed.get(groupId);
    this.#owed.delete(groupId);
    this.#owe(groupId, [...owed.values(), ...(since?.values() ?? [])]);
    return false;
  }

  #owe(groupId: string, records: readonly CoordinatorRecord[]): void {
    if (records.length === 0) return;
    let owed = this.#owed.get(groupId);
    if (!owed) this.#owed.set(groupId, (owed = new Map()));
    for (const record of records) {
      const key = record.key.toString('latin1');
      // The order of the last changes is the one that counts.
      owed.delete(key);
      owed.set(key, record);
    }
  }
}
