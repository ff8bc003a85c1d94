import { DataException } from '../../../common/errors.ts';
import { configDef } from '../api/config-def.ts';
import { javaClassOf } from '../api/java-class.ts';
import type { ConverterPlugin } from '../api/plugins.ts';
import { Schema } from '../api/schema.ts';
import { KAFKA_VERSION } from '../api/versions.ts';
import { CONVERTER_TYPE } from './converter-config.ts';

interface Primitive {
  /** Of the class: `Short` for ShortConverter. */
  name: string;
  /** In messages. */
  typeName: string;
  /** How Kafka's deserializer calls itself. */
  deserializer: string;
  schema: Schema;
  size: number;
  fits(value: unknown): boolean;
  write(buffer: Buffer, value: never): void;
  read(buffer: Buffer): unknown;
}

const PRIMITIVES: readonly Primitive[] = [
  {
    name: 'Short',
    typeName: 'short',
    deserializer: 'ShortDeserializer',
    schema: Schema.OPTIONAL_INT16_SCHEMA,
    size: 2,
    fits: (value) => typeof value === 'number' && (value << 16) >> 16 === value,
    write: (buffer, value: number) => buffer.writeInt16BE(value),
    read: (buffer) => buffer.readInt16BE(),
  },
  {
    name: 'Integer',
    typeName: 'integer',
    deserializer: 'IntegerDeserializer',
    schema: Schema.OPTIONAL_INT32_SCHEMA,
    size: 4,
    fits: (value) => typeof value === 'number' && (value | 0) === value,
    write: (buffer, value: number) => buffer.writeInt32BE(value),
    read: (buffer) => buffer.readInt32BE(),
  },
  {
    name: 'Long',
    typeName: 'long',
    deserializer: 'LongDeserializer',
    schema: Schema.OPTIONAL_INT64_SCHEMA,
    size: 8,
    fits: (value) => typeof value === 'bigint' && BigInt.asIntN(64, value) === value,
    write: (buffer, value: bigint) => buffer.writeBigInt64BE(value),
    read: (buffer) => buffer.readBigInt64BE(),
  },
  {
    name: 'Float',
    typeName: 'float',
    deserializer: 'Deserializer',
    schema: Schema.OPTIONAL_FLOAT32_SCHEMA,
    size: 4,
    fits: (value) => typeof value === 'number',
    write: (buffer, value: number) => buffer.writeFloatBE(value),
    read: (buffer) => buffer.readFloatBE(),
  },
  {
    name: 'Double',
    typeName: 'double',
    deserializer: 'Deserializer',
    schema: Schema.OPTIONAL_FLOAT64_SCHEMA,
    size: 8,
    fits: (value) => typeof value === 'number',
    write: (buffer, value: number) => buffer.writeDoubleBE(value),
    read: (buffer) => buffer.readDoubleBE(),
  },
];

/** One number in big-endian bytes, as Kafka's serializers write it. Java: `NumberConverter` and its subclasses. */
export const numberConverters: readonly ConverterPlugin[] = PRIMITIVES.map((it) => ({
  kind: 'converter',
  className: `org.apache.kafka.connect.converters.${it.name}Converter`,
  version: KAFKA_VERSION,
  summary: `One ${it.typeName}, ${it.size} bytes in network order.`,
  config: configDef(CONVERTER_TYPE),
  create: () => ({
    fromConnectData(_topic, schema, value) {
      if (value === null || value === undefined) return null;
      if (!it.fits(value))
        throw new DataException(
          `Failed to serialize to ${it.typeName} (was class ${javaClassOf(value, schema ?? it.schema)}): `,
        );
      const buffer = Buffer.allocUnsafe(it.size);
      it.write(buffer, value as never);
      return buffer;
    },
    toConnectData(_topic, bytes) {
      if (bytes === null) return { schema: it.schema, value: null };
      if (bytes.length !== it.size)
        throw new DataException(
          `Failed to deserialize ${it.typeName}: Size of data received by ${it.deserializer} is not ${it.size}`,
        );
      return { schema: it.schema, value: it.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)) };
    },
  }),
}));

/** One byte, 0 or 1. Java: `org.apache.kafka.connect.converters.BooleanConverter`. */
export const booleanConverter: ConverterPlugin = {
  kind: 'converter',
  className: 'org.apache.kafka.connect.converters.BooleanConverter',
  version: KAFKA_VERSION,
  summary: 'One boolean, a byte 0 or 1.',
  config: configDef(CONVERTER_TYPE),
  create: () => ({
    fromConnectData(_topic, schema, value) {
      if (schema !== null && schema.type !== 'BOOLEAN')
        throw new DataException(`Invalid schema type for BooleanConverter: ${schema.type}`);
      if (value === null || value === undefined) return null;
      if (typeof value === 'boolean') return Uint8Array.of(value ? 1 : 0);
      throw new DataException(
        `BooleanConverter is not compatible with objects of type class ${javaClassOf(value, schema)}`,
      );
    },
    toConnectData(_topic, bytes) {
      const schema = Schema.OPTIONAL_BOOLEAN_SCHEMA;
      if (bytes === null) return { schema, value: null };
      if (bytes.length !== 1)
        throw new DataException('Failed to deserialize boolean: Size of data received by BooleanDeserializer is not 1');
      const byte = bytes[0] as number;
      if (byte > 1)
        throw new DataException(
          `Failed to deserialize boolean: Unexpected byte received by BooleanDeserializer: ${(byte << 24) >> 24}`,
        );
      return { schema, value: byte === 1 };
    },
  }),
};
