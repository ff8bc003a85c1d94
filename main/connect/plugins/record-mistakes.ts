import type { ConnectRecord, SourceRecord } from '../api/records.ts';
import { shown } from './plugin-mistakes.ts';

/**
 * What is wrong with the shape of a record, as a sentence with its cure; null when nothing is. Values are not looked
 * into: that is for converters.
 */
export function recordMistake(record: ConnectRecord): string | null {
  if (typeof record !== 'object' || record === null) return `a record is ${shown(record)}: return objects`;
  const { topic, kafkaPartition: partition, timestamp, headers } = record;
  if (typeof topic !== 'string' || topic === '')
    return `a record's topic is ${shown(topic)}: write the name of the topic`;
  if (partition !== null && !(Number.isInteger(partition) && partition >= 0))
    return `a record's kafkaPartition is ${shown(partition)}: write null, or a number from 0`;
  if (timestamp !== null && (typeof timestamp !== 'bigint' || timestamp < 0n))
    return `a record's timestamp is ${shown(timestamp)}: write null, or milliseconds as a bigint`;
  for (const field of ['keySchema', 'key', 'valueSchema', 'value'] as const)
    if (record[field] === undefined) return `a record's ${field} is undefined: write null for none`;
  if (!Array.isArray(headers)) return `a record's headers are ${shown(headers)}: write an array, [] for none`;
  for (const header of headers)
    if (typeof header?.key !== 'string' || header.schema === undefined || header.value === undefined)
      return `a header is ${shown(header)} without { key, schema, value }: write null for no schema or value`;
  return null;
}

/** The same, with what a source adds. */
export function sourceRecordMistake(record: SourceRecord): string | null {
  const mistake = recordMistake(record);
  if (mistake !== null) return mistake;
  for (const field of ['sourcePartition', 'sourceOffset'] as const) {
    const map: unknown = record[field];
    if (typeof map !== 'object' || map === null || Array.isArray(map))
      return `a record's ${field} is ${shown(map)}: write an object of names and texts, numbers or bigints`;
    for (const [name, value] of Object.entries(map))
      if (value === undefined || (typeof value === 'object' && value !== null) || typeof value === 'function')
        return `a record's ${field} has ${shown(value)} under ${name}: write a text, a number, a bigint, a boolean or null`;
  }
  return null;
}
