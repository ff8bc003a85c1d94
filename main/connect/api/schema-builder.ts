import { DataException, SchemaBuilderException } from '../../../common/errors.ts';
import { type Field, Schema, type SchemaType } from './schema.ts';
import { validateValue } from './schema-validation.ts';

/**
 * Makes schemas: `SchemaBuilder.struct().name('Tweet').field('id', Schema.INT64_SCHEMA).build()`. Each attribute can
 * be set once. Java: `org.apache.kafka.connect.data.SchemaBuilder`.
 */
export class SchemaBuilder {
  readonly #type: SchemaType;
  readonly #keySchema: Schema | null;
  readonly #valueSchema: Schema | null;
  readonly #fields = new Map<string, Field>();
  #optional: boolean | null = null;
  #defaultValue: unknown = null;
  #name: string | null = null;
  #version: number | null = null;
  #doc: string | null = null;
  #parameters: Map<string, string> | null = null;

  constructor(type: SchemaType, keySchema: Schema | null = null, valueSchema: Schema | null = null) {
    this.#type = type;
    this.#keySchema = keySchema;
    this.#valueSchema = valueSchema;
  }

  static type(type: SchemaType): SchemaBuilder {
    return new SchemaBuilder(type);
  }

  static int8(): SchemaBuilder {
    return new SchemaBuilder('INT8');
  }

  static int16(): SchemaBuilder {
    return new SchemaBuilder('INT16');
  }

  static int32(): SchemaBuilder {
    return new SchemaBuilder('INT32');
  }

  static int64(): SchemaBuilder {
    return new SchemaBuilder('INT64');
  }

  static float32(): SchemaBuilder {
    return new SchemaBuilder('FLOAT32');
  }

  static float64(): SchemaBuilder {
    return new SchemaBuilder('FLOAT64');
  }

  static bool(): SchemaBuilder {
    return new SchemaBuilder('BOOLEAN');
  }

  static string(): SchemaBuilder {
    return new SchemaBuilder('STRING');
  }

  static bytes(): SchemaBuilder {
    return new SchemaBuilder('BYTES');
  }

  static struct(): SchemaBuilder {
    return new SchemaBuilder('STRUCT');
  }

  static array(valueSchema: Schema): SchemaBuilder {
    return new SchemaBuilder('ARRAY', null, valueSchema);
  }

  static map(keySchema: Schema, valueSchema: Schema): SchemaBuilder {
    return new SchemaBuilder('MAP', keySchema, valueSchema);
  }

  optional(): this {
    checkCanSet('optional', this.#optional, true);
    this.#optional = true;
    return this;
  }

  required(): this {
    checkCanSet('optional', this.#optional, false);
    this.#optional = false;
    return this;
  }

  /** Must fit the schema as built so far. */
  defaultValue(value: unknown): this {
    checkCanSet('default', this.#defaultValue, value);
    try {
      validateValue(this.build(), value);
    } catch (error) {
      if (!(error instanceof DataException)) throw error;
      throw new SchemaBuilderException('Invalid default value', { cause: error });
    }
    this.#defaultValue = value;
    return this;
  }

  name(name: string): this {
    checkCanSet('name', this.#name, name);
    this.#name = name;
    return this;
  }

  version(version: number): this {
    checkCanSet('version', this.#version, version);
    this.#version = version;
    return this;
  }

  doc(doc: string): this {
    checkCanSet('doc', this.#doc, doc);
    this.#doc = doc;
    return this;
  }

  parameter(name: string, value: string): this {
    this.#parameters ??= new Map();
    checkCanSet(name, this.#parameters.get(name) ?? null, value);
    this.#parameters.set(name, value);
    return this;
  }

  parameters(parameters: ReadonlyMap<string, string>): this {
    for (const [name, value] of parameters) this.parameter(name, value);
    return this;
  }

  field(name: string, schema: Schema): this {
    if (this.#type !== 'STRUCT') throw new SchemaBuilderException(`Cannot create fields on type ${this.#type}`);
    if (this.#fields.has(name))
      throw new SchemaBuilderException(`Cannot create field because of field name duplication ${name}`);
    this.#fields.set(name, { name, index: this.#fields.size, schema });
    return this;
  }

  build(): Schema {
    return new Schema(this.#type, {
      optional: this.#optional ?? false,
      defaultValue: this.#defaultValue,
      name: this.#name,
      version: this.#version,
      doc: this.#doc,
      parameters: this.#parameters === null ? null : new Map(this.#parameters),
      fields: [...this.#fields.values()],
      keySchema: this.#keySchema,
      valueSchema: this.#valueSchema,
    });
  }
}

/** Setting the same value again is no error. */
function checkCanSet(attribute: string, current: unknown, value: unknown): void {
  if (current !== null && current !== value)
    throw new SchemaBuilderException(`Invalid SchemaBuilder call: ${attribute} has already been set.`);
}
