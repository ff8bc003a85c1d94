import { ConfigException, KafkaException } from '../../common/errors.ts';
import type { ProducerRecord, RecordHeader } from '../../common/kafka/records.ts';

const encoder = new TextEncoder();

/**
 * Makes a record of a line: headers, key and value cut at separators. Java: `org.apache.kafka.tools.LineMessageReader`.
 * Throws KafkaException naming the line number unless `ignore.error` is set.
 */
export class LineMessageReader {
  readonly #topic: string;
  readonly #parseKey: boolean;
  readonly #parseHeaders: boolean;
  readonly #ignoreError: boolean;
  readonly #keySeparator: string;
  readonly #headersDelimiter: string;
  readonly #headersSeparator: string;
  readonly #headersKeySeparator: string;
  readonly #nullMarker: string | undefined;
  #lineNumber = 0;

  constructor(topic: string, properties: ReadonlyMap<string, string>) {
    const on = (name: string) => properties.get(name)?.trim().toLowerCase() === 'true';
    this.#topic = topic;
    this.#parseKey = on('parse.key');
    this.#parseHeaders = on('parse.headers');
    this.#ignoreError = on('ignore.error');
    this.#keySeparator = properties.get('key.separator') ?? '\t';
    this.#headersDelimiter = properties.get('headers.delimiter') ?? '\t';
    this.#headersSeparator = properties.get('headers.separator') ?? ',';
    this.#headersKeySeparator = properties.get('headers.key.separator') ?? ':';
    this.#nullMarker = properties.get('null.marker');
    this.#mayNotBeEqual([
      ['headers.delimiter', this.#headersDelimiter, 'headers.separator', this.#headersSeparator],
      ['headers.delimiter', this.#headersDelimiter, 'headers.key.separator', this.#headersKeySeparator],
      ['headers.separator', this.#headersSeparator, 'headers.key.separator', this.#headersKeySeparator],
      ['null.marker', this.#nullMarker, 'key.separator', this.#keySeparator],
      ['null.marker', this.#nullMarker, 'headers.separator', this.#headersSeparator],
      ['null.marker', this.#nullMarker, 'headers.delimiter', this.#headersDelimiter],
      ['null.marker', this.#nullMarker, 'headers.key.separator', this.#headersKeySeparator],
    ]);
  }

  read(line: string): ProducerRecord {
    this.#lineNumber += 1;
    const headers = this.#cut(this.#parseHeaders, line, 0, this.#headersDelimiter, 'headers delimiter');
    const keyStart = headers === undefined ? 0 : headers.length + this.#headersDelimiter.length;
    const key = this.#cut(this.#parseKey, line, keyStart, this.#keySeparator, 'key separator');
    const value = line.slice(keyStart + (key === undefined ? 0 : key.length + this.#keySeparator.length));
    return {
      topic: this.#topic,
      key: key === undefined ? null : this.#bytes(key),
      value: this.#bytes(value),
      headers: headers === undefined || headers === this.#nullMarker ? [] : this.#headers(headers),
    };
  }

  #bytes(text: string): Uint8Array | null {
    return text === this.#nullMarker ? null : encoder.encode(text);
  }

  #cut(enabled: boolean, line: string, from: number, separator: string, name: string): string | undefined {
    if (!enabled) return undefined;
    const end = line.indexOf(separator, from);
    if (end !== -1) return line.slice(from, end);
    if (this.#ignoreError) return undefined;
    throw new KafkaException(`No ${name} found on line number ${this.#lineNumber}: '${line}'`, {
      code: 'INVALID_LINE',
      hint: `Write the ${name} into each line, or set ignore.error=true to take such a line as a value.`,
    });
  }

  #headers(text: string): RecordHeader[] {
    const pairs = text.split(this.#headersSeparator);
    // As Java's split does: what is empty at the end is not there.
    while (pairs.length > 1 && pairs.at(-1) === '') pairs.pop();
    return pairs.map((pair) => {
      const end = pair.indexOf(this.#headersKeySeparator);
      if (end === -1) {
        if (this.#ignoreError) return { key: encoder.encode(pair), value: null };
        throw new KafkaException(`No header key separator found in pair '${pair}' on line number ${this.#lineNumber}`, {
          code: 'INVALID_LINE',
        });
      }
      const key = pair.slice(0, end);
      if (key === this.#nullMarker) {
        throw new KafkaException(
          `Header keys should not be equal to the null marker '${this.#nullMarker}' as they can't be null`,
          { code: 'INVALID_LINE' },
        );
      }
      return { key: encoder.encode(key), value: this.#bytes(pair.slice(end + this.#headersKeySeparator.length)) };
    });
  }

  #mayNotBeEqual(pairs: [string, string | undefined, string, string][]): void {
    for (const [name, value, other, otherValue] of pairs) {
      if (value === otherValue) throw new ConfigException(`${name} and ${other} may not be equal`, { key: name });
    }
  }
}
