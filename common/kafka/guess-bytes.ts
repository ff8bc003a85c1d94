/** Beginnings that name what follows them. */
const MAGIC: readonly (readonly [prefix: readonly number[], what: string])[] = [
  [[0x1f, 0x8b], 'gzip'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'Zstandard'],
  [[0x04, 0x22, 0x4d, 0x18], 'LZ4'],
  [[0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59], 'Snappy (xerial)'],
  [[0x50, 0x4b, 0x03, 0x04], 'a ZIP archive'],
  [[0x4f, 0x62, 0x6a, 0x01], 'an Avro file'],
  [[0x50, 0x41, 0x52, 0x31], 'a Parquet file'],
  [[0xc3, 0x01], 'an Avro single object'],
  [[0xac, 0xed, 0x00, 0x05], 'a serialized Java object'],
  [[0x89, 0x50, 0x4e, 0x47], 'a PNG image'],
  [[0xff, 0xd8, 0xff], 'a JPEG image'],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF document'],
  [[0xfe, 0xff], 'UTF-16 text'],
  [[0xff, 0xfe], 'UTF-16 text'],
];

/**
 * What bytes that are no text look like, as the end of "this …": `starts like schema registry id 42`. A guess, and
 * worded as one. Undefined when nothing fits.
 */
export function guessBytes(bytes: Uint8Array): string | undefined {
  for (const [prefix, what] of MAGIC) {
    if (prefix.every((byte, index) => bytes[index] === byte)) return `starts like ${what}`;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length === 8) return `8 bytes: as a long ${view.getBigInt64(0)}`;
  if (bytes.length === 4) return `4 bytes: as an integer ${view.getInt32(0)}`;
  if (bytes.length === 16 && ((bytes[8]! & 0xc0) === 0x80 || (bytes[6]! & 0xf0) === 0x40)) return '16 bytes: as a UUID';
  // The framing of Confluent's serializers: a zero byte, then the schema's id as int32.
  if (bytes.length > 5 && bytes[0] === 0) return `starts like schema registry id ${view.getInt32(1)}`;
  return undefined;
}
