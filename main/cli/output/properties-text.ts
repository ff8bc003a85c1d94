/** Lines of a .properties file that Java reads as these entries. Java: `Properties.store`. */
export function propertiesText(entries: Iterable<readonly [string, string]>): string {
  let text = '';
  for (const [key, value] of entries) text += `${escaped(key, true)}=${escaped(value, false)}\n`;
  return text;
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
