import { isUtf8 } from 'node:buffer';
import { JsonException } from './json-exception.ts';

/** The encoding is seen by the first bytes: RFC 8259 wants UTF-8; a mark or a zero tells UTF-16. */
export function decodeJson(bytes: Uint8Array): string {
  const [first = 0x20, second = 0x20] = bytes;
  if (first === 0xfe && second === 0xff) return decodeUtf16(bytes, 2, true);
  if (first === 0xff && second === 0xfe) return decodeUtf16(bytes, 2, false);
  if (first === 0) return decodeUtf16(bytes, 0, true);
  if (second === 0) return decodeUtf16(bytes, 0, false);
  const start = first === 0xef && second === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const buffer = bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const text = buffer.toString('utf8', start);
  // Decoding leaves U+FFFD for what is not UTF-8; looking for it costs nothing in a text of one-byte characters.
  if (text.includes('\ufffd') && !isUtf8(bytes)) throw new JsonException('The text is not valid UTF-8');
  return text;
}

function decodeUtf16(bytes: Uint8Array, start: number, bigEndian: boolean): string {
  if ((bytes.length - start) % 2 !== 0) throw new JsonException('The text is not valid UTF-16');
  const copy = Buffer.from(bytes.subarray(start));
  return (bigEndian ? copy.swap16() : copy).toString('utf16le');
}
