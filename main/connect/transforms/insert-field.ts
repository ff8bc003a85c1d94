import { ConfigException } from '../../../common/errors.ts';
import { configDef, type ParsedConfig } from '../api/config-def.ts';
import { TIMESTAMP_SCHEMA, timestampBuilder } from '../api/logical-types.ts';
import type { Transformation } from '../api/plugins.ts';
import type { ConnectRecord } from '../api/records.ts';
import { type Field, Schema } from '../api/schema.ts';
import { SchemaBuilder } from '../api/schema-builder.ts';
import { Struct } from '../api/struct.ts';
import { requireMap, requireSinkRecord, requireStruct } from './requirements.ts';
import { forKeyAndValue, type Side } from './sides.ts';
import { copySchemaBasics, fieldValue, REPLACE_NULL_WITH_DEFAULT, UpdatedSchemas } from './updated-schemas.ts';

const PURPOSE = 'field insertion';
const SUFFIX = 'With ! at its end the field is required, with ? or without it is optional.';

const config = configDef({
  'topic.field': { type: 'STRING', default: null, importance: 'MEDIUM', doc: `Field for the topic. ${SUFFIX}` },
  'partition.field': { type: 'STRING', default: null, importance: 'MEDIUM', doc: `Field for the partition. ${SUFFIX}` },
  'offset.field': {
    type: 'STRING',
    default: null,
    importance: 'MEDIUM',
    doc: `Field for the offset, in sink connectors only. ${SUFFIX}`,
  },
  'timestamp.field': {
    type: 'STRING',
    default: null,
    importance: 'MEDIUM',
    doc: `Field for the timestamp of the record. ${SUFFIX}`,
  },
  'static.field': { type: 'STRING', default: null, importance: 'MEDIUM', doc: `Field for a fixed text. ${SUFFIX}` },
  'static.value': { type: 'STRING', default: null, importance: 'MEDIUM', doc: 'The fixed text.' },
  ...REPLACE_NULL_WITH_DEFAULT,
});

/** Java: `org.apache.kafka.connect.transforms.InsertField`. */
export const insertField = forKeyAndValue({
  className: 'org.apache.kafka.connect.transforms.InsertField',
  summary: 'Adds topic, partition, offset, timestamp or a fixed text as fields.',
  config,
  create: (parsed, side) => new InsertField(parsed, side),
});

interface Insertion {
  name: string;
  schema: Schema;
  /** Undefined: there is nothing to insert. */
  withSchema(record: ConnectRecord): unknown;
  /** As Java's types without a schema: an Integer is a Long, too. */
  schemaless(record: ConnectRecord): unknown;
}

class InsertField implements Transformation {
  readonly #side: Side;
  readonly #insertions: readonly Insertion[];
  readonly #replaceNullWithDefault: boolean;
  readonly #schemas = new UpdatedSchemas((schema) => this.#updatedSchema(schema));

  constructor(parsed: ParsedConfig<typeof config.keys>, side: Side) {
    this.#side = side;
    this.#insertions = insertionsOf(parsed);
    this.#replaceNullWithDefault = parsed['replace.null.with.default'];
  }

  apply<R extends ConnectRecord>(record: R): R {
    const value = this.#side.value(record);
    if (value === null || value === undefined) return record;
    return this.#side.schema(record) === null ? this.#schemaless(record, value) : this.#withSchema(record, value);
  }

  #schemaless<R extends ConnectRecord>(record: R, value: unknown): R {
    const updated = new Map(requireMap(value, PURPOSE));
    for (const insertion of this.#insertions) {
      const inserted = insertion.schemaless(record);
      if (inserted !== undefined) updated.set(insertion.name, inserted);
    }
    return this.#side.with(record, null, updated);
  }

  #withSchema<R extends ConnectRecord>(record: R, value: unknown): R {
    const struct = requireStruct(value, PURPOSE);
    const schema = this.#schemas.get(struct.schema);
    const updated = new Struct(schema);
    const { fields } = schema;
    // The updated schema begins with the same fields.
    for (const field of struct.schema.fields)
      updated.put(fields[field.index] as Field, fieldValue(struct, field, this.#replaceNullWithDefault));
    for (const insertion of this.#insertions) {
      const inserted = insertion.withSchema(record);
      if (inserted !== undefined) updated.put(insertion.name, inserted);
    }
    return this.#side.with(record, schema, updated);
  }

  #updatedSchema(schema: Schema): Schema {
    const builder = copySchemaBasics(schema, SchemaBuilder.struct());
    for (const field of schema.fields) builder.field(field.name, field.schema);
    for (const { name, schema: inserted } of this.#insertions) builder.field(name, inserted);
    return builder.build();
  }
}

/** In the order in which Connect appends them. */
function insertionsOf(parsed: ParsedConfig<typeof config.keys>): Insertion[] {
  const insertions: Insertion[] = [];
  const add = (
    spec: string | null,
    schemas: readonly [required: Schema, optional: Schema],
    withSchema: Insertion['withSchema'],
    schemaless = withSchema,
  ) => {
    if (spec === null) return;
    const required = spec.endsWith('!');
    const name = required || spec.endsWith('?') ? spec.slice(0, -1) : spec;
    insertions.push({ name, schema: schemas[required ? 0 : 1], withSchema, schemaless });
  };
  const strings = [Schema.STRING_SCHEMA, Schema.OPTIONAL_STRING_SCHEMA] as const;
  add(parsed['topic.field'], strings, (record) => record.topic);
  add(
    parsed['partition.field'],
    [Schema.INT32_SCHEMA, Schema.OPTIONAL_INT32_SCHEMA],
    ({ kafkaPartition }) => kafkaPartition ?? undefined,
    ({ kafkaPartition }) => (kafkaPartition === null ? undefined : BigInt(kafkaPartition)),
  );
  add(
    parsed['offset.field'],
    [Schema.INT64_SCHEMA, Schema.OPTIONAL_INT64_SCHEMA],
    (record) => requireSinkRecord(record, PURPOSE).kafkaOffset,
  );
  add(
    parsed['timestamp.field'],
    [TIMESTAMP_SCHEMA, timestampBuilder().optional().build()],
    ({ timestamp }) => timestamp ?? undefined,
  );
  const text = parsed['static.value'];
  add(parsed['static.field'], strings, () => text);
  if (insertions.length === 0) throw new ConfigException('No field insertion configured');
  if (parsed['static.field'] !== null && text === null)
    throw ConfigException.invalidValue(
      'static.value',
      null,
      `No value specified for static field: ${parsed['static.field']}`,
    );
  return insertions;
}
