import { DataException } from '../../../common/errors.ts';
import { JsonReader } from '../api/json-reader.ts';
import type { SchemaAndValue } from '../api/plugins.ts';
import type { Schema } from '../api/schema.ts';
import { schemaFromJson } from './json-schema.ts';
import { readLaidOut } from './json-struct-layout.ts';
import { type ReadOptions, readValue } from './json-value-reader.ts';

const HEAD = '{"schema":';
const MIDDLE = ',"payload":';

/**
 * Reads `{"schema": …, "payload": …}`. A schema's text is seldom new: it is compared with the last one and looked up
 * among those known before anything in it is parsed. At most `cacheSize` are kept, the oldest goes first.
 */
export class EnvelopeReader {
  readonly #cacheSize: number;
  readonly #options: ReadOptions;
  readonly #schemas = new Map<string, Schema | null>();
  #lastText = '';
  #lastSchema: Schema | null = null;

  constructor(cacheSize: number, options: ReadOptions) {
    this.#cacheSize = cacheSize;
    this.#options = options;
  }

  read(text: string): SchemaAndValue {
    return this.#readKnown(text) ?? this.#readAny(text);
  }

  /** The envelope as JsonConverter writes it, with the same schema as the last one; undefined for any other. */
  #readKnown(text: string): SchemaAndValue | undefined {
    const last = this.#lastText;
    const middle = HEAD.length + last.length;
    // Not `startsWith`: that compares character by character, many times slower than two strings are compared.
    if (last === '' || !text.startsWith(HEAD) || text.slice(HEAD.length, middle) !== last) return undefined;
    if (!text.startsWith(MIDDLE, middle)) return undefined;
    const schema = this.#lastSchema;
    const start = middle + MIDDLE.length;
    const reader = new JsonReader(text, 'exact', start);
    if (schema?.type === 'STRUCT') {
      const struct = readLaidOut(schema, reader, this.#options);
      if (struct !== undefined && reader.skipSpace() === 0x7d) return { schema, value: struct };
      reader.at = start;
    }
    const payload = reader.readMember();
    if (reader.skipSpace() !== 0x7d) return undefined;
    return { schema, value: readValue(schema, payload, this.#options) };
  }

  #readAny(text: string): SchemaAndValue {
    const envelope = new JsonReader(text, 'exact').read();
    if (!(envelope instanceof Map) || envelope.size !== 2 || !envelope.has('schema') || !envelope.has('payload'))
      throw new DataException(
        'JsonConverter with schemas.enable requires "schema" and "payload" fields and may not contain additional ' +
          'fields. If you are trying to deserialize plain JSON data, set schemas.enable=false in your converter ' +
          'configuration.',
      );
    const schema = this.#schema(text, envelope.get('schema'));
    return { schema, value: readValue(schema, envelope.get('payload'), this.#options) };
  }

  #schema(text: string, json: unknown): Schema | null {
    const schemaText = writtenFirst(text);
    const known = schemaText === undefined ? undefined : this.#schemas.get(schemaText);
    const schema = known ?? schemaFromJson(json, this.#options);
    if (schemaText === undefined) return schema;
    this.#schemas.delete(schemaText);
    this.#schemas.set(schemaText, schema);
    if (this.#schemas.size > this.#cacheSize) this.#schemas.delete(this.#schemas.keys().next().value as string);
    this.#lastText = schemaText;
    this.#lastSchema = schema;
    return schema;
  }
}

/** The schema's text when the envelope begins with it as JsonConverter writes it. */
function writtenFirst(text: string): string | undefined {
  if (!text.startsWith(HEAD)) return undefined;
  const reader = new JsonReader(text, 'exact', HEAD.length);
  reader.readMember();
  // Copied, so that the cache does not hold on to the whole record.
  return text.startsWith(MIDDLE, reader.at) ? Buffer.from(text.slice(HEAD.length, reader.at)).toString() : undefined;
}
