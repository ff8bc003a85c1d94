import type { ConfigDef, ConfigKeys, ParsedConfig } from '../api/config-def.ts';
import { type Transformation, type TransformationPlugin, transformation as withVersion } from '../api/plugins.ts';
import type { ConnectRecord } from '../api/records.ts';
import type { Schema } from '../api/schema.ts';
import { KAFKA_VERSION } from '../api/versions.ts';

/** The half of a record that a transformation works on: `$Key` and `$Value` of its class name. */
export interface Side {
  schema(record: ConnectRecord): Schema | null;
  value(record: ConnectRecord): unknown;
  /** The record with another schema and value on this side. */
  with<R extends ConnectRecord>(record: R, schema: Schema | null, value: unknown): R;
}

const KEY: Side = {
  schema: (record) => record.keySchema,
  value: (record) => record.key,
  with: (record, keySchema, key) => ({ ...record, keySchema, key }),
};

const VALUE: Side = {
  schema: (record) => record.valueSchema,
  value: (record) => record.value,
  with: (record, valueSchema, value) => ({ ...record, valueSchema, value }),
};

interface Definition<K extends ConfigKeys> {
  className: string;
  /** Of what stands behind it, when that is not Apache Kafka. */
  version?: string;
  summary: string;
  config: ConfigDef<K>;
}

/** One plugin for keys and one for values. */
export function forKeyAndValue<K extends ConfigKeys>(
  definition: Definition<K> & { create(config: ParsedConfig<K>, side: Side): Transformation },
): TransformationPlugin[] {
  return [
    transformation({
      ...definition,
      className: `${definition.className}$Key`,
      create: (parsed) => definition.create(parsed, KEY),
    }),
    transformation({
      ...definition,
      className: `${definition.className}$Value`,
      create: (parsed) => definition.create(parsed, VALUE),
    }),
  ];
}

/** A plugin for whole records. */
export function transformation<K extends ConfigKeys>(
  definition: Definition<K> & { create(config: ParsedConfig<K>): Transformation },
): TransformationPlugin {
  return withVersion({ version: KAFKA_VERSION, ...definition });
}
