import assert from 'node:assert/strict';
import type { DamagedRecords } from '../../../common/kafka/storage-alarms.ts';
import { metadata, offsetFetch } from '../../../main/protocol/messages/index.ts';
import type { Requests } from '../in-process-broker.ts';
import { earliestOffset, type FoundRecord, readPartition } from '../partition-records.ts';
import { type BrokerEvent, keyOf, kindOf } from './events.ts';

type Of<K extends BrokerEvent['kind']> = Extract<BrokerEvent, { kind: K }>;

/**
 * Holds a broker that was opened after a crash to what its clients knew before: throws where a promise is broken.
 *
 * - what was acknowledged is there once, at its offset (relaxed topics may lose it, a compacted one keeps the newest)
 * - an offset that a consumer saw has no other record, and the next record gets none that was seen
 * - a transaction is there whole or not at all, as it was ended
 * - committed offsets of groups do not go back
 * - topics are there or not, as it was answered
 *
 * `damage`: what the broker reported of it. Of batches that nobody was answered for, a later one may have come to the disk
 * and an earlier one not. `others`: topics that the events don't tell of.
 */
export async function verifyAfterCrash(
  broker: Requests,
  events: readonly BrokerEvent[],
  damage: readonly DamagedRecords[] = [],
  others: readonly string[] = [],
): Promise<void> {
  const known = new Known(events, damage);
  const { topics } = await broker.request(metadata, 8, { topics: null, allowAutoTopicCreation: false });
  const there = new Map(topics.map(({ name, partitions }) => [name ?? '', partitions.length]));
  for (const other of others) there.delete(other);
  known.checkTopics(there);
  for (const [topic, partitions] of there) {
    if (topic.startsWith('__') || others.includes(topic)) continue;
    for (let partition = 0; partition < partitions; partition++) {
      await known.checkPartition(broker, topic, partition);
    }
  }
  known.checkTransactions();
  await known.checkGroups(broker);
}

class Known {
  readonly #events: readonly BrokerEvent[];
  readonly #damage: readonly DamagedRecords[];
  /** Of transactions: what read_committed shows of each. */
  readonly #shown = new Map<string, Set<string>>();
  readonly #outcomes = new Map<string, Of<'ending' | 'ended'>>();

  constructor(events: readonly BrokerEvent[], damage: readonly DamagedRecords[]) {
    this.#events = events;
    this.#damage = damage;
    for (const event of events) {
      if (event.kind === 'ending' || event.kind === 'ended') this.#outcomes.set(event.transaction, event);
    }
  }

  #of<K extends BrokerEvent['kind']>(...kinds: K[]): Of<K>[] {
    return this.#events.filter((event): event is Of<K> => (kinds as string[]).includes(event.kind));
  }

  checkTopics(there: ReadonlyMap<string, number>): void {
    const last = new Map(this.#of('creating', 'created', 'deleting', 'deleted').map((each) => [each.topic, each.kind]));
    for (const [topic, kind] of last) {
      if (kind === 'created')
        assert.equal(there.get(topic), 2, said(`topic ${topic} was created`, there.get(topic), 2));
      if (kind === 'deleted')
        assert.equal(there.has(topic), false, said(`topic ${topic} was deleted`, there.has(topic), false));
    }
    for (const topic of there.keys()) {
      if (!topic.startsWith('__')) assert.ok(last.has(topic), `nobody made ${topic}`);
    }
  }

  async checkPartition(broker: Requests, topic: string, partition: number): Promise<void> {
    const at = `${topic}-${partition}`;
    const here = <T extends { topic: string; partition: number }>(each: T) =>
      each.topic === topic && each.partition === partition;
    const deleted = this.#of('deleting records')
      .filter(here)
      .map(({ before }) => before);
    let mayBeGone = deleted.reduce((a, b) => (a > b ? a : b), 0n);
    if (kindOf(topic) === 'relaxed') {
      // Nobody waited for its first segment either: with it the log's beginning is lost.
      const start = await earliestOffset(broker, topic, partition);
      if (start > mayBeGone) mayBeGone = start;
    }
    const { records, batches, highWatermark, errorCode } = await readPartition(
      broker,
      topic,
      partition,
      'read_uncommitted',
      {
        from: mayBeGone,
      },
    );
    assert.equal(errorCode, 0, said(`${at}: reading from ${mayBeGone}`, errorCode, 0));
    const byOffset = new Map(records.map((record) => [record.offset, record]));
    const sent = new Set(
      this.#of('sent')
        .filter(here)
        .map(({ value }) => value),
    );
    for (const { value, offset } of records) assert.ok(sent.has(value), `${at} ${offset}: nobody sent ${value}`);
    this.#checkOrder(topic, partition, batches, highWatermark);
    assert.equal(new Set(records.map(({ value }) => value)).size, records.length, `${at}: a record is there twice`);
    const acked = this.#of('acked').filter(here);
    for (const { offset, value } of [...acked, ...this.#of('seen').filter(here)]) {
      const found = byOffset.get(offset);
      if (found) assert.equal(found.value, value, said(`${at}: another record at ${offset}`, found.value, value));
      assert.ok(highWatermark > offset, `${at}: offset ${offset} will be given again`);
    }
    if (kindOf(topic) === 'compacted') checkTable(at, acked, records, this.#of('sent').filter(here));
    else if (kindOf(topic) !== 'relaxed') {
      for (const { offset, value } of acked) {
        if (offset >= mayBeGone)
          assert.equal(
            byOffset.get(offset)?.value,
            value,
            said(`${at}: offset ${offset} is lost`, byOffset.get(offset)?.value, value),
          );
      }
    }
    const committed = await readPartition(broker, topic, partition, 'read_committed', { from: mayBeGone });
    assert.equal(
      committed.lastStableOffset,
      committed.highWatermark,
      said(`${at}: a transaction stays open`, committed.lastStableOffset, committed.highWatermark),
    );
    const shown = new Set(committed.records.map(({ value }) => value));
    for (const { transaction, value } of this.#of('sent').filter(here)) {
      if (transaction === undefined || !shown.has(value)) continue;
      this.#shown.set(transaction, (this.#shown.get(transaction) ?? new Set()).add(value));
    }
  }

  #checkOrder(topic: string, partition: number, batches: readonly [bigint, bigint][], highWatermark: bigint): void {
    const at = `${topic}-${partition}`;
    const damaged = this.#damage.filter((each) => each.topic === topic && each.partition === partition);
    let next = batches[0]?.[0] ?? highWatermark;
    for (const [first, after] of batches) {
      const isReported = damaged.some((range) => range.firstOffset <= next && range.nextOffset >= first);
      if ((kindOf(topic) === 'plain' || kindOf(topic) === 'brief') && !isReported)
        assert.equal(first, next, said(`${at}: a gap`, first, next));
      else assert.ok(first >= next, `${at}: offsets go back`);
      next = after;
    }
  }

  checkTransactions(): void {
    const sent = new Map<string, Of<'sent'>[]>();
    for (const event of this.#of('sent')) {
      if (event.transaction) sent.set(event.transaction, [...(sent.get(event.transaction) ?? []), event]);
    }
    for (const [transaction, records] of sent) {
      const shown = this.#shown.get(transaction)?.size ?? 0;
      const outcome = this.#outcomes.get(transaction);
      const all = records.length;
      const what = `transaction ${transaction}: ${shown} of ${all} records are shown`;
      if (outcome?.kind === 'ended')
        assert.equal(shown, outcome.committed ? all : 0, said(what, shown, outcome.committed ? all : 0));
      else if (outcome?.committed) assert.ok(shown === 0 || shown === all, what);
      else assert.equal(shown, 0, said(what, shown, 0));
    }
  }

  async checkGroups(broker: Requests): Promise<void> {
    const groups = new Set(this.#of('committing').map(({ group }) => group));
    for (const groupId of groups) {
      const answer = await broker.request(offsetFetch, 8, {
        groups: [{ groupId, topics: [{ name: 'plain-0', partitionIndexes: [0] }] }],
        requireStable: true,
      });
      const { committedOffset, errorCode } = answer.groups[0]!.topics[0]!.partitions[0]!;
      assert.equal(errorCode, 0, said(`group ${groupId}: no transaction stays open`, errorCode, 0));
      const commits = this.#of('committing', 'committed').filter(({ group }) => group === groupId);
      const [least, possible] = [this.#surely(commits), this.#perhaps(commits)];
      assert.ok(committedOffset >= least, `group ${groupId}: ${committedOffset} is committed, not ${least}`);
      if (committedOffset >= 0n)
        assert.ok(possible.has(committedOffset), `group ${groupId}: nobody committed ${committedOffset}`);
    }
  }

  #surely(commits: readonly Of<'committing' | 'committed'>[]): bigint {
    let least = -1n;
    for (const { kind, offset, transaction } of commits) {
      const outcome = transaction === undefined ? undefined : this.#outcomes.get(transaction);
      const stands = transaction === undefined ? kind === 'committed' : outcome?.kind === 'ended' && outcome.committed;
      if (stands && offset > least) least = offset;
    }
    return least;
  }

  #perhaps(commits: readonly Of<'committing' | 'committed'>[]): Set<bigint> {
    const possible = commits.filter(({ transaction }) => {
      return transaction === undefined || this.#outcomes.get(transaction)?.committed === true;
    });
    return new Set(possible.map(({ offset }) => offset));
  }
}

/** Of each key the newest acknowledged value, or one that was sent after it. */
function checkTable(
  at: string,
  acked: readonly Of<'acked'>[],
  records: readonly FoundRecord[],
  sent: readonly Of<'sent'>[],
): void {
  const newest = new Map(acked.map(({ value }) => [keyOf(value), value]));
  const table = new Map(records.map(({ value }) => [keyOf(value), value]));
  const order = new Map(sent.map(({ value }, index) => [value, index]));
  for (const [key, value] of newest) {
    const found = table.get(key);
    assert.ok(found !== undefined, `${at}: the value of ${key} is lost`);
    assert.ok(order.get(found!)! >= order.get(value)!, `${at}: ${key} has an older value than ${value}`);
  }
}

function said(what: string, found: unknown, expected: unknown): string {
  return `${what} (${found}, not ${expected})`;
}
