import { ConfigException, KafkaException } from '../../common/errors.ts';
import { javaDouble, javaFloat } from '../connect/api/java-number.ts';

/** A Java deserializer followed by `toString()`, as the console consumer uses it. Throws SerializationException. */
export type Deserializer = (bytes: Uint8Array) => string;

export class SerializationException extends KafkaException {
  override readonly javaClass: string = 'org.apache.kafka.common.errors.SerializationException';
}

const PACKAGE = 'org.apache.kafka.common.serialization.';
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

const DESERIALIZERS: ReadonlyMap<string, Deserializer> = new Map<string, Deserializer>([
  ['StringDeserializer', (bytes) => utf8.decode(bytes)],
  ['BooleanDeserializer', (bytes) => booleanText(exactly(bytes, 1, 'BooleanDeserializer').getUint8(0))],
  ['ShortDeserializer', (bytes) => String(exactly(bytes, 2, 'ShortDeserializer').getInt16(0))],
  ['IntegerDeserializer', (bytes) => String(exactly(bytes, 4, 'IntegerDeserializer').getInt32(0))],
  ['LongDeserializer', (bytes) => String(exactly(bytes, 8, 'LongDeserializer').getBigInt64(0))],
  ['FloatDeserializer', (bytes) => javaFloat(exactly(bytes, 4, 'Deserializer').getFloat32(0))],
  ['DoubleDeserializer', (bytes) => javaDouble(exactly(bytes, 8, 'Deserializer').getFloat64(0))],
  ['UUIDDeserializer', uuidText],
  ['BytesDeserializer', bytesText],
]);

/** Class names without a text form of their own (`[B@1b2c3d`): the bytes are shown as they are. */
const AS_THEY_ARE = new Set(['ByteArrayDeserializer', 'ByteBufferDeserializer']);

/**
 * The deserializer of a Java class name; null for those that hand the bytes through. Throws ConfigException for a
 * class that isn't built in: no code is loaded by name.
 */
export function deserializerFor(className: string, key: string): Deserializer | null {
  const name = className.startsWith(PACKAGE) ? className.slice(PACKAGE.length) : className;
  if (AS_THEY_ARE.has(name)) return null;
  const deserializer = DESERIALIZERS.get(name);
  if (deserializer) return deserializer;
  throw new ConfigException(`Unable to instantiate a deserializer from ${className}`, {
    key,
    code: 'UNKNOWN_CLASS',
    hint: `Use one of ${[...DESERIALIZERS.keys(), ...AS_THEY_ARE].map((n) => PACKAGE + n).join(', ')}.`,
  });
}

function exactly(bytes: Uint8Array, length: number, name: string): DataView {
  if (bytes.length !== length) {
    throw new SerializationException(`Size of data received by ${name} is not ${length}`, { code: 'SERIALIZATION' });
  }
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function booleanText(byte: number): string {
  if (byte > 1) throw new SerializationException(`Unexpected byte received by BooleanDeserializer: ${byte}`);
  return byte === 1 ? 'true' : 'false';
}

/** `java.util.UUID.fromString(text).toString()`: short groups are padded, over-long ones cut to their width. */
function uuidText(bytes: Uint8Array): string {
  const groups = /^([0-9a-f]{1,16})-([0-9a-f]{1,16})-([0-9a-f]{1,16})-([0-9a-f]{1,16})-([0-9a-f]{1,16})$/i.exec(
    utf8.decode(bytes),
  );
  if (!groups) throw new SerializationException('Error parsing data into UUID', { code: 'SERIALIZATION' });
  const widths = [8, 4, 4, 4, 12];
  return widths.map((width, i) => (groups[i + 1] as string).toLowerCase().padStart(width, '0').slice(-width)).join('-');
}

/** `org.apache.kafka.common.utils.Bytes.toString()`: printable ASCII as it is, a backslash and the rest as `\xNN`. */
function bytesText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    const printable = byte >= 0x20 && byte <= 0x7e && byte !== 0x5c;
    text += printable ? String.fromCharCode(byte) : `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}
