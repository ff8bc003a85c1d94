import { DataException } from '../../../common/errors.ts';
import { parametersEqual, valuesEqual } from './value-equality.ts';

/** Java: `Schema.Type`. How each is held is said in `records.ts`. */
export type SchemaType =
  | 'INT8'
  | 'INT16'
  | 'INT32'
  | 'INT64'
  | 'FLOAT32'
  | 'FLOAT64'
  | 'BOOLEAN'
  | 'STRING'
  | 'BYTES'
  | 'ARRAY'
  | 'MAP'
  | 'STRUCT';

/** A field of a struct schema. Java: `Field`. */
export interface Field {
  readonly name: string;
  readonly index: number;
  readonly schema: Schema;
}

export interface SchemaAttributes {
  optional?: boolean;
  defaultValue?: unknown;
  name?: string | null;
  version?: number | null;
  doc?: string | null;
  parameters?: ReadonlyMap<string, string> | null;
  fields?: readonly Field[] | null;
  keySchema?: Schema | null;
  valueSchema?: Schema | null;
}

/**
 * What a value is: immutable, made by `SchemaBuilder`. Java: `org.apache.kafka.connect.data.ConnectSchema`. Absent
 * attributes are null; asking a schema for what its type has not throws DataException in Connect's words.
 */
export class Schema {
  readonly type: SchemaType;
  readonly optional: boolean;
  readonly defaultValue: unknown;
  readonly name: string | null;
  readonly version: number | null;
  readonly doc: string | null;
  readonly parameters: ReadonlyMap<string, string> | null;
  readonly #fields: readonly Field[];
  readonly #fieldsByName: ReadonlyMap<string, Field> | null;
  readonly #keySchema: Schema | null;
  readonly #valueSchema: Schema | null;

  constructor(type: SchemaType, attributes: SchemaAttributes = {}) {
    this.type = type;
    this.optional = attributes.optional ?? false;
    this.defaultValue = attributes.defaultValue ?? null;
    this.name = attributes.name ?? null;
    this.version = attributes.version ?? null;
    this.doc = attributes.doc ?? null;
    this.parameters = attributes.parameters ?? null;
    this.#fields = attributes.fields ?? [];
    this.#fieldsByName = type === 'STRUCT' ? new Map(this.#fields.map((field) => [field.name, field])) : null;
    this.#keySchema = attributes.keySchema ?? null;
    this.#valueSchema = attributes.valueSchema ?? null;
  }

  get fields(): readonly Field[] {
    if (this.#fieldsByName === null) throw new DataException('Cannot list fields on non-struct type');
    return this.#fields;
  }

  field(name: string): Field | undefined {
    if (this.#fieldsByName === null) throw new DataException('Cannot look up fields on non-struct type');
    return this.#fieldsByName.get(name);
  }

  get keySchema(): Schema {
    if (this.type !== 'MAP') throw new DataException('Cannot look up key schema on non-map type');
    return required(this.#keySchema, 'key');
  }

  get valueSchema(): Schema {
    if (this.type !== 'MAP' && this.type !== 'ARRAY')
      throw new DataException('Cannot look up value schema on non-array and non-map type');
    return required(this.#valueSchema, 'value');
  }

  /** An array or a map whose items have no type in common has no schema for them; only headers bring such values. */
  get keySchemaOrNull(): Schema | null {
    return this.#keySchema;
  }

  get valueSchemaOrNull(): Schema | null {
    return this.#valueSchema;
  }

  /** Every attribute is equal, documentation and defaults included. */
  equals(other: Schema | null | undefined): boolean {
    if (this === other) return true;
    if (other === null || other === undefined) return false;
    return (
      this.type === other.type &&
      this.optional === other.optional &&
      this.version === other.version &&
      this.name === other.name &&
      this.doc === other.doc &&
      valuesEqual(this.defaultValue, other.defaultValue) &&
      parametersEqual(this.parameters, other.parameters) &&
      this.#fields.length === other.#fields.length &&
      this.#fields.every((field, i) => {
        const theirs = other.#fields[i] as Field;
        return field.name === theirs.name && field.schema.equals(theirs.schema);
      }) &&
      schemasEqual(this.#keySchema, other.#keySchema) &&
      schemasEqual(this.#valueSchema, other.#valueSchema)
    );
  }

  /** `Schema{INT32}`, `Schema{com.example.Tweet:STRUCT}` */
  toString(): string {
    return this.name === null ? `Schema{${this.type}}` : `Schema{${this.name}:${this.type}}`;
  }

  static readonly INT8_SCHEMA = new Schema('INT8');
  static readonly INT16_SCHEMA = new Schema('INT16');
  static readonly INT32_SCHEMA = new Schema('INT32');
  static readonly INT64_SCHEMA = new Schema('INT64');
  static readonly FLOAT32_SCHEMA = new Schema('FLOAT32');
  static readonly FLOAT64_SCHEMA = new Schema('FLOAT64');
  static readonly BOOLEAN_SCHEMA = new Schema('BOOLEAN');
  static readonly STRING_SCHEMA = new Schema('STRING');
  static readonly BYTES_SCHEMA = new Schema('BYTES');
  static readonly OPTIONAL_INT8_SCHEMA = new Schema('INT8', { optional: true });
  static readonly OPTIONAL_INT16_SCHEMA = new Schema('INT16', { optional: true });
  static readonly OPTIONAL_INT32_SCHEMA = new Schema('INT32', { optional: true });
  static readonly OPTIONAL_INT64_SCHEMA = new Schema('INT64', { optional: true });
  static readonly OPTIONAL_FLOAT32_SCHEMA = new Schema('FLOAT32', { optional: true });
  static readonly OPTIONAL_FLOAT64_SCHEMA = new Schema('FLOAT64', { optional: true });
  static readonly OPTIONAL_BOOLEAN_SCHEMA = new Schema('BOOLEAN', { optional: true });
  static readonly OPTIONAL_STRING_SCHEMA = new Schema('STRING', { optional: true });
  static readonly OPTIONAL_BYTES_SCHEMA = new Schema('BYTES', { optional: true });
}

function schemasEqual(a: Schema | null, b: Schema | null): boolean {
  return a === null ? b === null : a.equals(b);
}

/** Only a schema made by hand can lack it. */
function required(schema: Schema | null, what: string): Schema {
  if (schema === null) throw new DataException(`The schema has no ${what} schema`);
  return schema;
}
