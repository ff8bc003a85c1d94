import { DataException } from '../../../common/errors.ts';
import { javaClassOf } from './java-class.ts';
import { javaDouble } from './java-number.ts';
import { MAX_DEPTH } from './json-reader.ts';

/**
 * Connect's values without a schema as JSON, as Jackson writes them for Connect: bigint as its digits, number as a
 * double (`1.0`, `1.0E10`, `"NaN"`), bytes as Base64, a Map with other than string keys as a list of pairs. No white
 * space. Throws DataException for what has no schema type in Connect, and for anything nested deeper than 1,000.
 */
export function writeJson(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'bigint':
      return value.toString();
    case 'number':
      return writeDouble(value);
    case 'boolean':
      return value ? 'true' : 'false';
  }
  if (value === null || value === undefined) return 'null';
  checkDepth(depth);
  if (value instanceof Map) return writeMap(value, write, write, depth);
  if (Array.isArray(value)) return writeArray(value, write, depth);
  if (value instanceof Uint8Array) return writeBytes(value);
  throw new DataException(`Java class class ${javaClassOf(value)} does not have corresponding schema type.`);
}

export type WriteValue = (value: unknown, depth: number) => string;

export function writeArray(items: readonly unknown[], writeItem: WriteValue, depth: number): string {
  if (items.length === 0) return '[]';
  let json = '[';
  for (let i = 0; i < items.length; i++) json += (i === 0 ? '' : ',') + writeItem(items[i], depth + 1);
  return `${json}]`;
}

/** An object when every key is a string, else pairs. */
export function writeMap(
  map: ReadonlyMap<unknown, unknown>,
  writeKey: WriteValue,
  writeItem: WriteValue,
  depth: number,
  asObject = hasStringKeys(map),
): string {
  let json = '';
  for (const [key, item] of map) {
    if (json !== '') json += ',';
    if (asObject) json += `${quote(key as string)}:${writeItem(item, depth + 1)}`;
    else json += `[${writeKey(key, depth + 2)},${writeItem(item, depth + 2)}]`;
  }
  return asObject ? `{${json}}` : `[${json}]`;
}

function hasStringKeys(map: ReadonlyMap<unknown, unknown>): boolean {
  for (const key of map.keys()) if (typeof key !== 'string') return false;
  return true;
}

export function checkDepth(depth: number): void {
  if (depth >= MAX_DEPTH) throw new DataException(`The value is nested deeper than ${MAX_DEPTH}`);
}

/** NaN and the infinities are strings, as Jackson writes them. */
export function writeDouble(value: number): string {
  return Number.isFinite(value) ? javaDouble(value) : `"${value}"`;
}

export function writeBytes(bytes: Uint8Array): string {
  return `"${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')}"`;
}

const SPECIAL = /["\\\u0000-\u001f\ud800-\udfff]/;

/** A JSON string as Jackson writes it into UTF-8: characters beyond the BMP as two `\uXXXX`, hexadecimal in capitals. */
export function quote(text: string): string {
  return SPECIAL.test(text) ? quoteSpecial(text) : `"${text}"`;
}

function quoteSpecial(text: string): string {
  if (!text.isWellFormed()) throw new DataException('The string holds half of a surrogate pair, which UTF-8 can not');
  return JSON.stringify(text).replace(/\\u[0-9a-f]{4}|[\ud800-\udfff]/g, (it, at: number, json: string) =>
    it.length === 1
      ? unicodeEscape(it.charCodeAt(0))
      : isEscaped(json, at)
        ? it
        : unicodeEscape(Number.parseInt(it.slice(2), 16)),
  );
}

/** `\\u0041` is a backslash and then letters. */
function isEscaped(json: string, at: number): boolean {
  let backslashes = 0;
  while (json[at - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}

function unicodeEscape(code: number): string {
  return `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
