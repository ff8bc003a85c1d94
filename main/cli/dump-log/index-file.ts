import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { KafkaException } from '../../../common/errors.ts';

/** Java: `org.apache.kafka.storage.internals.log.CorruptIndexException`. */
export class CorruptIndexException extends KafkaException {
  override readonly javaClass = 'org.apache.kafka.storage.internals.log.CorruptIndexException';
}

/** The offset that a segment's file is named for. */
export function baseOffsetOf(file: string): bigint {
  const [digits = ''] = basename(file).split('.');
  if (!/^\d+$/.test(digits)) {
    throw new CorruptIndexException(`For input string: "${digits}"`, {
      key: file,
      hint: 'The files of a segment are named for its first offset: 00000000000000000000.log.',
    });
  }
  return BigInt(digits);
}

/** Another file of the same segment. */
export function siblingOf(file: string, suffix: string): string {
  return join(dirname(resolve(file)), `${basename(file).split('.')[0]}${suffix}`);
}

/** An index's bytes; none when there is no such file. */
export function bytesOf(file: string): Buffer {
  return existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
}

/** Entries of a `.index`, those of its reserve (zeros) too. */
export function offsetEntries(bytes: Buffer, baseOffset: bigint): { offset: bigint; position: number }[] {
  return Array.from({ length: Math.floor(bytes.length / 8) }, (_, i) => ({
    offset: baseOffset + BigInt(bytes.readInt32BE(i * 8)),
    position: bytes.readInt32BE(i * 8 + 4),
  }));
}

/** Entries of a `.timeindex`, those of its reserve (zeros) too. */
export function timeEntries(bytes: Buffer, baseOffset: bigint): { timestamp: bigint; offset: bigint }[] {
  return Array.from({ length: Math.floor(bytes.length / 12) }, (_, i) => ({
    timestamp: bytes.readBigInt64BE(i * 12),
    offset: baseOffset + BigInt(bytes.readInt32BE(i * 12 + 8)),
  }));
}

/** A file in which a crash left zeros is used up to them: an entry for the first offset can only be the first. */
export function withoutReserve<E extends { offset: bigint }>(entries: readonly E[], baseOffset: bigint): E[] {
  const end = entries.findIndex(({ offset }, i) => i > 0 && offset === baseOffset);
  return end < 0 ? [...entries] : entries.slice(0, end);
}
