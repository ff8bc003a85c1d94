import { basename, resolve } from 'node:path';
import type { RecordBatch } from '../../protocol/records/record-batch.ts';
import type { Record } from '../../protocol/records/records.ts';
import { BatchRecords } from '../../protocol/records/records.ts';
import { controlText } from './control-text.ts';
import { javaString } from './java-string.ts';
import type { LineOutput } from './line-output.ts';
import type { ReadRecord } from './record-text.ts';
import { SegmentBatches } from './segment-batches.ts';

export interface BatchDump {
  /** Records too. */
  deep: boolean;
  /** How key and value are read; null: they are not printed. */
  read: ReadRecord | null;
  skipRecordMetadata: boolean;
  /** null: all */
  maxBytes: number | null;
}

/** Where offsets are not one after the other, by the full name of the file. */
export type NonConsecutive = Map<string, [offset: bigint, next: bigint][]>;

/** A `.log` or `.checkpoint`. Java: `DumpLogSegments.dumpLog`. */
export async function dumpBatches(
  file: string,
  dump: BatchDump,
  output: LineOutput,
  nonConsecutive: NonConsecutive,
): Promise<void> {
  await output.line(titleOf(file));
  using segment = new SegmentBatches(file, dump.maxBytes ?? undefined);
  let validBytes = 0;
  let lastOffset = -1n;
  for (const { batch, position } of segment.batches()) {
    await output.line(batchLine(batch, position));
    validBytes = position + batch.sizeInBytes;
    if (!dump.deep) continue;
    for (const record of BatchRecords.open(batch)) {
      if (record.offset !== lastOffset + 1n) noteGap(nonConsecutive, resolve(file), lastOffset, record.offset);
      lastOffset = record.offset;
      await output.line(recordLine(batch, record, dump, output));
    }
  }
  const trailing = segment.size - validBytes;
  if (trailing > 0 && dump.maxBytes === null) {
    await output.line(`Found ${trailing} invalid bytes at the end of ${basename(file)}`);
  }
}

/** `<end offset>-<epoch>.checkpoint` is a snapshot of the cluster's metadata. Java: `Snapshots.parse`. */
function titleOf(file: string): string {
  const name = basename(file);
  if (name === 'bootstrap.checkpoint') return 'KRaft bootstrap snapshot';
  if (!name.endsWith('.checkpoint')) return `Log starting offset: ${BigInt(name.split('.')[0] ?? '')}`;
  const [, offset, epoch] = /^(\d+)-(\d+)/.exec(name) ?? [];
  return `Snapshot end offset: ${BigInt(offset ?? 0)}, epoch: ${Number(epoch ?? 0)}`;
}

function batchLine(batch: RecordBatch, position: number): string {
  const { deleteHorizonMs } = batch;
  return [
    `baseOffset: ${batch.baseOffset} lastOffset: ${batch.lastOffset} count: ${batch.recordCount}`,
    `baseSequence: ${batch.baseSequence} lastSequence: ${batch.lastSequence}`,
    `producerId: ${batch.producerId} producerEpoch: ${batch.producerEpoch}`,
    `partitionLeaderEpoch: ${batch.partitionLeaderEpoch}`,
    `isTransactional: ${batch.isTransactional} isControl: ${batch.isControlBatch}`,
    `deleteHorizonMs: ${deleteHorizonMs === null ? 'OptionalLong.empty' : `OptionalLong[${deleteHorizonMs}]`}`,
    `position: ${position} ${batch.timestampType}: ${batch.maxTimestamp} size: ${batch.sizeInBytes}`,
    `magic: ${batch.magic} compresscodec: ${batch.compression} crc: ${batch.crc} isvalid: ${batch.isValid}`,
  ].join(' ');
}

function recordLine(
  batch: RecordBatch,
  record: Record,
  { read, skipRecordMetadata }: BatchDump,
  output: LineOutput,
): string {
  let line = skipRecordMetadata ? '' : `| ${metadataText(batch, record)}`;
  if (read === null || batch.isControlBatch) return line;
  const { key, payload } = readOrShow(read, record, () => output.begun(line));
  let prefix = skipRecordMetadata ? '| ' : ' ';
  if (key !== null) {
    line += `${prefix}key: ${key}`;
    prefix = ' ';
  }
  return payload === null ? line : `${line}${prefix}payload: ${payload}`;
}

/** Where the reading ends, it is seen at which record. */
function readOrShow(read: ReadRecord, record: Record, show: () => void): ReturnType<ReadRecord> {
  try {
    return read(record);
  } catch (error) {
    show();
    throw error;
  }
}

function metadataText(batch: RecordBatch, { offset, timestamp, key, value, headers }: Record): string {
  const sequence = batch.baseSequence < 0 ? -1 : sequenceOf(batch, offset);
  const text = `offset: ${offset} ${batch.timestampType}: ${timestamp} keySize: ${key?.length ?? -1} valueSize: ${value?.length ?? -1} sequence: ${sequence} headerKeys: [${headers.map((header) => javaString(header.key)).join(',')}]`;
  return batch.isControlBatch ? `${text}${controlText(key, value)}` : text;
}

/** Sequences wrap from 2^31-1 to 0. */
function sequenceOf({ baseSequence, baseOffset }: RecordBatch, offset: bigint): bigint {
  return (BigInt(baseSequence) + offset - baseOffset) & 0x7fff_ffffn;
}

function noteGap(nonConsecutive: NonConsecutive, file: string, offset: bigint, next: bigint): void {
  const gaps = nonConsecutive.get(file) ?? [];
  nonConsecutive.set(file, gaps);
  gaps.push([offset, next]);
}
