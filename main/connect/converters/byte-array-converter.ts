import { DataException } from '../../../common/errors.ts';
import { configDef } from '../api/config-def.ts';
import { javaClassOf } from '../api/java-class.ts';
import type { ConverterPlugin } from '../api/plugins.ts';
import { Schema } from '../api/schema.ts';
import { KAFKA_VERSION } from '../api/versions.ts';
import { CONVERTER_TYPE } from './converter-config.ts';

/** Bytes as they are, both ways. Java: `org.apache.kafka.connect.converters.ByteArrayConverter`. */
export const byteArrayConverter: ConverterPlugin = {
  kind: 'converter',
  className: 'org.apache.kafka.connect.converters.ByteArrayConverter',
  version: KAFKA_VERSION,
  summary: 'Bytes, passed on unchanged.',
  config: configDef(CONVERTER_TYPE),
  create: () => ({
    fromConnectData(_topic, schema, value) {
      if (schema !== null && schema.type !== 'BYTES')
        throw new DataException(`Invalid schema type for ByteArrayConverter: ${schema.type}`);
      if (value === null || value === undefined) return null;
      if (value instanceof Uint8Array) return value;
      throw new DataException(
        `ByteArrayConverter is not compatible with objects of type class ${javaClassOf(value, schema)}`,
      );
    },
    toConnectData: (_topic, bytes) => ({ schema: Schema.OPTIONAL_BYTES_SCHEMA, value: bytes }),
  }),
};
