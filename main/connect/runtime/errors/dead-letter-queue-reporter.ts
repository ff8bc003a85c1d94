import { ConnectException, KafkaException, traceOf } from '../../../../common/errors.ts';
import type { ConsumerRecord, ProducerRecord, RecordHeader } from '../../../../common/kafka/records.ts';
import type { Logger } from '../../../../common/logger.ts';
import type { Admin, Producer } from '../../../kafka/api.ts';
import { HiddenValues } from '../hidden-values.ts';
import type { TaskMetrics } from '../task-metrics.ts';
import type { ErrorReporter, FailedOperation } from './stage.ts';

export interface DeadLetterQueueOptions {
  topic: string;
  contextHeaders: boolean;
  connector: string;
  task: number;
  producer: Producer;
  metrics: TaskMetrics;
  /** Not to be seen in headers either. */
  hidden?: HiddenValues;
}

/**
 * Writes failed records to a topic as they were read: key, value, headers and timestamp byte for byte, and behind
 * the headers those that say what happened. Java: `DeadLetterQueueReporter`; unlike there every write is awaited
 * before offsets are committed.
 */
export class DeadLetterQueueReporter implements ErrorReporter<ConsumerRecord> {
  readonly #options: DeadLetterQueueOptions;

  constructor(options: DeadLetterQueueOptions) {
    this.#options = options;
  }

  report(failure: FailedOperation<ConsumerRecord>): Promise<void> {
    const { topic, producer, metrics } = this.#options;
    const { original } = failure;
    const record: ProducerRecord = {
      topic,
      key: original.key,
      value: original.value,
      headers: this.#options.contextHeaders ? [...original.headers, ...this.#context(failure)] : original.headers,
      timestamp: original.timestamp < 0n ? null : original.timestamp,
    };
    return new Promise((resolve, reject) => {
      producer.send(record, (_, error) => {
        if (error === null) {
          metrics.deadLetters++;
          resolve();
        } else {
          reject(
            new ConnectException(`Could not produce message to dead letter queue. topic=${topic}`, {
              key: topic,
              cause: error,
            }),
          );
        }
      });
    });
  }

  async close(): Promise<void> {
    await this.#options.producer.close();
  }

  #context({ original, stage, executingClass, error }: FailedOperation<ConsumerRecord>): RecordHeader[] {
    const { connector, task, hidden = new HiddenValues() } = this.#options;
    const javaClass = error instanceof KafkaException ? error.javaClass : `java.lang.${error.name}`;
    return [
      header('topic', original.topic),
      header('partition', String(original.partition)),
      header('offset', String(original.offset)),
      header('connector.name', connector),
      header('task.id', String(task)),
      header('stage', stage),
      header('class.name', executingClass),
      header('exception.class.name', javaClass),
      header('exception.message', hidden.hide(error.message)),
      header('exception.stacktrace', hidden.hide(traceOf(error))),
    ];
  }
}

function header(name: string, text: string): RecordHeader {
  return { key: Buffer.from(`__connect.errors.${name}`, 'utf8'), value: Buffer.from(text, 'utf8') };
}

/** Makes the topic when it is missing: one partition, as Connect does. Rejects with ConnectException. */
export async function ensureDeadLetterTopic(
  admin: Admin,
  topic: string,
  replicationFactor: number,
  logger: Logger,
): Promise<void> {
  try {
    if ((await admin.listTopics()).includes(topic)) return;
    logger.info(`Topic ${topic} for the dead letter queue doesn't exist and is created`);
    await admin.createTopics([{ name: topic, numPartitions: 1, replicationFactor }]);
  } catch (error) {
    if ((error as Error).name === 'TopicExistsException') return;
    throw new ConnectException(`Could not initialize dead letter queue with topic=${topic}`, {
      key: topic,
      hint: 'Create the topic by hand, or set errors.deadletterqueue.topic.replication.factor to the number of brokers (1 for one).',
      cause: error,
    });
  }
}
