import { DataException } from '../../../common/errors.ts';
import { javaClassOf } from '../api/java-class.ts';
import type { ConnectRecord, SinkRecord } from '../api/records.ts';
import { Struct } from '../api/struct.ts';

/** What a transformation needs its data to be; `purpose` stands in the message. Java: `transforms.util.Requirements`. */
export function requireMap(value: unknown, purpose: string): ReadonlyMap<string, unknown> {
  if (value instanceof Map) return value;
  throw new DataException(
    `Only Map objects supported in absence of schema for [${purpose}], found: ${javaClassOf(value)}`,
  );
}

export function requireStruct(value: unknown, purpose: string): Struct {
  if (value instanceof Struct) return value;
  throw new DataException(`Only Struct objects supported for [${purpose}], found: ${javaClassOf(value)}`);
}

export function requireSinkRecord(record: ConnectRecord, purpose: string): SinkRecord {
  if ('kafkaOffset' in record) return record as SinkRecord;
  throw new DataException(
    `Only SinkRecord supported for [${purpose}], found: org.apache.kafka.connect.source.SourceRecord`,
  );
}
