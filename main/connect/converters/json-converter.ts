import { DataException } from '../../../common/errors.ts';
import { configDef, type ParsedConfig } from '../api/config-def.ts';
import { parseConfig } from '../api/config-validation.ts';
import { decodeJson } from '../api/json-encoding.ts';
import { JsonException } from '../api/json-exception.ts';
import { parseExactJson, parseJson } from '../api/json-reader.ts';
import type { Converter, ConverterPlugin, SchemaAndValue } from '../api/plugins.ts';
import type { Schema } from '../api/schema.ts';
import { caseInsensitiveValidString } from '../api/validators.ts';
import { KAFKA_VERSION } from '../api/versions.ts';
import { CONVERTER_TYPE, withType } from './converter-config.ts';
import { EnvelopeReader } from './json-envelope.ts';
import { schemaFromJson, schemaToJson } from './json-schema.ts';
import { readValue } from './json-value-reader.ts';
import { type WriteOptions, writeValue } from './json-value-writer.ts';

const config = configDef({
  ...CONVERTER_TYPE,
  'schemas.enable': {
    type: 'BOOLEAN',
    default: true,
    importance: 'HIGH',
    doc: 'Write each value with its schema beside it, {"schema": …, "payload": …}, and expect that when reading.',
    group: 'Schemas',
    order: 0,
    width: 'MEDIUM',
    displayName: 'Enable Schemas',
  },
  'schemas.cache.size': {
    type: 'INT',
    default: 1000,
    importance: 'HIGH',
    doc: 'How many schemas are kept ready.',
    group: 'Schemas',
    order: 1,
    width: 'MEDIUM',
    displayName: 'Schema Cache Size',
  },
  'schema.content': {
    type: 'STRING',
    default: null,
    importance: 'HIGH',
    doc: 'One schema, as JSON, for all messages that are read: they then hold the payload alone. Only with schemas.enable.',
    group: 'Schemas',
    order: 2,
    width: 'MEDIUM',
    displayName: 'Schema Content',
  },
  'decimal.format': {
    type: 'STRING',
    default: 'BASE64',
    validator: caseInsensitiveValidString('NUMERIC', 'BASE64'),
    importance: 'LOW',
    doc: 'How decimals are written: their bytes as BASE64 text, or as a NUMERIC literal. Both are read.',
    group: 'Serialization',
    order: 0,
    width: 'MEDIUM',
    displayName: 'Decimal Format',
  },
  'replace.null.with.default': {
    type: 'BOOLEAN',
    default: true,
    importance: 'LOW',
    doc: "Put a field's default where it is null.",
    group: 'Serialization',
    order: 1,
    width: 'MEDIUM',
    displayName: 'Replace null with default',
  },
});

/**
 * JSON, with or without schemas. Integers are exact within int64 and refused beyond; see `json-reader.ts` and
 * `json-value-reader.ts` for what is stricter than Connect. Java: `org.apache.kafka.connect.json.JsonConverter`.
 */
export const jsonConverter: ConverterPlugin = {
  kind: 'converter',
  className: 'org.apache.kafka.connect.json.JsonConverter',
  version: KAFKA_VERSION,
  summary: 'JSON, with the schema in each message (schemas.enable=true) or plain.',
  config,
  create: (map, isKey) => new JsonConverter(parseConfig(config, withType(map, isKey))),
};

class JsonConverter implements Converter {
  readonly #schemasEnabled: boolean;
  readonly #options: WriteOptions;
  readonly #fixedSchema: Schema | null;
  readonly #envelopes: EnvelopeReader;
  readonly #schemaTexts = new WeakMap<Schema, string>();

  constructor(parsed: ParsedConfig<typeof config.keys>) {
    this.#schemasEnabled = parsed['schemas.enable'];
    this.#options = {
      decimalFormat: parsed['decimal.format'].toUpperCase() === 'NUMERIC' ? 'NUMERIC' : 'BASE64',
      replaceNullWithDefault: parsed['replace.null.with.default'],
    };
    this.#envelopes = new EnvelopeReader(parsed['schemas.cache.size'], this.#options);
    this.#fixedSchema = this.#readContent(parsed['schema.content']);
  }

  fromConnectData(_topic: string, schema: Schema | null, value: unknown): Uint8Array | null {
    if (schema === null && (value === null || value === undefined)) return null;
    const payload = writeValue(schema, value, this.#options);
    return Buffer.from(
      this.#schemasEnabled ? `{"schema":${this.#schemaText(schema)},"payload":${payload}}` : payload,
      'utf8',
    );
  }

  toConnectData(_topic: string, bytes: Uint8Array | null): SchemaAndValue {
    if (bytes === null) return { schema: null, value: null };
    try {
      if (!this.#schemasEnabled) return { schema: null, value: parseJson(bytes) ?? null };
      if (this.#fixedSchema === null) return this.#envelopes.read(decodeJson(bytes));
      return {
        schema: this.#fixedSchema,
        value: readValue(this.#fixedSchema, parseExactJson(bytes), this.#options),
      };
    } catch (error) {
      if (!(error instanceof JsonException)) throw error;
      throw new DataException(
        `Converting byte[] to Kafka Connect data failed due to serialization error: ${error.message}`,
        { cause: error, hint: error.hint },
      );
    }
  }

  #readContent(content: string | null): Schema | null {
    if (content === null || content === '') return null;
    try {
      return schemaFromJson(parseExactJson(content) ?? null, this.#options);
    } catch (error) {
      if (!(error instanceof JsonException)) throw error;
      throw new DataException(
        `Failed to parse schema in converter config due to serialization error: ${error.message}`,
        { cause: error, key: 'schema.content' },
      );
    }
  }

  #schemaText(schema: Schema | null): string {
    if (schema === null) return 'null';
    let text = this.#schemaTexts.get(schema);
    if (text === undefined) {
      text = schemaToJson(schema, this.#options);
      this.#schemaTexts.set(schema, text);
    }
    return text;
  }
}
