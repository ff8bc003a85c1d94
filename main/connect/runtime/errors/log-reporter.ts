import type { ConsumerRecord } from '../../../../common/kafka/records.ts';
import type { Logger } from '../../../../common/logger.ts';
import type { SourceRecord } from '../../api/records.ts';
import { canonicalSourceMap } from '../../api/source-map.ts';
import type { ErrorReporter } from './stage.ts';

/**
 * `errors.log.enable`: one line and the trace for each failed record; with `errors.log.include.messages` also which
 * record it was. Java: `LogReporter`; unlike there keys and values stay out of the log, since a record that can't be
 * read may hold a secret: topic, partition and offset find it.
 */
export function logReporter<T>(
  logger: Logger,
  task: string,
  includeMessages: boolean,
  describe: (original: T) => string,
): ErrorReporter<T> {
  return {
    report({ stage, executingClass, error, original }) {
      const which = includeMessages ? `, where ${describe(original)}` : '';
      logger.error(
        `Error encountered in task ${task}. Executing stage '${stage}' with class '${executingClass}'${which}.`,
        error,
      );
      return undefined;
    },
    close() {},
  };
}

export function describeConsumerRecord(record: ConsumerRecord): string {
  const timestamp =
    record.timestampType === 'NoTimestampType'
      ? ''
      : `, timestamp=${record.timestamp}, timestampType=${record.timestampType}`;
  return `consumed record is {topic='${record.topic}', partition=${record.partition}, offset=${record.offset}${timestamp}}`;
}

export function describeSourceRecord(record: SourceRecord): string {
  return (
    `source record is {topic='${record.topic}', kafkaPartition=${record.kafkaPartition}, timestamp=${record.timestamp}, ` +
    `sourcePartition=${canonicalSourceMap(record.sourcePartition)}, sourceOffset=${canonicalSourceMap(record.sourceOffset)}}`
  );
}
