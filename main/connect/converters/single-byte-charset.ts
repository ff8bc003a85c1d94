import type { Charset } from './charset.ts';

/** Java's names in upper case, and the labels by which `TextDecoder` has their tables. */
const LABELS: ReadonlyMap<string, string> = new Map([
  ...['1250', '1251', '1252', '1253', '1254', '1256', '1257'].flatMap((page): [string, string][] => [
    [`WINDOWS-${page}`, `windows-${page}`],
    [`CP${page}`, `windows-${page}`],
  ]),
  ...['2', '3', '4', '5', '6', '7', '8', '9', '13', '15', '16'].flatMap((part): [string, string][] => [
    [`ISO-8859-${part}`, `iso-8859-${part}`],
    [`ISO_8859-${part}`, `iso-8859-${part}`],
    [`ISO8859-${part}`, `iso-8859-${part}`],
    [`ISO8859_${part}`, `iso-8859-${part}`],
  ]),
  ['LATIN9', 'iso-8859-15'],
  ['LATIN-9', 'iso-8859-15'],
  ['LATIN2', 'iso-8859-2'],
  ['KOI8-R', 'koi8-r'],
  ['KOI8_R', 'koi8-r'],
  ['IBM866', 'ibm866'],
  ['CP866', 'ibm866'],
]);

const known = new Map<string, Charset>();

/** A charset of one byte a character, by its name in upper case; undefined when there is none. */
export function singleByteCharset(name: string): Charset | undefined {
  const label = LABELS.get(name);
  if (label === undefined) return undefined;
  const charset = known.get(label) ?? fromTable(tableOf(label));
  known.set(label, charset);
  return charset;
}

/** 256 characters. The Web reads ISO-8859-9 as windows-1254, and what Windows leaves open as control characters. */
function tableOf(label: string): string {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const table = [...new TextDecoder(label).decode(bytes)];
  for (let byte = 0x80; byte < 0xa0; byte++) {
    if (label === 'iso-8859-9') table[byte] = String.fromCharCode(byte);
    else if (label.startsWith('windows-') && (table[byte] as string).charCodeAt(0) === byte) table[byte] = '\ufffd';
  }
  return table.join('');
}

function fromTable(table: string): Charset {
  const bytes = new Map([...table].map((char, byte) => [char, byte]));
  bytes.delete('\ufffd');
  const unknown = '?'.charCodeAt(0);
  return {
    encode: (text) => Buffer.from(Array.from(text, (char) => bytes.get(char) ?? unknown)),
    decode: (encoded) => Array.from(encoded, (byte) => table[byte]).join(''),
  };
}
