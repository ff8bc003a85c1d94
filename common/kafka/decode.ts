import { guessBytes } from './guess-bytes.ts';
import { type JsonNode, JsonSyntaxException, parseJson } from './json-tree.ts';

/** How a key or a value is read. `auto` takes JSON, then text, and says when it is neither. */
export const FORMATS = ['auto', 'json', 'string', 'integer', 'long', 'float', 'double', 'bytes'] as const;
export type Format = (typeof FORMATS)[number];

/** What the bytes of a key or a value turned out to be. Null and empty are told apart: null deletes, empty does not. */
export type Decoded =
  | { readonly kind: 'null' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'json'; readonly text: string; readonly node: JsonNode }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly digits: string }
  | { readonly kind: 'bytes' }
  | {
      readonly kind: 'undecodable';
      /** What it is not, for a tag: `not JSON`, `not text`, `not a long`. */
      readonly tag: string;
      readonly reason: string;
      /** What the bytes look like instead, if they look like something. */
      readonly guess: string | undefined;
      /** The text, when it is text but not JSON. */
      readonly text: string | undefined;
    };

const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Strict UTF-8, a byte order mark kept; undefined when the bytes are something else. */
export function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return STRICT.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Bytes without a character that a cut has split at their end (at most three bytes go). */
export function trimPartialCharacter(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(4, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

/** Reads a key or a value; never throws: what can't be read says so and why. */
export function decode(bytes: Uint8Array | null, format: Format = 'auto'): Decoded {
  if (bytes === null) return { kind: 'null' };
  switch (format) {
    case 'bytes':
      return bytes.length === 0 ? { kind: 'empty' } : { kind: 'bytes' };
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      return decodeNumber(bytes, format);
  }
  if (bytes.length === 0) return { kind: 'empty' };
  const text = decodeText(bytes);
  if (text === undefined)
    return undecodable(bytes, format === 'json' ? 'not JSON' : 'not text', 'the bytes are not UTF-8 text');
  if (format === 'string') return { kind: 'text', text };
  if (format === 'json') return decodeJson(text, bytes);
  // NUL is valid UTF-8, yet where it stands the bytes are nearly always a number or a registry's framing.
  if (text.includes('\0')) return undecodable(bytes, 'not text', 'the bytes hold NUL');
  return /^\s*[{[]/.test(text) ? decodeJson(text, bytes, 'or text') : { kind: 'text', text };
}

function decodeJson(text: string, bytes: Uint8Array, otherwise?: 'or text'): Decoded {
  try {
    return { kind: 'json', text, node: parseJson(text) };
  } catch (error) {
    if (!(error instanceof JsonSyntaxException)) throw error;
    if (otherwise) return { kind: 'text', text };
    return { ...undecodable(bytes, 'not JSON', error.message), text };
  }
}

const NUMBERS = {
  integer: { length: 4, tag: 'not an integer', read: (view: DataView) => String(view.getInt32(0)) },
  long: { length: 8, tag: 'not a long', read: (view: DataView) => String(view.getBigInt64(0)) },
  float: { length: 4, tag: 'not a float', read: (view: DataView) => String(view.getFloat32(0)) },
  double: { length: 8, tag: 'not a double', read: (view: DataView) => String(view.getFloat64(0)) },
} as const;

/** Kafka's IntegerDeserializer and its like: big-endian, and any other length is refused. */
function decodeNumber(bytes: Uint8Array, format: keyof typeof NUMBERS): Decoded {
  const { length, tag, read } = NUMBERS[format];
  if (bytes.length !== length)
    return undecodable(bytes, tag, `${bytes.length} ${bytes.length === 1 ? 'byte' : 'bytes'} instead of ${length}`);
  return { kind: 'number', digits: read(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)) };
}

function undecodable(bytes: Uint8Array, tag: string, reason: string): Decoded & { kind: 'undecodable' } {
  return { kind: 'undecodable', tag, reason, guess: guessBytes(bytes), text: undefined };
}
