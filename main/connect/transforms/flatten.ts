import { DataException } from '../../../common/errors.ts';
import { configDef } from '../api/config-def.ts';
import { Decimal } from '../api/decimal.ts';
import { javaClassOf } from '../api/java-class.ts';
import type { Transformation } from '../api/plugins.ts';
import type { ConnectRecord } from '../api/records.ts';
import type { Schema } from '../api/schema.ts';
import { SchemaBuilder } from '../api/schema-builder.ts';
import { Struct } from '../api/struct.ts';
import { requireMap, requireStruct } from './requirements.ts';
import { forKeyAndValue, type Side } from './sides.ts';
import { copySchemaBasics, UpdatedSchemas } from './updated-schemas.ts';

const PURPOSE = 'flattening';

/** Java: `org.apache.kafka.connect.transforms.Flatten`. */
export const flatten = forKeyAndValue({
  className: 'org.apache.kafka.connect.transforms.Flatten',
  summary: 'Makes nested fields top-level ones: user.name.',
  config: configDef({
    delimiter: { type: 'STRING', default: '.', importance: 'MEDIUM', doc: 'Put between the names of nested fields.' },
  }),
  create: ({ delimiter }, side) => new Flatten(delimiter, side),
});

class Flatten implements Transformation {
  readonly #delimiter: string;
  readonly #side: Side;
  readonly #schemas = new UpdatedSchemas((schema) => {
    const builder = copySchemaBasics(schema, SchemaBuilder.struct());
    this.#addFields(builder, schema, '', schema.optional, schema.defaultValue as Struct | null);
    return builder.build();
  });

  constructor(delimiter: string, side: Side) {
    this.#delimiter = delimiter;
    this.#side = side;
  }

  apply<R extends ConnectRecord>(record: R): R {
    const value = this.#side.value(record) ?? null;
    const schema = this.#side.schema(record);
    if (value === null) return record;
    if (schema === null) {
      const flat = new Map<string, unknown>();
      this.#addEntries(flat, requireMap(value, PURPOSE), '');
      return this.#side.with(record, null, flat);
    }
    const struct = requireStruct(value, PURPOSE);
    const updated = this.#schemas.get(schema);
    const flat = new Struct(updated);
    this.#putFields(flat, struct, '');
    return this.#side.with(record, updated, flat);
  }

  #name(prefix: string, name: string): string {
    return prefix === '' ? name : prefix + this.#delimiter + name;
  }

  #addEntries(flat: Map<string, unknown>, map: ReadonlyMap<string, unknown>, prefix: string): void {
    for (const [key, value] of map) {
      const name = this.#name(prefix, key);
      if (value instanceof Map) this.#addEntries(flat, value, name);
      else if (value instanceof Struct)
        throw new DataException(
          `Flatten transformation does not support class ${javaClassOf(value)} for record without schemas (for field ${name}).`,
        );
      else if (value instanceof Decimal)
        throw new DataException(
          `Flatten transformation was passed a value of type class ${javaClassOf(value)} which is not supported by Connect's data API`,
        );
      else flat.set(name, value);
    }
  }

  /** What is optional or has a default as a whole is so in each of its parts. */
  #addFields(
    builder: SchemaBuilder,
    schema: Schema,
    prefix: string,
    optional: boolean,
    defaultFromParent: Struct | null,
  ): void {
    for (const field of schema.fields) {
      const name = this.#name(prefix, field.name);
      const isOptional = optional || field.schema.optional;
      const defaultValue = field.schema.defaultValue ?? defaultFromParent?.get(field) ?? null;
      switch (field.schema.type) {
        case 'STRUCT':
          this.#addFields(builder, field.schema, name, isOptional, defaultValue as Struct | null);
          break;
        case 'MAP':
          throw this.#unsupported(name);
        default:
          builder.field(name, withOptionality(field.schema, isOptional, defaultValue));
      }
    }
  }

  #putFields(flat: Struct, struct: Struct, prefix: string): void {
    for (const field of struct.schema.fields) {
      const name = this.#name(prefix, field.name);
      if (field.schema.type !== 'STRUCT') flat.put(name, struct.get(field));
      else {
        const inner = struct.getWithoutDefault(field);
        if (inner !== null) this.#putFields(flat, requireStruct(inner, PURPOSE), name);
      }
    }
  }

  #unsupported(name: string): DataException {
    return new DataException(
      `Flatten transformation does not support MAP for record with schemas (for field ${name}).`,
    );
  }
}

function withOptionality(schema: Schema, optional: boolean, defaultValue: unknown): Schema {
  const basis = schema.type === 'ARRAY' ? SchemaBuilder.array(schema.valueSchema) : SchemaBuilder.type(schema.type);
  const builder = copySchemaBasics(schema, basis);
  if (optional) builder.optional();
  if (defaultValue !== null) builder.defaultValue(defaultValue);
  return builder.build();
}
