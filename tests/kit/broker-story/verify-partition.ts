import assert from 'node:assert/strict';
import type { DamagedRecords } from '../../../common/kafka/storage-alarms.ts';
import { Errors } from '../../../main/protocol/messages/index.ts';
import type { Requests } from '../in-process-broker.ts';
import { earliestOffset, readPartition } from '../partition-records.ts';
import { type EventOf, keyOf, kindOf, textOf } from './events.ts';
import { type Knowledge, said } from './knowledge.ts';

/** Whether its offsets are one after the other. */
const isWhole = (topic: string) => kindOf(topic) === 'plain' || kindOf(topic) === 'brief';

/** A partition after a crash, and what its clients knew of it. */
export class PartitionCheck {
  readonly #known: Knowledge;
  readonly #topic: string;
  readonly #partition: number;
  readonly #at: string;
  readonly #damage: readonly DamagedRecords[];
  readonly #sent: readonly EventOf<'sent'>[];
  readonly #acked: readonly EventOf<'acked'>[];

  constructor(known: Knowledge, topic: string, partition: number, damage: readonly DamagedRecords[]) {
    this.#known = known;
    this.#topic = topic;
    this.#partition = partition;
    this.#at = `${topic}-${partition}`;
    this.#damage = damage.filter((each) => each.topic === topic && each.partition === partition);
    this.#sent = known.ofPartition(topic, partition, 'sent');
    this.#acked = known.ofPartition(topic, partition, 'acked');
  }

  /** Adds to `shown` what read_committed shows of transactions. */
  async verify(
    broker: Requests,
    shown: Set<string>,
  ): Promise<{ records: number; offsets: number; acknowledged: number }> {
    let from = await this.#start(broker);
    const again = () => readPartition(broker, this.#topic, this.#partition, 'read_uncommitted', { from });
    let read = await again();
    while (read.errorCode === Errors.OFFSET_OUT_OF_RANGE && (await this.#start(broker)) > from) {
      from = await this.#start(broker);
      read = await again();
    }
    const { batches, highWatermark, errorCode } = read;
    assert.equal(errorCode, 0, said(`${this.#at}: reading from ${from}`, errorCode, 0));
    const records = read.records.map(({ offset, value }) => ({ offset, text: textOf(value) ?? value }));
    this.#checkOrder(batches, highWatermark);
    const sent = new Set(this.#sent.map(({ text }) => text));
    for (const { offset, text } of records) assert.ok(sent.has(text), `${this.#at} ${offset}: nobody sent ${text}`);
    assert.equal(new Set(records.map(({ text }) => text)).size, records.length, `${this.#at}: a record is there twice`);
    const byOffset = new Map(records.map(({ offset, text }) => [offset, text]));
    for (const { offset, text } of [...this.#acked, ...this.#known.ofPartition(this.#topic, this.#partition, 'seen')]) {
      const found = byOffset.get(offset);
      if (found) assert.equal(found, text, said(`${this.#at}: another record at ${offset}`, found, text));
      assert.ok(highWatermark > offset, `${this.#at}: offset ${offset} will be given again`);
    }
    const owed = this.#acked.filter(({ offset }) => offset >= from);
    if (kindOf(this.#topic) === 'compacted') this.#checkTable(records);
    else if (kindOf(this.#topic) !== 'relaxed') {
      for (const { offset, text } of owed) {
        const found = byOffset.get(offset);
        assert.equal(found, text, said(`${this.#at}: offset ${offset} is lost`, found, text));
      }
    }
    await this.#checkCommitted(broker, from, shown);
    const first = batches[0]?.[0] ?? highWatermark;
    // Relaxed topics leave out what was reserved, compacted ones what is not the newest any more.
    const offsets = isWhole(this.#topic) ? Number(highWatermark - first) : records.length;
    return { records: records.length, offsets, acknowledged: owed.length };
  }

  /** Records before it may be gone. */
  async #start(broker: Requests): Promise<bigint> {
    const deleted = this.#known.ofPartition(this.#topic, this.#partition, 'deleting records');
    const from = deleted.reduce((most, { before }) => (before > most ? before : most), 0n);
    if (kindOf(this.#topic) !== 'relaxed') return from;
    // It is kept by size; and nobody waited for its first segment either: with it the log's beginning is lost.
    const start = await earliestOffset(broker, this.#topic, this.#partition);
    return start > from ? start : from;
  }

  #checkOrder(batches: readonly [bigint, bigint][], highWatermark: bigint): void {
    let next = batches[0]?.[0] ?? highWatermark;
    for (const [first, after] of batches) {
      const isReported = this.#damage.some((range) => range.firstOffset <= next && range.nextOffset >= first);
      if (isWhole(this.#topic) && !isReported) assert.equal(first, next, said(`${this.#at}: a gap`, first, next));
      else assert.ok(first >= next, `${this.#at}: offsets go back`);
      next = after;
    }
  }

  async #checkCommitted(broker: Requests, from: bigint, shown: Set<string>): Promise<void> {
    const found = await readPartition(broker, this.#topic, this.#partition, 'read_committed', { from });
    const { lastStableOffset, highWatermark } = found;
    const what = said(`${this.#at}: a transaction stays open`, lastStableOffset, highWatermark);
    assert.equal(lastStableOffset, highWatermark, what);
    const ofTransactions = new Set(
      this.#sent.filter(({ transaction }) => transaction !== undefined).map(({ text }) => text),
    );
    for (const { value } of found.records) {
      const text = textOf(value);
      if (text !== undefined && ofTransactions.has(text)) shown.add(text);
    }
  }

  /** Of each key the newest acknowledged value, or one that was sent after it. */
  #checkTable(records: readonly { text: string }[]): void {
    const newest = new Map(this.#acked.map(({ text }) => [keyOf(text), text]));
    const table = new Map(records.map(({ text }) => [keyOf(text), text]));
    const order = new Map(this.#sent.map(({ text }, index) => [text, index]));
    for (const [key, text] of newest) {
      const found = table.get(key);
      assert.ok(found !== undefined, `${this.#at}: the value of ${key} is lost`);
      assert.ok(order.get(found!)! >= order.get(text)!, `${this.#at}: ${key} has an older value than ${text}`);
    }
  }
}
