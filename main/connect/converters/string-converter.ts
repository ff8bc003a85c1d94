import { configDef } from '../api/config-def.ts';
import { parseConfig } from '../api/config-validation.ts';
import { javaText } from '../api/java-text.ts';
import type { Converter, ConverterPlugin } from '../api/plugins.ts';
import { Schema } from '../api/schema.ts';
import { KAFKA_VERSION } from '../api/versions.ts';
import { type Charset, charset } from './charset.ts';
import { CONVERTER_TYPE, withType } from './converter-config.ts';

const config = configDef({
  ...CONVERTER_TYPE,
  'converter.encoding': {
    type: 'STRING',
    default: 'UTF-8',
    importance: 'HIGH',
    doc: 'Character set of the bytes, by its Java name.',
    width: 'MEDIUM',
    displayName: 'Encoding',
  },
});

/** Any value as Java prints it; bytes as text. Java: `org.apache.kafka.connect.storage.StringConverter`. */
export const stringConverter: ConverterPlugin = {
  kind: 'converter',
  className: 'org.apache.kafka.connect.storage.StringConverter',
  version: KAFKA_VERSION,
  summary: 'Text: strings as they are, any other value as Java prints it.',
  config,
  create: (map, isKey) => create(charset(parseConfig(config, withType(map, isKey))['converter.encoding'])),
};

function create({ encode, decode }: Charset): Converter {
  return {
    fromConnectData: (_topic, schema, value) =>
      value === null || value === undefined ? null : encode(javaText(schema, value)),
    toConnectData: (_topic, bytes) => ({
      schema: Schema.OPTIONAL_STRING_SCHEMA,
      value: bytes === null ? null : decode(bytes),
    }),
  };
}
