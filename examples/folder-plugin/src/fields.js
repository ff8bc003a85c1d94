// @ts-check
import { Struct } from '@runnel-app/runnel/connect';

/**
 * A field of a value, with or without a schema; undefined when the value has no fields or not this one.
 *
 * @param {unknown} value
 * @param {string} name
 * @returns {unknown}
 */
export function fieldOf(value, name) {
  if (value instanceof Map) return value.get(name);
  if (value instanceof Struct && value.schema.field(name) !== undefined) return value.get(name);
  return undefined;
}
