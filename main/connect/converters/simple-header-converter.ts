import { isUtf8 } from 'node:buffer';
import { configDef } from '../api/config-def.ts';
import type { HeaderConverterPlugin, SchemaAndValue } from '../api/plugins.ts';
import { Schema } from '../api/schema.ts';
import { parseValue } from '../api/values-parser.ts';
import { valuesText } from '../api/values-text.ts';
import { KAFKA_VERSION } from '../api/versions.ts';

/**
 * Text whose type is guessed. The worker's default for headers. Java:
 * `org.apache.kafka.connect.storage.SimpleHeaderConverter`, except that bytes which are no UTF-8 stay bytes.
 */
export const simpleHeaderConverter: HeaderConverterPlugin = {
  kind: 'header_converter',
  className: 'org.apache.kafka.connect.storage.SimpleHeaderConverter',
  version: KAFKA_VERSION,
  summary: 'Text; when reading, numbers, booleans, dates, lists and maps are recognised.',
  config: configDef({}),
  create: () => ({
    fromConnectHeader: (_topic, { schema, value }) =>
      value === null || value === undefined ? null : Buffer.from(valuesText(schema, value), 'utf8'),
    toConnectHeader: (_topic, { value }) => (value === null ? { schema: null, value: null } : guess(value)),
  }),
};

function guess(bytes: Uint8Array): SchemaAndValue {
  if (!isUtf8(bytes)) return { schema: Schema.BYTES_SCHEMA, value: bytes };
  try {
    return parseValue(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'));
  } catch (error) {
    // Nested too deep: Connect takes the bytes then.
    if (!(error instanceof RangeError)) throw error;
    return { schema: Schema.BYTES_SCHEMA, value: bytes };
  }
}
