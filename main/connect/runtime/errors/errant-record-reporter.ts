import type { ConsumerRecord } from '../../../../common/kafka/records.ts';
import type { SinkRecord } from '../../api/records.ts';
import type { Converters } from '../converters.ts';
import type { RetryWithToleranceOperator } from './retry-with-tolerance-operator.ts';
import { asError } from './retry-with-tolerance-operator.ts';

/**
 * What a sink task calls for a single record that it can't write while the rest of the batch goes on. Java:
 * `WorkerErrantRecordReporter`.
 */
export class WorkerErrantRecordReporter {
  readonly #operator: RetryWithToleranceOperator<ConsumerRecord>;
  readonly #converters: Converters;
  /** From the record that the task was given to what was read; the task may report a record of its own making. */
  readonly #originals = new WeakMap<SinkRecord, ConsumerRecord>();
  #failure: Error | null = null;

  constructor(operator: RetryWithToleranceOperator<ConsumerRecord>, converters: Converters) {
    this.#operator = operator;
    this.#converters = converters;
  }

  remember(record: SinkRecord, original: ConsumerRecord): void {
    this.#originals.set(record, original);
  }

  /** Resolves when there is room for the next; the reports themselves are awaited before offsets are committed. */
  async report(record: SinkRecord, error: Error): Promise<void> {
    try {
      await this.#operator.executeFailed({
        original: this.#originals.get(record) ?? this.#rebuilt(record),
        stage: 'TASK_PUT',
        executingClass: 'org.apache.kafka.connect.sink.SinkTask',
        error: asError(error),
      });
    } catch (exceeded) {
      this.#failure ??= asError(exceeded);
      throw exceeded;
    }
  }

  /** The task may have swallowed that the tolerance was exceeded: it has to end all the same. */
  throwFailure(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  #rebuilt(record: SinkRecord): ConsumerRecord {
    const { key, value, header } = this.#converters;
    return {
      topic: record.topic,
      partition: record.kafkaPartition,
      offset: record.kafkaOffset,
      timestamp: record.timestamp ?? -1n,
      timestampType: record.timestampType,
      leaderEpoch: null,
      key: key.converter.fromConnectData(record.topic, record.keySchema, record.key),
      value: value.converter.fromConnectData(record.topic, record.valueSchema, record.value),
      headers: record.headers.map((it) => ({
        key: Buffer.from(it.key, 'utf8'),
        value: header.converter.fromConnectHeader(record.topic, it),
      })),
    };
  }
}
