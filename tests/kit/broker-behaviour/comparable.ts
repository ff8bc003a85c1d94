import { RecordBatch } from '../../../main/protocol/records/record-batch.ts';
import { decodeRecords } from '../../../main/protocol/records/records.ts';
import { ZERO_UUID } from '../../../main/protocol/schema/uuid.ts';
import type { BrokerUnderTest } from './played-broker.ts';

/** Fields whose values a broker makes up; empty ones, zero and -1 mean something and stay. */
const MADE_UP: ReadonlySet<string> = new Set(['topicId', 'producerId', 'clusterId', 'memberId', 'leader', 'logDir']);
/** The default of message.timestamp.after.max.ms is an hour, and more than that may be said to be near. */
const NEAR_MS = 2n * 3_600_000n;
const LONG_MAX = 0x7fff_ffff_ffff_ffffn;

type Address = Pick<BrokerUnderTest, 'host' | 'port' | 'saslPort'>;

/**
 * An answer as two brokers can share it: ids that the broker made up become `<topicId 1>`, `<topicId 2>` in the order in
 * which they come, its address `<host>` and `<port>`, times of the last hour `<now>`, record batches what is in them. Ids and times within
 * messages too.
 */
export function comparable(answer: unknown, broker: Address): unknown {
  const readable = withReadableBytes('', answer);
  const marks = new Map<string, string>();
  collect(readable, marks, new Map());
  return marked('', readable, marks, broker);
}

function withReadableBytes(key: string, value: unknown): unknown {
  if (Buffer.isBuffer(value)) return key === 'records' ? withReadableBytes('', batchesIn(value)) : textOf(value);
  return isPlain(value) || Array.isArray(value) ? mapped(value, (name, item) => withReadableBytes(name, item)) : value;
}

/** The same list or object of other items; those of a list have no name. */
function mapped(value: unknown[] | Record<string, unknown>, of: (name: string, item: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => of('', item));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, of(name, item)]));
}

function collect(value: unknown, marks: Map<string, string>, counts: Map<string, number>): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, marks, counts);
  } else if (isPlain(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (!MADE_UP.has(key) || (typeof item !== 'string' && typeof item !== 'bigint')) collect(item, marks, counts);
      else if (!isMeant(item) && !marks.has(String(item))) {
        const count = (counts.get(key) ?? 0) + 1;
        counts.set(key, count);
        marks.set(String(item), `<${key} ${count}>`);
      }
    }
  }
}

function isMeant(value: string | bigint): boolean {
  return typeof value === 'bigint' ? value <= 0n : value === '' || value === ZERO_UUID;
}

function marked(key: string, value: unknown, marks: ReadonlyMap<string, string>, broker: Address): unknown {
  if (isPlain(value) || Array.isArray(value)) {
    return mapped(value, (name, item) => marked(name, item, marks, broker));
  }
  if (typeof value === 'number') return value === broker.port || value === broker.saslPort ? '<port>' : value;
  if (typeof value === 'bigint') {
    if (MADE_UP.has(key)) return marks.get(String(value)) ?? value;
    return isNow(value) ? '<now>' : value;
  }
  if (typeof value !== 'string') return value;
  if (key === 'host' && value === broker.host) return '<host>';
  return textWithMarks(value, marks);
}

function textWithMarks(text: string, marks: ReadonlyMap<string, string>): string {
  let result = text;
  for (const [id, mark] of marks) {
    // Producer ids are short numbers, which would be found anywhere.
    if (id.length > 8) result = result.replaceAll(id, mark);
  }
  return result.replace(/-?\b\d{13,19}\b/g, (digits) => (isNow(BigInt(digits)) ? '<now>' : digits));
}

/** Also what is left of now when the longest time of all is subtracted. */
function isNow(value: bigint): boolean {
  const now = BigInt(Date.now());
  return [now, now - LONG_MAX].some((time) => value - time < NEAR_MS && value - time > -NEAR_MS);
}

function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return /[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text) ? `<${bytes.toString('hex')}>` : text;
}

/** What a consumer would make of them; bytes behind the last whole batch are counted. */
function batchesIn(bytes: Buffer): unknown[] {
  const batches: unknown[] = [];
  let at = 0;
  while (at + 61 <= bytes.length) {
    const batch = new RecordBatch(bytes, at);
    if (at + batch.sizeInBytes > bytes.length) break;
    at += batch.sizeInBytes;
    batches.push({
      baseOffset: batch.baseOffset,
      lastOffset: batch.lastOffset,
      partitionLeaderEpoch: batch.partitionLeaderEpoch,
      attributes: batch.attributes,
      baseTimestamp: batch.baseTimestamp,
      maxTimestamp: batch.maxTimestamp,
      producerId: batch.producerId,
      producerEpoch: batch.producerEpoch,
      baseSequence: batch.baseSequence,
      isValid: batch.isValid,
      records: decodeRecords(batch).map(({ offset, timestamp, key, value, headers }) => ({
        offset,
        timestamp,
        key,
        value,
        headers: headers.map((header) => [header.key, header.value]),
      })),
    });
  }
  if (at < bytes.length) batches.push(`${bytes.length - at} bytes of a batch`);
  return batches;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}
