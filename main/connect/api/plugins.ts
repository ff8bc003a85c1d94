import type { RecordHeader } from '../../../common/kafka/records.ts';
import type { ConfigDef, ConfigKeys, ParsedConfig } from './config-def.ts';
import { parseConfig } from './config-validation.ts';
import type { ConfigMap } from './connector.ts';
import type { ConnectHeader, ConnectRecord } from './records.ts';
import type { Schema } from './schema.ts';

export interface SchemaAndValue {
  schema: Schema | null;
  value: unknown;
}

/** Java: `org.apache.kafka.connect.storage.Converter`. Bytes in topics on one side, schema and value on the other. */
export interface Converter {
  fromConnectData(topic: string, schema: Schema | null, value: unknown): Uint8Array | null;
  /** Throws DataException for bytes that it can't read. */
  toConnectData(topic: string, bytes: Uint8Array | null): SchemaAndValue;
}

/** Java: `HeaderConverter`. */
export interface HeaderConverter {
  fromConnectHeader(topic: string, header: ConnectHeader): Uint8Array | null;
  toConnectHeader(topic: string, header: RecordHeader & { name: string }): SchemaAndValue;
}

/** Java: `Transformation`. Null drops the record; its offset is committed all the same. */
export interface Transformation {
  apply<R extends ConnectRecord>(record: R): R | null;
  close?(): void;
}

/** Java: `Predicate`. */
export interface Predicate {
  test(record: ConnectRecord): boolean;
}

interface PluginDefinition {
  /** Java class name; `org.apache.kafka.connect.transforms.HoistField$Value`. */
  className: string;
  version: string;
  summary: string;
  config: ConfigDef;
}

export interface ConverterPlugin extends PluginDefinition {
  kind: 'converter';
  /** `isKey`: the converter was configured for keys. */
  create(config: ConfigMap, isKey: boolean): Converter;
}

export interface HeaderConverterPlugin extends PluginDefinition {
  kind: 'header_converter';
  create(config: ConfigMap): HeaderConverter;
}

export interface TransformationPlugin extends PluginDefinition {
  kind: 'transformation';
  create(config: ConfigMap): Transformation;
}

export interface PredicatePlugin extends PluginDefinition {
  kind: 'predicate';
  create(config: ConfigMap): Predicate;
}

export type Plugin = ConverterPlugin | HeaderConverterPlugin | TransformationPlugin | PredicatePlugin;

/** What all four factories take besides `create`. */
interface Definition<K extends ConfigKeys> {
  className: string;
  version: string;
  summary: string;
  config: ConfigDef<K>;
}

/** Defines a converter, which gets its configuration parsed; throws ConfigException when it can't be. */
export function converter<K extends ConfigKeys>(
  definition: Definition<K> & { create(config: ParsedConfig<K>, isKey: boolean): Converter },
): ConverterPlugin {
  const { config, create, ...rest } = definition;
  return {
    ...rest,
    kind: 'converter',
    config: config as unknown as ConfigDef,
    create: (raw, isKey) => create(parseConfig(config, raw), isKey),
  };
}

/** Defines a header converter. */
export function headerConverter<K extends ConfigKeys>(
  definition: Definition<K> & { create(config: ParsedConfig<K>): HeaderConverter },
): HeaderConverterPlugin {
  const { config, create, ...rest } = definition;
  return {
    ...rest,
    kind: 'header_converter',
    config: config as unknown as ConfigDef,
    create: (raw) => create(parseConfig(config, raw)),
  };
}

/** Defines a transformation. */
export function transformation<K extends ConfigKeys>(
  definition: Definition<K> & { create(config: ParsedConfig<K>): Transformation },
): TransformationPlugin {
  const { config, create, ...rest } = definition;
  return {
    ...rest,
    kind: 'transformation',
    config: config as unknown as ConfigDef,
    create: (raw) => create(parseConfig(config, raw)),
  };
}

/** Defines a predicate. */
export function predicate<K extends ConfigKeys>(
  definition: Definition<K> & { create(config: ParsedConfig<K>): Predicate },
): PredicatePlugin {
  const { config, create, ...rest } = definition;
  return {
    ...rest,
    kind: 'predicate',
    config: config as unknown as ConfigDef,
    create: (raw) => create(parseConfig(config, raw)),
  };
}
