import type { ConnectRecord, SinkRecord, SourceRecord } from '../api/records.ts';
import type { Schema } from '../api/schema.ts';
import { validateValue } from '../api/schema-validation.ts';
import { canonicalSourceMap } from '../api/source-map.ts';
import { shown } from '../plugins/plugin-mistakes.ts';
import { recordMistake, sourceRecordMistake } from '../plugins/record-mistakes.ts';
import { ContractViolation } from './contract-violation.ts';

const EMPTY = { keySchema: null, key: null, valueSchema: null, value: null, timestamp: null, headers: [] } as const;

/** A record of topic `t` with these fields, as a source hands it out. */
export function sourceRecord(fields: Partial<SourceRecord> = {}): SourceRecord {
  return { ...EMPTY, topic: 't', kafkaPartition: null, sourcePartition: {}, sourceOffset: {}, ...fields };
}

/** A record of topic `t`, partition 0, as a sink gets it; what it was before transformations follows from the rest. */
export function sinkRecord(fields: Partial<SinkRecord> = {}): SinkRecord {
  const record = { ...EMPTY, topic: 't', kafkaPartition: 0, kafkaOffset: 0n, ...fields };
  return {
    timestampType: 'NoTimestampType',
    originalTopic: record.topic,
    originalKafkaPartition: record.kafkaPartition,
    originalKafkaOffset: record.kafkaOffset,
    ...record,
  };
}

/** Throws ContractViolation for what a worker could not send or store. */
export function checkSourceRecord(record: SourceRecord): void {
  const mistake = sourceRecordMistake(record);
  if (mistake !== null) throw new ContractViolation(`In what was handed out ${mistake}`);
  checkValues(record);
  for (const field of ['sourcePartition', 'sourceOffset'] as const)
    guard(`A record's ${field}`, () => canonicalSourceMap(record[field]));
}

/** The same for any record, after a transformation for example. */
export function checkRecord(record: ConnectRecord): void {
  const mistake = recordMistake(record);
  if (mistake !== null) throw new ContractViolation(`In what was returned ${mistake}`);
  checkValues(record);
}

function checkValues({ keySchema, key, valueSchema, value, headers }: ConnectRecord): void {
  checkValue('key', keySchema, key);
  checkValue('value', valueSchema, value);
  for (const header of headers) checkValue(`header ${header.key}`, header.schema, header.value);
}

function checkValue(what: string, schema: Schema | null, value: unknown): void {
  if (schema !== null) guard(`A record's ${what}`, () => validateValue(schema, value));
  else checkWithoutSchema(what, value);
}

/** What a value may be that no schema describes; converters know nothing else. */
function checkWithoutSchema(what: string, value: unknown): void {
  if (Array.isArray(value)) for (const item of value) checkWithoutSchema(what, item);
  else if (value instanceof Map) for (const item of value.values()) checkWithoutSchema(what, item);
  else if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    throw new ContractViolation(
      `A record's ${what} has a plain object in it: write a Map, or a Struct with its schema`,
    );
  else if (typeof value === 'function' || typeof value === 'symbol' || value === undefined)
    throw new ContractViolation(`A record's ${what} has ${shown(value)} in it`);
}

function guard(what: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    throw new ContractViolation(`${what} can't be used: ${(error as Error).message}`, { cause: error });
  }
}
