import type { Field, Schema } from '../api/schema.ts';
import { SchemaBuilder } from '../api/schema-builder.ts';
import type { Struct } from '../api/struct.ts';

/** The schema made of each schema once; kept as long as that is in use. */
export class UpdatedSchemas {
  readonly #made = new WeakMap<Schema, Schema>();
  readonly #make: (schema: Schema) => Schema;
  /** Most records have the schema of the one before. */
  #last: Schema | null = null;
  #lastMade: Schema | null = null;

  constructor(make: (schema: Schema) => Schema) {
    this.#make = make;
  }

  get(schema: Schema): Schema {
    if (schema === this.#last && this.#lastMade !== null) return this.#lastMade;
    let updated = this.#made.get(schema);
    if (updated === undefined) {
      updated = this.#make(schema);
      this.#made.set(schema, updated);
    }
    this.#last = schema;
    this.#lastMade = updated;
    return updated;
  }
}

/** A builder with the name, version, documentation and parameters of a schema. Java: `SchemaUtil.copySchemaBasics`. */
export function copySchemaBasics(
  source: Schema,
  builder: SchemaBuilder = SchemaBuilder.type(source.type),
): SchemaBuilder {
  if (source.name !== null) builder.name(source.name);
  if (source.version !== null) builder.version(source.version);
  if (source.doc !== null) builder.doc(source.doc);
  if (source.parameters !== null) builder.parameters(source.parameters);
  return builder;
}

/** By `replace.null.with.default` of most transformations. */
export function fieldValue(struct: Struct, field: string | Field, replaceNullWithDefault: boolean): unknown {
  return replaceNullWithDefault ? struct.get(field) : struct.getWithoutDefault(field);
}

/** The key that most transformations have. */
export const REPLACE_NULL_WITH_DEFAULT = {
  'replace.null.with.default': {
    type: 'BOOLEAN',
    default: true,
    importance: 'MEDIUM',
    doc: "Take a field's default where the field is null.",
  },
} as const;
