import { DataException } from '../../../common/errors.ts';
import { javaText } from './java-text.ts';
import type { Field, Schema, SchemaType } from './schema.ts';
import { validateField } from './schema-validation.ts';
import { valuesEqual } from './value-equality.ts';

/**
 * A record of named fields, each by its own schema. Filled by `put` while it is made, never changed afterwards. Java:
 * `org.apache.kafka.connect.data.Struct`.
 */
export class Struct {
  readonly schema: Schema;
  readonly #values: unknown[];

  constructor(schema: Schema) {
    if (schema.type !== 'STRUCT') throw new DataException(`Not a struct schema: ${schema}`);
    this.schema = schema;
    const count = schema.fields.length;
    this.#values = new Array(count);
    for (let i = 0; i < count; i++) this.#values[i] = null;
  }

  /** The field's value, or its schema's default when none was put. */
  get(field: string | Field): unknown {
    const known = this.#lookup(field);
    return this.#values[known.index] ?? known.schema.defaultValue;
  }

  getWithoutDefault(field: string | Field): unknown {
    return this.#values[this.#lookup(field).index];
  }

  /** As `get`, but the field has to be of this type. */
  getChecked(fieldName: string, type: SchemaType): unknown {
    const field = this.#lookup(fieldName);
    if (field.schema.type !== type) throw new DataException(`Field '${fieldName}' is not of type ${type}`);
    return this.#values[field.index];
  }

  /** Throws DataException when the value does not fit the field's schema. */
  put(field: string | Field, value: unknown): this {
    const known = this.#lookup(field);
    validateField(known.name, known.schema, value);
    this.#values[known.index] = value ?? null;
    return this;
  }

  /** Throws DataException when a required field without a default is missing or a value does not fit. */
  validate(): void {
    for (const field of this.schema.fields) {
      const value = this.#values[field.index];
      if (value === null && (field.schema.optional || field.schema.defaultValue !== null)) continue;
      validateField(field.name, field.schema, value);
    }
  }

  equals(other: unknown): boolean {
    if (this === other) return true;
    return (
      other instanceof Struct &&
      this.schema.equals(other.schema) &&
      this.#values.every((value, i) => valuesEqual(value, other.#values[i]))
    );
  }

  /** `Struct{id=1,user=Struct{name=a}}`: fields without a value are left out, values as Java prints them. */
  toString(): string {
    let text = '';
    for (const { index, name, schema } of this.schema.fields) {
      const value = this.#values[index];
      if (value !== null) text += `${text === '' ? '' : ','}${name}=${javaText(schema, value)}`;
    }
    return `Struct{${text}}`;
  }

  #lookup(field: string | Field): Field {
    if (typeof field !== 'string') return field;
    const known = this.schema.field(field);
    if (known === undefined) throw new DataException(`${field} is not a valid field name`);
    return known;
  }
}
