import { ConfigException } from '../../common/errors.ts';
import type { ConsumerRecord } from '../../common/kafka/records.ts';
import { type Deserializer, deserializerFor } from './deserializers.ts';
import type { OutputBuffer } from './output-buffer.ts';

/** Writes one record; what it has written before it throws stays written, as on Java's PrintStream. */
export interface MessageFormatter {
  writeTo(record: ConsumerRecord, output: OutputBuffer): void;
}

const PACKAGE = 'org.apache.kafka.tools.consumer.';
const utf8 = (text: string) => new TextEncoder().encode(text);
const utf8Decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * The formatter of a Java class name with its `--formatter-property` settings. Throws ConfigException for a class that
 * isn't built in.
 */
export function messageFormatter(className: string, properties: ReadonlyMap<string, string>): MessageFormatter {
  const name = className.startsWith(PACKAGE) ? className.slice(PACKAGE.length) : className;
  switch (name) {
    case 'DefaultMessageFormatter':
    case 'kafka.tools.DefaultMessageFormatter':
      return new DefaultMessageFormatter(properties);
    case 'NoOpMessageFormatter':
    case 'kafka.tools.NoOpMessageFormatter':
      return { writeTo: () => {} };
    default:
      throw new ConfigException(`Formatter ${className} is not known`, {
        key: 'formatter',
        code: 'UNKNOWN_CLASS',
        hint: `Use ${PACKAGE}DefaultMessageFormatter or ${PACKAGE}NoOpMessageFormatter.`,
      });
  }
}

type WriteColumn = (record: ConsumerRecord, output: OutputBuffer) => void;

/** Java: `org.apache.kafka.tools.consumer.DefaultMessageFormatter` of Kafka 4.3. */
export class DefaultMessageFormatter implements MessageFormatter {
  /** In the order of the line; each is followed by the key separator, the last one by the line separator. */
  readonly #columns: WriteColumn[] = [];
  readonly #keySeparator: Uint8Array;
  readonly #lineSeparator: Uint8Array;
  readonly #headersSeparator: Uint8Array;
  readonly #nullLiteral: Uint8Array;

  constructor(properties: ReadonlyMap<string, string>) {
    const on = (name: string, otherwise = false) =>
      properties.has(name) ? (properties.get(name) as string).trim().toLowerCase() === 'true' : otherwise;
    const bytes = (name: string, otherwise: string) => utf8(properties.get(name) ?? otherwise);
    const deserializer = (name: string) =>
      properties.has(name) ? deserializerFor(properties.get(name) as string, name) : null;
    this.#keySeparator = bytes('key.separator', '\t');
    this.#lineSeparator = bytes('line.separator', '\n');
    this.#headersSeparator = bytes('headers.separator', ',');
    this.#nullLiteral = bytes('null.literal', 'null');

    if (on('print.timestamp')) this.#columns.push(writeTimestamp);
    if (on('print.partition')) this.#columns.push((record, output) => output.text(`Partition:${record.partition}`));
    if (on('print.offset')) this.#columns.push((record, output) => output.text(`Offset:${record.offset}`));
    // The console consumer hands on neither, so Kafka's own prints this for every record as well.
    if (on('print.delivery')) this.#columns.push((_, output) => output.text('Delivery:NOT_PRESENT'));
    if (on('print.epoch')) this.#columns.push((_, output) => output.text('Epoch:NOT_PRESENT'));
    if (on('print.headers')) {
      // The help text says header.deserializer, the code reads headers.deserializer: both are taken.
      const ofHeaders = deserializer('headers.deserializer') ?? deserializer('header.deserializer');
      this.#columns.push((record, output) => this.#writeHeaders(record, ofHeaders, output));
    }
    if (on('print.key')) {
      const ofKey = deserializer('key.deserializer');
      this.#columns.push((record, output) => this.#writeBytes(record.key, ofKey, output));
    }
    if (on('print.value', true)) {
      const ofValue = deserializer('value.deserializer');
      this.#columns.push((record, output) => this.#writeBytes(record.value, ofValue, output));
    }
  }

  writeTo(record: ConsumerRecord, output: OutputBuffer): void {
    const last = this.#columns.length - 1;
    for (let i = 0; i <= last; i++) {
      (this.#columns[i] as WriteColumn)(record, output);
      output.bytes(i === last ? this.#lineSeparator : this.#keySeparator);
    }
  }

  #writeHeaders(record: ConsumerRecord, deserializer: Deserializer | null, output: OutputBuffer): void {
    if (record.headers.length === 0) output.text('NO_HEADERS');
    record.headers.forEach((header, i) => {
      if (i > 0) output.bytes(this.#headersSeparator);
      output.text(`${utf8Decoder.decode(header.key)}:`);
      this.#writeBytes(header.value, deserializer, output);
    });
  }

  /** Kafka's quirk is kept: a deserializer is given the null literal's bytes when there is no value. */
  #writeBytes(bytes: Uint8Array | null, deserializer: Deserializer | null, output: OutputBuffer): void {
    const present = bytes ?? this.#nullLiteral;
    if (deserializer) output.text(deserializer(present));
    else output.bytes(present);
  }
}

function writeTimestamp(record: ConsumerRecord, output: OutputBuffer): void {
  output.text(
    record.timestampType === 'NoTimestampType' ? 'NO_TIMESTAMP' : `${record.timestampType}:${record.timestamp}`,
  );
}
