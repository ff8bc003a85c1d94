import { javaFloat } from '../../api/java-number.ts';
import { Struct } from '../../api/struct.ts';

/** A Map or a Struct is an object of JSON; nothing is copied to look into it. */
export type JsonObject = ReadonlyMap<unknown, unknown> | Struct;

export function isObject(value: unknown): value is JsonObject {
  return value instanceof Map || value instanceof Struct;
}

/** Undefined when there is no such member; null when it is null. */
export function member(object: JsonObject, name: string): unknown {
  if (!(object instanceof Struct)) return object.get(name);
  const field = object.schema.field(name);
  return field === undefined ? undefined : fieldOf(object, name, field.schema.type);
}

export function members(object: JsonObject): Iterable<unknown> {
  if (!(object instanceof Struct)) return object.values();
  return object.schema.fields.map((field) => fieldOf(object, field.name, field.schema.type));
}

/** A float is the number that it is written as: 0.1 equals 0.1. */
function fieldOf(struct: Struct, name: string, type: string): unknown {
  const value = struct.get(name);
  return type === 'FLOAT32' && typeof value === 'number' ? Number(javaFloat(value)) : value;
}
