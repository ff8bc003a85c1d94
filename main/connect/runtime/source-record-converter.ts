import { DataException } from '../../../common/errors.ts';
import type { ProducerRecord, RecordHeader } from '../../../common/kafka/records.ts';
import type { SourceRecord } from '../api/records.ts';
import { type Converters, converterClass } from './converters.ts';
import type { Stage } from './errors/stage.ts';

const NO_HEADERS: readonly RecordHeader[] = [];

/** From a transformed record to bytes for Kafka. After `convert` threw, `stage` and `executingClass` say where. */
export class SourceRecordConverter {
  readonly #converters: Converters;
  #stage: Stage = 'HEADER_CONVERTER';

  constructor(converters: Converters) {
    this.#converters = converters;
  }

  get stage(): Stage {
    return this.#stage;
  }

  get executingClass(): string {
    return converterClass(this.#converters, this.#stage);
  }

  convert(record: SourceRecord): ProducerRecord {
    const { key, value } = this.#converters;
    const { topic } = record;
    this.#stage = 'HEADER_CONVERTER';
    const headers = record.headers.length === 0 ? NO_HEADERS : this.#headers(record);
    this.#stage = 'KEY_CONVERTER';
    const keyBytes = key.converter.fromConnectData(topic, record.keySchema, record.key);
    this.#stage = 'VALUE_CONVERTER';
    const valueBytes = value.converter.fromConnectData(topic, record.valueSchema, record.value);
    return {
      topic,
      partition: record.kafkaPartition,
      key: keyBytes,
      value: valueBytes,
      headers,
      timestamp: timestampOf(record),
    };
  }

  #headers(record: SourceRecord): RecordHeader[] {
    const { converter } = this.#converters.header;
    return record.headers.map((header) => ({
      key: Buffer.from(header.key, 'utf8'),
      value: converter.fromConnectHeader(record.topic, header),
    }));
  }
}

/** -1 stands for none, as in a record batch; below that nothing can be stored. Java: `checkAndConvertTimestamp`. */
function timestampOf(record: SourceRecord): bigint | null {
  const { timestamp } = record;
  if (timestamp === null || timestamp === undefined || timestamp >= 0n) return timestamp ?? null;
  if (timestamp === -1n) return null;
  throw new DataException(`Invalid record timestamp ${timestamp}`);
}
