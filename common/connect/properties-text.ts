/** A configuration in its order. */
export type ConfigEntries = readonly (readonly [key: string, value: string])[];

/** Lines of a .properties file that Java reads as these entries. Java: `Properties.store`. */
export function propertiesText(entries: Iterable<readonly [string, string]>): string {
  let text = '';
  for (const [key, value] of entries) text += `${propertyLine(key, value)}\n`;
  return text;
}

/** One entry, without the end of its line; ASCII alone, since Java reads such files as ISO 8859-1. */
export function propertyLine(key: string, value: string): string {
  return `${escaped(key, true)}=${escaped(value, false)}`;
}

function escaped(text: string, key: boolean): string {
  return text
    .replace(key ? /[\\ :=]/g : /\\/g, (c) => `\\${c}`)
    .replace(key ? /^[#!]/ : /^ /, (c) => `\\${c}`)
    .replace(/[\n\r\t\f]/g, (c) => ESCAPES.get(c) as string)
    .replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\f', '\\f'],
]);
