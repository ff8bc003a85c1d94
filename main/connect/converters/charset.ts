import { ConfigException } from '../../../common/errors.ts';
import { singleByteCharset } from './single-byte-charset.ts';

/** Text to bytes and back; what a side can't represent is replaced (`?` in bytes, U+FFFD in text), as Java does. */
export interface Charset {
  encode(text: string): Uint8Array;
  decode(bytes: Uint8Array): string;
}

/** By Java's name or alias, in any case. Throws ConfigException for one that is not known here. */
export function charset(name: string): Charset {
  const known = CHARSETS.get(name.toUpperCase()) ?? singleByteCharset(name.toUpperCase());
  if (known === undefined)
    throw new ConfigException(`Unsupported encoding ${name}`, {
      key: 'converter.encoding',
      hint: 'Use UTF-8, US-ASCII, UTF-16, UTF-16BE, UTF-16LE, a part of ISO-8859, a code page of Windows (windows-1252), KOI8-R or IBM866.',
    });
  return known;
}

const UTF_8: Charset = {
  encode: (text) => Buffer.from(text.isWellFormed() ? text : replaceLoneSurrogates(text), 'utf8'),
  decode: (bytes) => asBuffer(bytes).toString('utf8'),
};

const ISO_8859_1: Charset = {
  encode: (text) => Buffer.from(text.replace(/[\ud800-\udbff][\udc00-\udfff]|[^\u0000-\u00ff]/g, '?'), 'latin1'),
  decode: (bytes) => asBuffer(bytes).toString('latin1'),
};

const US_ASCII: Charset = {
  encode: (text) => Buffer.from(text.replace(/[\ud800-\udbff][\udc00-\udfff]|[^\u0000-\u007f]/g, '?'), 'latin1'),
  decode: (bytes) => ISO_8859_1.decode(bytes).replace(/[\u0080-\u00ff]/g, '\ufffd'),
};

/** Writes big-endian with a mark, which an empty text has not; reads by the mark, without one big-endian. */
const UTF_16: Charset = {
  encode: (text) => (text === '' ? Buffer.alloc(0) : Buffer.concat([Buffer.of(0xfe, 0xff), utf16be(text)])),
  decode: (bytes) => {
    const little = bytes[0] === 0xff && bytes[1] === 0xfe;
    const marked = little || (bytes[0] === 0xfe && bytes[1] === 0xff);
    return new TextDecoder(little ? 'utf-16le' : 'utf-16be', { ignoreBOM: true }).decode(
      bytes.subarray(marked ? 2 : 0),
    );
  },
};

const UTF_16BE: Charset = {
  encode: utf16be,
  decode: (bytes) => new TextDecoder('utf-16be', { ignoreBOM: true }).decode(bytes),
};

const UTF_16LE: Charset = {
  encode: (text) => Buffer.from(text.toWellFormed(), 'utf16le'),
  decode: (bytes) => new TextDecoder('utf-16le', { ignoreBOM: true }).decode(bytes),
};

const CHARSETS: ReadonlyMap<string, Charset> = new Map([
  ['UTF-8', UTF_8],
  ['UTF8', UTF_8],
  ['US-ASCII', US_ASCII],
  ['ASCII', US_ASCII],
  ['ISO-8859-1', ISO_8859_1],
  ['ISO8859_1', ISO_8859_1],
  ['ISO8859-1', ISO_8859_1],
  ['ISO_8859-1', ISO_8859_1],
  ['8859_1', ISO_8859_1],
  ['LATIN1', ISO_8859_1],
  ['L1', ISO_8859_1],
  ['UTF-16', UTF_16],
  ['UTF_16', UTF_16],
  ['UNICODE', UTF_16],
  ['UTF-16BE', UTF_16BE],
  ['UTF-16LE', UTF_16LE],
]);

/** What Kafka's client gives is one already. */
function asBuffer(bytes: Uint8Array): Buffer {
  return bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

function utf16be(text: string): Uint8Array {
  return Buffer.from(text.toWellFormed(), 'utf16le').swap16();
}

function replaceLoneSurrogates(text: string): string {
  return text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (it) => (it.length === 2 ? it : '?'));
}
