import { KafkaException } from '../../../common/errors.ts';
import { type TopicPartition, topicPartitionKey } from '../../../common/kafka/records.ts';
import { isUnreachable, javaMessage, javaText } from '../kafka-failure.ts';
import { javaRow, MISSING, widest } from '../output/java-columns.ts';
import { writeLines } from '../output/write-lines.ts';
import { type ConsumerGroupsRun, printError } from './run.ts';
import { parseTopicArguments } from './topic-arguments.ts';

/** A partition with what became of it; partition -1 stands for a topic that could not be looked at. */
type Outcome = TopicPartition & { error: KafkaException | null };

/** `--delete-offsets`. Java: `ConsumerGroupService.deleteOffsets`. */
export async function deleteOffsets(run: ConsumerGroupsRun): Promise<void> {
  const { options, context } = run;
  const group = options.group?.[0] ?? '';
  const { partitions, outcomes } = await partitionsToDelete(run);
  const { refusal, results } = await deleted(run, group, partitions);
  if (refusal !== null) await printError(context, javaMessage(refusal));
  else if (results.some(({ error }) => error !== null)) {
    await printError(context, 'Encountered some partition-level error, see the follow-up details.');
  } else await writeLines(context, [`Request succeeded for deleting offsets from group ${group}.`]);
  await writeLines(context, lines([...outcomes, ...results]));
}

async function partitionsToDelete({
  options,
  admin,
}: ConsumerGroupsRun): Promise<{ partitions: TopicPartition[]; outcomes: Outcome[] }> {
  const { partitions, topics } = parseTopicArguments(options.topic ?? []);
  const outcomes: Outcome[] = [];
  for (const topic of new Set(topics)) {
    try {
      const described = await admin.describeTopics([topic]);
      partitions.push(...described.flatMap((it) => it.partitions.map(({ partition }) => ({ topic, partition }))));
    } catch (error) {
      if (!(error instanceof KafkaException) || isUnreachable(error)) throw error;
      outcomes.push({ topic, partition: -1, error });
    }
  }
  const unique = new Map(partitions.map((it) => [topicPartitionKey(it.topic, it.partition), it]));
  return { partitions: [...unique.values()], outcomes };
}

/** What is wrong with the group is wrong with every partition. */
async function deleted(
  { admin }: ConsumerGroupsRun,
  group: string,
  partitions: readonly TopicPartition[],
): Promise<{ refusal: KafkaException | null; results: Outcome[] }> {
  try {
    const results = await admin.deleteGroupOffsetsEach(group, partitions);
    return { refusal: null, results: results.map((it) => ({ ...it, error: it.error as KafkaException | null })) };
  } catch (error) {
    if (!(error instanceof KafkaException) || isUnreachable(error)) throw error;
    return { refusal: error, results: partitions.map((it) => ({ ...it, error })) };
  }
}

function lines(outcomes: readonly Outcome[]): string[] {
  const widths = [
    widest(
      15,
      outcomes.map(({ topic }) => topic),
    ),
    10,
    15,
  ];
  const sorted = [...outcomes].sort((a, b) => (`${a.topic}${a.partition}` < `${b.topic}${b.partition}` ? -1 : 1));
  const row = (...cells: string[]) => javaRow(widths, cells);
  return [
    '',
    row('TOPIC', 'PARTITION', 'STATUS'),
    ...sorted.map(({ topic, partition, error }) =>
      row(topic, partition < 0 ? MISSING : `${partition}`, error === null ? 'Successful' : `Error: ${javaText(error)}`),
    ),
  ];
}
