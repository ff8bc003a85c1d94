import type { ConfigMap } from '../api/connector.ts';
import type { ConverterPlugin, TransformationPlugin } from '../api/plugins.ts';
import type { ConnectRecord } from '../api/records.ts';
import type { Schema } from '../api/schema.ts';
import { Struct } from '../api/struct.ts';
import { valuesEqual } from '../api/value-equality.ts';
import { ContractViolation } from './contract-violation.ts';
import { checkRecord } from './records.ts';

export interface RoundTrip {
  /** What stands in the topic between the two. */
  bytes: Uint8Array | null;
  schema: Schema | null;
  value: unknown;
}

/**
 * A value to bytes and back by a converter. Throws ContractViolation when another value comes back; a converter that
 * keeps no schemas may bring back another schema.
 */
export function convertBothWays(
  plugin: ConverterPlugin,
  { schema = null, value, config = {}, isKey = false }: RoundTripInput,
): RoundTrip {
  const converter = plugin.create({ 'converter.type': isKey ? 'key' : 'value', ...config }, isKey);
  const bytes = converter.fromConnectData('t', schema, value);
  if (bytes !== null && !(bytes instanceof Uint8Array))
    throw new ContractViolation('fromConnectData() returned neither bytes nor null');
  const back = converter.toConnectData('t', bytes);
  if (back === null || typeof back !== 'object' || !('schema' in back) || !('value' in back))
    throw new ContractViolation('toConnectData() returned no { schema, value }');
  if (!valuesEqual(back.value ?? null, value ?? null))
    throw new ContractViolation(`${shown(value)} came back as ${shown(back.value)}`);
  return { bytes, schema: back.schema, value: back.value };
}

export interface RoundTripInput {
  schema?: Schema | null;
  value: unknown;
  config?: ConfigMap;
  isKey?: boolean;
}

/**
 * Sends a record through a transformation; null when it is dropped. Throws ContractViolation when the record that went
 * in was changed (others may hold it) or what comes out can't be converted.
 */
export function applyTransformation<R extends ConnectRecord>(
  plugin: TransformationPlugin,
  config: ConfigMap,
  record: R,
): R | null {
  const before = [record.key, record.value].map(snapshot);
  const transformation = plugin.create(config);
  // In strict mode, which modules are, a change of something frozen throws.
  const result = transformation.apply(Object.freeze({ ...record, headers: Object.freeze([...record.headers]) }) as R);
  transformation.close?.();
  if (result === undefined)
    throw new ContractViolation('apply() returned undefined: return a record, or null to drop it');
  if (!valuesEqual(before, [record.key, record.value].map(snapshot)))
    throw new ContractViolation(
      'apply() changed the key or value that it got: copy a Map or Struct before changing it',
    );
  if (result !== null) checkRecord(result);
  return result;
}

/** What a value holds now, to be compared with what it holds later. */
function snapshot(value: unknown): unknown {
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, snapshot(item)]));
  if (Array.isArray(value)) return value.map(snapshot);
  return value instanceof Struct ? value.toString() : value;
}

function shown(value: unknown): string {
  return typeof value === 'bigint' ? `${value}n` : typeof value === 'string' ? JSON.stringify(value) : String(value);
}
