import type { ConsumerRecord, TopicPartition } from '../../common/kafka/records.ts';
import { topicPartitionKey } from '../../common/kafka/records.ts';
import type { Logger } from '../../common/logger.ts';
import type { Time } from '../../common/time.ts';
import type { ClientConfig, Consumer, KafkaClients, PartitionReader, StartOffset } from '../kafka/api.ts';
import type { MessageFormatter } from './message-formatter.ts';
import { OutputBuffer } from './output-buffer.ts';

const AUTO_COMMIT_INTERVAL_MS = 5000;

export interface ConsoleConsumerOptions {
  topic?: string;
  include?: RegExp;
  /** With it the partition is read by assignment, without a group. */
  partition?: number;
  start?: StartOffset;
  /** Java client settings; `group.id`, `auto.offset.reset`, `enable.auto.commit` among them. */
  consumerConfig: ClientConfig;
  formatter: MessageFormatter;
  maxMessages?: number;
  /** Ends when nothing has arrived for so long. */
  timeoutMs?: number;
  skipMessageOnError: boolean;
}

/** Where the text goes. False when nobody reads any more (a closed pipe): the consumer then ends. */
export type WriteOutput = (chunk: Buffer) => Promise<boolean>;

export interface ConsoleConsumerDependencies {
  clients: KafkaClients;
  time: Time;
  logger: Logger;
  write: WriteOutput;
}

/** One of both ways of reading, seen alike. */
interface Source {
  poll(timeoutMs: number): Promise<readonly ConsumerRecord[]>;
  wakeup(): void;
  /** `next` is the offset after the last record that was shown, for each partition that showed one. */
  commit(next: ReadonlyMap<string, TopicPartition & { offset: bigint }>): Promise<void>;
  close(): Promise<void>;
}

/**
 * Reads topics and writes each record by its formatter, until `maxMessages`, a time-out, `signal` or a closed output.
 * Java: `org.apache.kafka.tools.consumer.ConsoleConsumer`. Resolves to the number of records processed; rejects when
 * a record can't be formatted (unless it is to be skipped) or the cluster can't be read.
 */
export async function runConsoleConsumer(
  options: ConsoleConsumerOptions,
  { clients, time, logger, write }: ConsoleConsumerDependencies,
  signal: AbortSignal,
  onProgress: (processed: number) => void = () => {},
): Promise<number> {
  const source =
    options.partition === undefined ? groupSource(options, clients) : await assignedSource(options, clients);
  const wake = () => source.wakeup();
  signal.addEventListener('abort', wake);
  const output = new OutputBuffer();
  const next = new Map<string, TopicPartition & { offset: bigint }>();
  const commits = options.consumerConfig['enable.auto.commit'] !== 'false';
  const limit = options.maxMessages === undefined || options.maxMessages < 0 ? Infinity : options.maxMessages;
  let processed = 0;
  let lastRecordAt = time.hiResMilliseconds();
  let lastCommitAt = lastRecordAt;
  try {
    while (!signal.aborted && processed < limit) {
      const now = time.hiResMilliseconds();
      const remaining = options.timeoutMs === undefined ? 1000 : lastRecordAt + options.timeoutMs - now;
      const records = await source.poll(Math.max(0, Math.min(remaining, 1000)));
      for (const record of records) {
        if (processed >= limit) break;
        processed += 1;
        next.set(topicPartitionKey(record.topic, record.partition), { ...record, offset: record.offset + 1n });
        try {
          options.formatter.writeTo(record, output);
        } catch (error) {
          if (!options.skipMessageOnError) throw error;
          logger.error(`Error processing message, skipping this message: ${place(record)}`, error);
        }
      }
      onProgress(processed);
      if (output.length > 0 && !(await write(output.take()))) {
        logger.error('Unable to write to standard out, closing consumer.');
        break;
      }
      const after = time.hiResMilliseconds();
      if (records.length > 0) lastRecordAt = after;
      else if (options.timeoutMs !== undefined && after - lastRecordAt >= options.timeoutMs) break;
      if (commits && after - lastCommitAt >= AUTO_COMMIT_INTERVAL_MS) {
        await source.commit(next);
        lastCommitAt = after;
      }
    }
    return processed;
  } finally {
    signal.removeEventListener('abort', wake);
    if (output.length > 0) await write(output.take());
    try {
      if (commits) await source.commit(next);
    } finally {
      await source.close();
    }
  }
}

function place(record: ConsumerRecord): string {
  return `topic ${record.topic}, partition ${record.partition}, offset ${record.offset}`;
}

function groupSource(options: ConsoleConsumerOptions, clients: KafkaClients): Source {
  const consumer: Consumer = clients.consumer(options.consumerConfig);
  const revoked = new Set<string>();
  consumer.subscribe(options.include ?? [options.topic as string], {
    onPartitionsAssigned: (partitions) =>
      partitions.forEach((p) => void revoked.delete(topicPartitionKey(p.topic, p.partition))),
    onPartitionsRevoked: (partitions) =>
      partitions.forEach((p) => void revoked.add(topicPartitionKey(p.topic, p.partition))),
    onPartitionsLost: (partitions) =>
      partitions.forEach((p) => void revoked.add(topicPartitionKey(p.topic, p.partition))),
  });
  return {
    poll: (timeoutMs) => consumer.poll(timeoutMs),
    wakeup: () => consumer.wakeup(),
    async commit(next) {
      const owned = [...next].filter(([key]) => !revoked.has(key)).map(([, position]) => position);
      if (owned.length > 0) await consumer.commit(owned);
    },
    close: () => consumer.close(),
  };
}

async function assignedSource(options: ConsoleConsumerOptions, clients: KafkaClients): Promise<Source> {
  const reader: PartitionReader = clients.partitionReader(options.consumerConfig);
  try {
    const partition = { topic: options.topic as string, partition: options.partition as number };
    await reader.assign([{ ...partition, start: options.start ?? 'latest' }]);
  } catch (error) {
    await reader.close();
    throw error;
  }
  return {
    poll: async (timeoutMs) => (await reader.poll(timeoutMs)).records,
    wakeup: () => reader.wakeup(),
    commit: async () => {},
    close: () => reader.close(),
  };
}
