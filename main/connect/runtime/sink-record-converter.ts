import type { ConsumerRecord } from '../../../common/kafka/records.ts';
import type { SchemaAndValue } from '../api/plugins.ts';
import type { ConnectHeader, SinkRecord } from '../api/records.ts';
import { type Converters, converterClass } from './converters.ts';
import type { Stage } from './errors/stage.ts';

const NO_HEADERS: readonly ConnectHeader[] = [];

/** From a record's bytes to a sink record. After `convert` threw, `stage` and `executingClass` say where. */
export class SinkRecordConverter {
  readonly #converters: Converters;
  #stage: Stage = 'KEY_CONVERTER';

  constructor(converters: Converters) {
    this.#converters = converters;
  }

  get stage(): Stage {
    return this.#stage;
  }

  get executingClass(): string {
    return converterClass(this.#converters, this.#stage);
  }

  convert(record: ConsumerRecord): SinkRecord {
    const { topic, partition, offset } = record;
    this.#stage = 'KEY_CONVERTER';
    const key: SchemaAndValue = this.#converters.key.converter.toConnectData(topic, record.key);
    this.#stage = 'VALUE_CONVERTER';
    const value: SchemaAndValue = this.#converters.value.converter.toConnectData(topic, record.value);
    this.#stage = 'HEADER_CONVERTER';
    return {
      topic,
      kafkaPartition: partition,
      keySchema: key.schema,
      key: key.value,
      valueSchema: value.schema,
      value: value.value,
      timestamp: record.timestamp < 0n ? null : record.timestamp,
      headers: record.headers.length === 0 ? NO_HEADERS : this.#headers(record),
      kafkaOffset: offset,
      timestampType: record.timestampType,
      originalTopic: topic,
      originalKafkaPartition: partition,
      originalKafkaOffset: offset,
    };
  }

  #headers(record: ConsumerRecord): ConnectHeader[] {
    const { converter } = this.#converters.header;
    return record.headers.map((header) => {
      const key = Buffer.from(header.key.buffer, header.key.byteOffset, header.key.length).toString('utf8');
      const { schema, value } = converter.toConnectHeader(record.topic, { ...header, name: key });
      return { key, schema, value };
    });
  }
}
