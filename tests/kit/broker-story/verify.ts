import type { DamagedRecords } from '../../../common/kafka/storage-alarms.ts';
import { metadata } from '../../../main/protocol/messages/index.ts';
import type { Requests } from '../in-process-broker.ts';
import type { BrokerEvent } from './events.ts';
import { Knowledge } from './knowledge.ts';
import { verifyGroups } from './verify-groups.ts';
import { PartitionCheck } from './verify-partition.ts';
import { verifyTopics } from './verify-topics.ts';
import { verifyTransactions } from './verify-transactions.ts';

/** How much was looked at. */
export interface Verified {
  topics: number;
  partitions: number;
  /** Of them, those that were acknowledged and not deleted since. */
  acknowledged: number;
  records: number;
  /** Each is next to the one before it. */
  offsets: number;
  groupOffsets: number;
  transactions: number;
  settings: number;
}

/**
 * Holds a broker that was opened after a crash to what its clients knew before: throws where a promise is broken.
 *
 * - what was acknowledged is there once, at its offset (relaxed topics may lose it, a compacted one keeps the newest)
 * - an offset that a consumer saw has no other record, and the next record gets none that was seen
 * - a transaction is there whole or not at all, as it was ended
 * - committed offsets of groups do not go back
 * - topics are there or not, with their partitions and settings, as it was answered
 *
 * `damage`: what the broker reported of it. Of batches that nobody was answered for, a later one may have come to the disk
 * and an earlier one not. `others`: topics that the events don't tell of.
 */
export async function verifyAfterCrash(
  broker: Requests,
  events: readonly BrokerEvent[],
  damage: readonly DamagedRecords[] = [],
  others: readonly string[] = [],
): Promise<Verified> {
  const known = new Knowledge(events);
  const { topics } = await broker.request(metadata, 8, { topics: null, allowAutoTopicCreation: false });
  const there = new Map(topics.map(({ name, partitions }) => [name ?? '', partitions.length]));
  for (const name of [...there.keys()]) if (name.startsWith('__') || others.includes(name)) there.delete(name);
  const settings = await verifyTopics(broker, known, there);
  /** Texts of transactions that read_committed shows. */
  const shown = new Set<string>();
  const sum = { partitions: 0, acknowledged: 0, records: 0, offsets: 0 };
  for (const [topic, partitions] of there) {
    for (let partition = 0; partition < partitions; partition++) {
      const check = new PartitionCheck(known, topic, partition, damage);
      const found = await check.verify(broker, shown);
      sum.partitions++;
      sum.acknowledged += found.acknowledged;
      sum.records += found.records;
      sum.offsets += found.offsets;
    }
  }
  const transactions = verifyTransactions(known, shown);
  const groupOffsets = await verifyGroups(broker, known);
  return { topics: there.size, ...sum, groupOffsets, transactions, settings };
}
