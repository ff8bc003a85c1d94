import { isUtf8 } from 'node:buffer';

/**
 * Text of bytes that may be anything. As the browsers' decoder has it, but for encoded surrogates: Java puts one
 * replacement in the place of all their bytes. Java: `new String(bytes, UTF_8)`.
 */
export function javaString(from: Uint8Array): string {
  const bytes = Buffer.from(from.buffer, from.byteOffset, from.byteLength);
  if (!bytes.includes(0xed) || isUtf8(bytes)) return bytes.toString();
  // No other character has the byte 0xed but at its beginning.
  const replaced = bytes.toString('latin1').replace(/\xed[\xa0-\xbf][\x80-\xbf]?/g, '\xef\xbf\xbd');
  return Buffer.from(replaced, 'latin1').toString();
}
