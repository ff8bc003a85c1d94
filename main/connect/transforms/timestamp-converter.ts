import { ConfigException, ConnectException } from '../../../common/errors.ts';
import { configDef, type ParsedConfig } from '../api/config-def.ts';
import { DATE, TIME, TIMESTAMP } from '../api/logical-types.ts';
import type { Transformation } from '../api/plugins.ts';
import type { ConnectRecord } from '../api/records.ts';
import type { Schema } from '../api/schema.ts';
import { SchemaBuilder } from '../api/schema-builder.ts';
import { Struct } from '../api/struct.ts';
import { validString } from '../api/validators.ts';
import { type PatternPiece, parsePattern } from './date-format/pattern.ts';
import { requireMap, requireStruct } from './requirements.ts';
import { forKeyAndValue, type Side } from './sides.ts';
import { inferredType, TimestampFormats, type TimestampType, typeSchema } from './timestamp-types.ts';
import { copySchemaBasics, fieldValue, REPLACE_NULL_WITH_DEFAULT, UpdatedSchemas } from './updated-schemas.ts';

const PURPOSE = 'converting timestamp formats';

const config = configDef({
  field: { type: 'STRING', default: '', importance: 'HIGH', doc: 'The field; empty when the whole is the timestamp.' },
  'target.type': {
    type: 'STRING',
    validator: validString('string', 'unix', 'Date', 'Time', 'Timestamp'),
    importance: 'HIGH',
    doc: 'What it becomes: string, unix, Date, Time or Timestamp.',
  },
  format: {
    type: 'STRING',
    default: '',
    importance: 'MEDIUM',
    doc: 'How texts are written and read (UTC), as a pattern of java.text.SimpleDateFormat.',
  },
  'unix.precision': {
    type: 'STRING',
    default: 'milliseconds',
    validator: validString('nanoseconds', 'microseconds', 'milliseconds', 'seconds'),
    importance: 'LOW',
    doc: 'Unit of unix timestamps, read and written; what is finer than milliseconds is lost.',
  },
  ...REPLACE_NULL_WITH_DEFAULT,
});

/**
 * Java: `org.apache.kafka.connect.transforms.TimestampConverter`. Without a schema Date, Time and Timestamp are int64
 * milliseconds, so converters can write them; Connect's can't.
 */
export const timestampConverter = forKeyAndValue({
  className: 'org.apache.kafka.connect.transforms.TimestampConverter',
  summary: 'Changes timestamps between text, unix numbers and Connect types.',
  config,
  create: (parsed, side) => new TimestampConverter(parsed, side),
});

class TimestampConverter implements Transformation {
  readonly #side: Side;
  readonly #field: string;
  readonly #target: TimestampType;
  readonly #formats: TimestampFormats;
  readonly #replaceNullWithDefault: boolean;
  readonly #schemas = new UpdatedSchemas((schema) => this.#updatedSchema(schema));

  constructor(parsed: ParsedConfig<typeof config.keys>, side: Side) {
    this.#side = side;
    this.#field = parsed.field;
    this.#target = parsed['target.type'] as TimestampType;
    this.#replaceNullWithDefault = parsed['replace.null.with.default'];
    const format = formatOf(parsed.format);
    if (this.#target === 'string' && format === null)
      throw new ConfigException(
        'TimestampConverter requires format option to be specified when using string timestamps',
        { key: 'format' },
      );
    this.#formats = new TimestampFormats(parsed.format, format, parsed['unix.precision']);
  }

  apply<R extends ConnectRecord>(record: R): R {
    const schema = this.#side.schema(record);
    const value = this.#side.value(record) ?? null;
    if (schema === null) return this.#side.with(record, null, this.#schemaless(value));
    if (this.#field === '') {
      const updated = typeSchema(this.#target, schema.optional);
      return this.#side.with(record, updated, this.#converted(value, sourceType(schema)));
    }
    const struct = value === null ? null : requireStruct(value, PURPOSE);
    const updated = this.#schemas.get(schema);
    return this.#side.with(record, updated, struct && this.#withSchema(struct, updated));
  }

  #schemaless(value: unknown): unknown {
    if (value === null || this.#field === '') return this.#converted(value, null);
    const map = requireMap(value, PURPOSE);
    return new Map(map).set(this.#field, this.#converted(map.get(this.#field) ?? null, null));
  }

  #withSchema(struct: Struct, schema: Schema): Struct {
    const updated = new Struct(schema);
    for (const field of struct.schema.fields) {
      const value = fieldValue(struct, field, this.#replaceNullWithDefault);
      updated.put(field.name, field.name === this.#field ? this.#converted(value, sourceType(field.schema)) : value);
    }
    return updated;
  }

  #updatedSchema(schema: Schema): Schema {
    const builder = copySchemaBasics(schema, SchemaBuilder.struct());
    for (const { name, schema: type } of schema.fields)
      builder.field(name, name === this.#field ? typeSchema(this.#target, type.optional) : type);
    if (schema.optional) builder.optional();
    if (schema.defaultValue instanceof Struct)
      builder.defaultValue(this.#withSchema(schema.defaultValue, builder.build()));
    return builder.build();
  }

  #converted(value: unknown, source: TimestampType | null): unknown {
    if (value === null || value === undefined) return null;
    return this.#formats.write(this.#target, this.#formats.read(source ?? inferredType(value), value));
  }
}

function sourceType(schema: Schema): TimestampType {
  switch (schema.name) {
    case TIMESTAMP:
      return 'Timestamp';
    case DATE:
      return 'Date';
    case TIME:
      return 'Time';
  }
  if (schema.type === 'STRING') return 'string';
  if (schema.type === 'INT64') return 'unix';
  throw new ConnectException(`Schema ${schema} does not correspond to a known timestamp type format`);
}

function formatOf(pattern: string): PatternPiece[] | null {
  if (pattern.trim() === '') return null;
  try {
    return parsePattern(pattern);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ConfigException(
      `TimestampConverter requires a SimpleDateFormat-compatible pattern for string timestamps: ${pattern} (${error.message})`,
      { key: 'format' },
    );
  }
}
