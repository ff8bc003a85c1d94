import { topicPartitionKey } from '../../../common/kafka/records.ts';
import type { ConfigEntry, EligibleLeaders, Reassignment, TopicDescription } from '../../kafka/api.ts';
import { UsageError } from '../command-context.ts';
import { writeLines } from '../output/write-lines.ts';
import { REPORTS } from './check-options.ts';
import { parseInteger } from './numbers.ts';
import { existing, type TopicsRun } from './run.ts';

type Partition = TopicDescription['partitions'][number];

/** A partition with all that is printed of it. */
interface Described extends Partition {
  topic: string;
  reassignment: Reassignment | undefined;
  /** null: the broker does not know such a thing */
  leaders: EligibleLeaders | null;
  minIsr: number;
}

const PAGE = 2000;

/** `--describe`. Java: `TopicService.describeTopic`. */
export async function describeTopics(run: TopicsRun): Promise<void> {
  const { given, admin, context, options } = run;
  const pageSize = parseInteger(
    'partition-size-limit-per-response',
    options.partitionSizeLimitPerResponse ?? `${PAGE}`,
  );
  const topics = await chosen(run);
  const names = topics.map(({ name }) => name);
  const partitions = topics.flatMap((it) => it.partitions.map(({ partition }) => ({ topic: it.name, partition })));
  const configs = await admin.describeTopicConfigs(names);
  const leaders = await admin.eligibleLeaders(names, pageSize);
  const reassignments = await admin.reassignments(partitions);
  const liveBrokers = new Set((await admin.brokers()).map(({ id }) => id));
  const reports = REPORTS.filter((report) => given.has(report));
  const described = topics.map((topic) => {
    const entries = configs.get(topic.name) ?? [];
    const minIsr = Number(entries.find(({ name }) => name === 'min.insync.replicas')?.value ?? 1);
    const all = [...topic.partitions]
      .sort((a, b) => a.partition - b.partition)
      .map((each): Described => {
        const key = topicPartitionKey(topic.name, each.partition);
        const elr = leaders && (leaders.get(key) ?? { eligible: [], lastKnown: [] });
        return { ...each, topic: topic.name, reassignment: reassignments.get(key), leaders: elr, minIsr };
      });
    const shown = all.filter(
      (it) => reports.length === 0 || reports.some((report) => REPORTED[report](it, liveBrokers)),
    );
    return { topic, all, shown, overrides: entries.filter((entry) => !entry.isDefault) };
  });
  if (options.output === 'json') {
    const json = described.map(({ topic, shown, overrides }) => ({
      name: topic.name,
      topicId: topic.topicId,
      configs: Object.fromEntries(overrides.map(({ name, value }) => [name, value])),
      partitions: shown.map(({ partition, leader, replicas, isr }) => ({ partition, leader, replicas, isr })),
    }));
    return writeLines(context, [JSON.stringify(json, null, 2)]);
  }
  await writeLines(
    context,
    described.flatMap(({ topic, all, shown, overrides }) => {
      if (given.has('topics-with-overrides')) return overrides.length === 0 ? [] : [topicLine(topic, all, overrides)];
      const lines = shown.map(partitionLine);
      return reports.length > 0 ? lines : [topicLine(topic, all, overrides), ...lines];
    }),
  );
}

const REPORTED: Record<(typeof REPORTS)[number], (partition: Described, liveBrokers: ReadonlySet<number>) => boolean> =
  {
    'under-replicated-partitions': (it) => replicationFactor(it) > it.isr.length,
    'unavailable-partitions': ({ leader }, liveBrokers) => leader < 0 || !liveBrokers.has(leader),
    'under-min-isr-partitions': ({ leader, isr, minIsr }) => leader < 0 || isr.length < minIsr,
    'at-min-isr-partitions': ({ isr, minIsr }) => isr.length === minIsr,
  };

/** By id when one is given that is not the zero of a UUID, else by name. */
async function chosen(run: TopicsRun): Promise<TopicDescription[]> {
  const { options, admin } = run;
  if (options.topicId === undefined || isZero(options.topicId)) return admin.describeTopics(await existing(run));
  const all = await admin.describeTopics(await admin.listTopics());
  const found = all.filter(({ topicId }) => topicId === options.topicId);
  if (found.length === 0 && !options.ifExists) {
    throw new UsageError(`TopicId '${options.topicId}' does not exist as expected`);
  }
  return found;
}

/** Throws for what is no UUID of Kafka's, 16 bytes in Base64. */
function isZero(id: string): boolean {
  const bytes = Buffer.from(id, 'base64url');
  if (bytes.length === 16) return bytes.every((byte) => byte === 0);
  throw new UsageError(
    `Input string \`${id}\` decoded as ${bytes.length} bytes, which is not equal to the expected 16 bytes of a base64-encoded UUID`,
  );
}

/** Without those that are being added. Java: `TopicCommand.getReplicationFactor`. */
function replicationFactor({ replicas, reassignment }: Described): number {
  const moving = [...(reassignment?.adding ?? []), ...(reassignment?.removing ?? [])];
  return reassignment && replicas.some((id) => moving.includes(id))
    ? reassignment.replicas.length - reassignment.adding.length
    : replicas.length;
}

function topicLine(topic: TopicDescription, all: readonly Described[], overrides: readonly ConfigEntry[]): string {
  const configs = overrides.map((entry) => `${entry.name}=${entry.value}`).join(',');
  const [first] = all;
  return `Topic: ${topic.name}\tTopicId: ${topic.topicId}\tPartitionCount: ${all.length}\tReplicationFactor: ${first ? replicationFactor(first) : 0}\tConfigs: ${configs}`;
}

function partitionLine({ topic, partition, leader, replicas, isr, reassignment, leaders }: Described): string {
  return [
    `\tTopic: ${topic}`,
    `Partition: ${partition}`,
    `Leader: ${leader < 0 ? 'none' : leader}`,
    `Replicas: ${replicas.join(',')}`,
    `Isr: ${isr.join(',')}`,
    ...(reassignment
      ? [`Adding Replicas: ${reassignment.adding.join(',')}`, `Removing Replicas: ${reassignment.removing.join(',')}`]
      : []),
    `Elr: ${leaders ? leaders.eligible.join(',') : 'N/A'}`,
    `LastKnownElr: ${leaders ? leaders.lastKnown.join(',') : 'N/A'}`,
  ].join('\t');
}
