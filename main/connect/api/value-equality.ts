import { Decimal } from './decimal.ts';

/** Held by values that compare by what they hold. */
interface Comparable {
  equals(other: unknown): boolean;
}

/** Java: `Objects.equals` and `Arrays.deepEquals` over Connect's values. NaN equals NaN; 0 and -0 differ, as Double's do. */
export function valuesEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Uint8Array) return b instanceof Uint8Array && bytesEqual(a, b);
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => valuesEqual(item, b[i]));
  if (a instanceof Map) return b instanceof Map && mapsEqual(a, b);
  if (a instanceof Decimal) return b instanceof Decimal && a.equals(b);
  return 'equals' in a && typeof a.equals === 'function' && (a as Comparable).equals(b);
}

export function parametersEqual(a: ReadonlyMap<string, string> | null, b: ReadonlyMap<string, string> | null): boolean {
  return a === null || b === null ? a === b : mapsEqual(a, b);
}

function bytesEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Order does not matter. Keys that are objects themselves are looked for one by one. */
function mapsEqual(a: ReadonlyMap<unknown, unknown>, b: ReadonlyMap<unknown, unknown>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) {
    if (b.has(key)) {
      if (!valuesEqual(value, b.get(key))) return false;
    } else if (![...b].some(([other, theirs]) => valuesEqual(key, other) && valuesEqual(value, theirs))) return false;
  }
  return true;
}
