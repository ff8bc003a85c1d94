// @ts-check

/**
 * JSON as Connect holds it without a schema: objects are Maps, integers are bigints with all their digits, other
 * numbers are doubles. Throws SyntaxError for what is no JSON.
 *
 * @param {string} text
 * @returns {unknown}
 */
export function parseJson(text) {
  return JSON.parse(text, /** @type {Parameters<typeof JSON.parse>[1]} */ (reviver));
}

/**
 * @param {string} _name
 * @param {unknown} value
 * @param {{ source?: string }} context
 */
function reviver(_name, value, { source = '' }) {
  // What stood there before it was rounded.
  if (typeof value === 'number' && /^-?\d+$/.test(source)) return BigInt(source);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return new Map(Object.entries(value));
  return value;
}
