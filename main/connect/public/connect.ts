/**
 * `@runnel-app/runnel/connect`: what a plugin is made of. Names are Kafka Connect's; what stands here stays, what does
 * not may change from one version of Runnel to the next.
 */
export {
  ConfigException,
  ConnectException,
  DataException,
  RetriableException,
  SchemaBuilderException,
} from '../../../common/errors.ts';
export type { RecordHeader, RecordMetadata, TimestampType, TopicPartition } from '../../../common/kafka/records.ts';
export type { Logger } from '../../../common/logger.ts';
export { sleep, type Time, type Timer } from '../../../common/time.ts';
export {
  type ConfigDef,
  type ConfigKey,
  type ConfigKeys,
  type ConfigType,
  type ConfigValues,
  configDef,
  type Importance,
  type ParsedConfig,
  type Recommender,
  type Validator,
  type Width,
} from '../api/config-def.ts';
export { parseConfig } from '../api/config-validation.ts';
export {
  type ConfigMap,
  type Connector,
  type ConnectorContext,
  type SinkConnector,
  type SinkOffset,
  type SinkTask,
  type SinkTaskContext,
  type SourceConnector,
  type SourceTask,
  type SourceTaskContext,
  sinkConnector,
  sourceConnector,
} from '../api/connector.ts';
export { Decimal } from '../api/decimal.ts';
export {
  DATE,
  DATE_SCHEMA,
  DECIMAL,
  dateBuilder,
  decimalBuilder,
  TIME,
  TIME_SCHEMA,
  TIMESTAMP,
  TIMESTAMP_SCHEMA,
  timeBuilder,
  timestampBuilder,
} from '../api/logical-types.ts';
export { Password } from '../api/password.ts';
export {
  type Converter,
  type ConverterPlugin,
  converter,
  type HeaderConverter,
  type HeaderConverterPlugin,
  headerConverter,
  type Plugin,
  type Predicate,
  type PredicatePlugin,
  predicate,
  type SchemaAndValue,
  type Transformation,
  type TransformationPlugin,
  transformation,
} from '../api/plugins.ts';
export type { ConnectHeader, ConnectRecord, SinkRecord, SourceMap, SourceRecord } from '../api/records.ts';
export { type Field, Schema, type SchemaType } from '../api/schema.ts';
export { SchemaBuilder } from '../api/schema-builder.ts';
export { validateValue } from '../api/schema-validation.ts';
export { Struct } from '../api/struct.ts';
export {
  anyNonDuplicateValues,
  atLeast,
  between,
  caseInsensitiveValidString,
  compositeValidator,
  listSize,
  nonEmptyString,
  nonEmptyStringWithoutControlChars,
  nonNull,
  validator,
  validList,
  validString,
} from '../api/validators.ts';
