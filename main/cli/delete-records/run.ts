import { KafkaException } from '../../../common/errors.ts';
import { type TopicPartition, topicPartitionKey } from '../../../common/kafka/records.ts';
import { adminConfig } from '../admin-config.ts';
import { type CommandContext, sentenceOf } from '../command-context.ts';
import type { DeleteRecordsOptions } from '../commands/delete-records.ts';
import { EXIT } from '../exit-codes.ts';
import { GivenOptions } from '../given-options.ts';
import { isUnreachable, javaText } from '../kafka-failure.ts';
import { writeLines } from '../output/write-lines.ts';
import { readOffsetFile } from './offset-file.ts';

/** Java: `DeleteRecordsCommand`. */
export async function runDeleteRecords(options: DeleteRecordsOptions, context: CommandContext): Promise<void> {
  new GivenOptions(options).require('bootstrap-server', 'offset-json-file');
  const config = adminConfig({ ...options, bootstrapServer: options.bootstrapServer ?? '' });
  const admin = context.clients.admin(config);
  try {
    const offsets = readOffsetFile(options.offsetJsonFile ?? '');
    await writeLines(context, ['Executing records delete operation']);
    const results = await admin.deleteRecords(offsets);
    await writeLines(context, ['Records delete operation completed:', ...results.sort(byPartition).map(line)]);
  } catch (error) {
    if (!(error instanceof KafkaException) || isUnreachable(error)) throw error;
    context.tell(sentenceOf(error));
    context.setExitCode(EXIT.failed);
  } finally {
    await admin.close();
  }
}

function line({ topic, partition, result }: TopicPartition & { result: bigint | Error }): string {
  const name = `partition: ${topicPartitionKey(topic, partition)}`;
  if (typeof result === 'bigint') return `${name}\tlow_watermark: ${result}`;
  return `${name}\terror: ${result instanceof KafkaException ? javaText(result) : result.message}`;
}

function byPartition(a: TopicPartition, b: TopicPartition): number {
  return a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1;
}
