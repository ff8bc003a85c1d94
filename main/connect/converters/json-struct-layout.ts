import type { JsonReader } from '../api/json-reader.ts';
import { quote } from '../api/json-writer.ts';
import type { Field, Schema } from '../api/schema.ts';
import { Struct } from '../api/struct.ts';
import { type ReadOptions, readValue } from './json-value-reader.ts';

const labels = new WeakMap<Schema, readonly string[]>();

/** `{"first":`, `,"second":` … of a struct's fields as JsonConverter writes them; made once per schema. */
export function fieldLabels(schema: Schema): readonly string[] {
  let known = labels.get(schema);
  if (known === undefined) {
    known = schema.fields.map((field, i) => `${i === 0 ? '{' : ','}${quote(field.name)}:`);
    labels.set(schema, known);
  }
  return known;
}

/**
 * Reads a struct that is laid out as JsonConverter writes it, member by member into its fields. Undefined for anything
 * else, whatever is wrong with it: the caller reads that again in full, and it is told there.
 */
export function readLaidOut(schema: Schema, reader: JsonReader, options: ReadOptions): Struct | undefined {
  const { fields } = schema;
  if (fields.length === 0) return undefined;
  const { text } = reader;
  const names = fieldLabels(schema);
  const struct = new Struct(schema);
  try {
    for (let i = 0; i < fields.length; i++) {
      const [field, name] = [fields[i] as Field, names[i] as string];
      if (text.slice(reader.at, reader.at + name.length) !== name) return undefined;
      reader.at += name.length;
      struct.put(field, readValue(field.schema, reader.readMember(), options, field.name));
    }
  } catch {
    return undefined;
  }
  if (text.charCodeAt(reader.at) !== 0x7d) return undefined;
  reader.at++;
  return struct;
}
