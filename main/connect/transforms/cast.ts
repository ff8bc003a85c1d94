import { ConfigException } from '../../../common/errors.ts';
import { configDef, type ParsedConfig } from '../api/config-def.ts';
import { valueText } from '../api/config-types.ts';
import type { Transformation } from '../api/plugins.ts';
import type { ConnectRecord } from '../api/records.ts';
import type { Schema, SchemaType } from '../api/schema.ts';
import { SchemaBuilder } from '../api/schema-builder.ts';
import { Struct } from '../api/struct.ts';
import { validator } from '../api/validators.ts';
import { castValue, isLogical } from './cast-values.ts';
import { requireMap, requireStruct } from './requirements.ts';
import { forKeyAndValue, type Side } from './sides.ts';
import { copySchemaBasics, fieldValue, REPLACE_NULL_WITH_DEFAULT, UpdatedSchemas } from './updated-schemas.ts';

const PURPOSE = 'cast types';
const OUTPUT_TYPES = ['INT8', 'INT16', 'INT32', 'INT64', 'FLOAT32', 'FLOAT64', 'BOOLEAN', 'STRING'];
const OTHER_TYPES = ['BYTES', 'ARRAY', 'MAP', 'STRUCT'];

const config = configDef({
  spec: {
    type: 'LIST',
    validator: validator((_name, value) => {
      if (!Array.isArray(value) || value.length === 0)
        throw new ConfigException('Must specify at least one field to cast.');
      castsOf(value);
    }, 'list of colon-delimited pairs, e.g. <code>foo:bar,abc:xyz</code>'),
    importance: 'HIGH',
    doc: 'Fields with their new types, field:type, or one type for the whole. Types: int8, int16, int32, int64, float32, float64, boolean, string; bytes only become string.',
  },
  ...REPLACE_NULL_WITH_DEFAULT,
});

/**
 * Java: `org.apache.kafka.connect.transforms.Cast`. When a whole Date, Time, Timestamp or Decimal is cast, the result
 * is no longer called one; in Connect it is, and then no converter takes it.
 */
export const cast = forKeyAndValue({
  className: 'org.apache.kafka.connect.transforms.Cast',
  summary: 'Changes the type of fields, or of the whole key or value.',
  config,
  create: (parsed, side) => new Cast(parsed, side),
});

interface Casts {
  whole: SchemaType | null;
  fields: ReadonlyMap<string, SchemaType>;
}

class Cast implements Transformation {
  readonly #side: Side;
  readonly #casts: Casts;
  readonly #replaceNullWithDefault: boolean;
  readonly #schemas = new UpdatedSchemas((schema) => this.#updatedSchema(schema));

  constructor(parsed: ParsedConfig<typeof config.keys>, side: Side) {
    this.#side = side;
    this.#casts = castsOf(parsed.spec);
    this.#replaceNullWithDefault = parsed['replace.null.with.default'];
  }

  apply<R extends ConnectRecord>(record: R): R {
    const value = this.#side.value(record) ?? null;
    if (value === null) return record;
    const schema = this.#side.schema(record);
    const { whole, fields } = this.#casts;
    if (whole !== null)
      return this.#side.with(record, schema && this.#schemas.get(schema), castValue(schema, value, whole));
    if (schema === null) {
      const map = requireMap(value, PURPOSE);
      const updated = new Map(map);
      for (const [name, type] of fields) updated.set(name, castValue(null, map.get(name) ?? null, type));
      return this.#side.with(record, null, updated);
    }
    const updatedSchema = this.#schemas.get(schema);
    const struct = requireStruct(value, PURPOSE);
    const updated = new Struct(updatedSchema);
    for (const field of struct.schema.fields) {
      const item = fieldValue(struct, field, this.#replaceNullWithDefault);
      const type = fields.get(field.name);
      updated.put(field.name, type === undefined ? item : castValue(field.schema, item, type));
    }
    return this.#side.with(record, updatedSchema, updated);
  }

  #updatedSchema(schema: Schema): Schema {
    const { whole } = this.#casts;
    const builder = whole === null ? this.#structBuilder(schema) : wholeBuilder(schema, whole);
    if (schema.optional) builder.optional();
    if (schema.defaultValue !== null) {
      // For a struct castValue refuses it, as Connect does.
      builder.defaultValue(castValue(schema, schema.defaultValue, whole ?? 'STRUCT'));
    }
    return builder.build();
  }

  #structBuilder(schema: Schema): SchemaBuilder {
    const builder = copySchemaBasics(schema, SchemaBuilder.struct());
    for (const field of schema.fields) {
      const type = this.#casts.fields.get(field.name);
      builder.field(field.name, type === undefined ? field.schema : castSchema(field.schema, type));
    }
    return builder;
  }
}

function wholeBuilder(schema: Schema, type: SchemaType): SchemaBuilder {
  const builder = SchemaBuilder.type(type);
  return isLogical(schema) ? builder : copySchemaBasics(schema, builder);
}

function castSchema(schema: Schema, type: SchemaType): Schema {
  const builder = SchemaBuilder.type(type);
  if (schema.optional) builder.optional();
  if (schema.defaultValue !== null) builder.defaultValue(castValue(schema, schema.defaultValue, type));
  return builder.build();
}

function castsOf(spec: readonly string[]): Casts {
  const fields = new Map<string, SchemaType>();
  let whole: SchemaType | null = null;
  for (const mapping of spec) {
    const parts = mapping.replace(/:+$/, '').split(':');
    if (parts.length > 2)
      throw ConfigException.invalidValue('renames', valueText(spec), `Invalid rename mapping: ${mapping}`);
    if (parts.length === 1) whole = outputType(parts[0] as string);
    else fields.set((parts[0] as string).trim(), outputType(parts[1] as string));
  }
  if (whole !== null && spec.length > 1)
    throw new ConfigException(
      'Cast transformations that specify a type to cast the entire value to may only specify a single cast in their spec',
    );
  return { whole, fields };
}

function outputType(text: string): SchemaType {
  const type = text.trim().toUpperCase();
  if (OUTPUT_TYPES.includes(type)) return type as SchemaType;
  throw new ConfigException(
    OTHER_TYPES.includes(type)
      ? `Cast transformation does not support casting to ${type}; supported types are [${OUTPUT_TYPES.join(', ')}]`
      : `Invalid type found in casting spec: ${text.trim()}`,
  );
}
