import { type TopicPartition, topicPartitionKey } from '../../../common/kafka/records.ts';
import type { GroupDescription, GroupMember, OffsetMap } from '../../kafka/api.ts';
import { javaRow, MISSING, widest } from '../output/java-columns.ts';
import type { ConsumerGroupsRun } from './run.ts';

/** A partition that a group has read or is assigned. Java: `PartitionAssignmentState`. */
export interface OffsetRow extends TopicPartition {
  groupId: string;
  leaderEpoch: number | null;
  currentOffset: bigint | null;
  /** null: the partition has no leader */
  logEndOffset: bigint | null;
  /** null: nobody reads it now */
  member: GroupMember | null;
}

/** Member by member, those with most partitions first, then what nobody reads. Java: `collectGroupsOffsets`. */
export async function offsetRows(
  { admin, reader }: ConsumerGroupsRun,
  { groupId, members }: GroupDescription,
): Promise<OffsetRow[]> {
  const committed = await admin.groupOffsets(groupId);
  const assigned = new Set(members.flatMap(({ assignment }) => assignment.map(keyOf)));
  const parts: [member: GroupMember | null, partitions: readonly TopicPartition[]][] = [
    ...members
      .filter(({ assignment }) => assignment.length > 0)
      .sort((a, b) => b.assignment.length - a.assignment.length)
      .map((member): [GroupMember, readonly TopicPartition[]] => [member, member.assignment]),
    [null, [...committed.values()].filter((it) => !assigned.has(keyOf(it)))],
  ];
  const all = parts.flatMap(([, partitions]) => partitions);
  const topics = await admin.describeTopics([...new Set(all.map(({ topic }) => topic))].sort());
  const led = new Set(
    topics.flatMap(({ name, partitions }) =>
      partitions.filter(({ leader }) => leader >= 0).map(({ partition }) => topicPartitionKey(name, partition)),
    ),
  );
  const ends = await reader.endOffsets(all.filter((it) => led.has(keyOf(it))));
  return parts.flatMap(([member, partitions]) =>
    [...partitions].sort(byTopicAndPartition).map((it) => rowOf(groupId, it, member, committed, ends)),
  );
}

export function byTopicAndPartition(a: TopicPartition, b: TopicPartition): number {
  return a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1;
}

function rowOf(
  groupId: string,
  { topic, partition }: TopicPartition,
  member: GroupMember | null,
  committed: OffsetMap,
  ends: ReadonlyMap<string, bigint>,
): OffsetRow {
  const found = committed.get(topicPartitionKey(topic, partition));
  return {
    groupId,
    topic,
    partition,
    leaderEpoch: found?.leaderEpoch ?? null,
    currentOffset: found?.offset ?? null,
    logEndOffset: ends.get(topicPartitionKey(topic, partition)) ?? null,
    member,
  };
}

function lagOf({ currentOffset, logEndOffset }: OffsetRow): bigint | null {
  return currentOffset === null || logEndOffset === null ? null : logEndOffset - currentOffset;
}

/** Java: `ConsumerGroupService.printOffsets`. */
export function offsetLines(rows: readonly OffsetRow[], verbose: boolean): string[] {
  const [group, topic, consumer, host] = [
    rows.map(({ groupId }) => groupId),
    rows.map((row) => row.topic),
    rows.map(({ member }) => member?.memberId ?? MISSING),
    rows.map(({ member }) => member?.clientHost ?? MISSING),
  ].map((texts) => widest(15, texts)) as [number, number, number, number];
  const widths = [group, topic, 10, ...(verbose ? [15] : []), 15, 15, 15, consumer, host];
  const epoch = (text: string) => (verbose ? [text] : []);
  const header = [
    ...['GROUP', 'TOPIC', 'PARTITION', ...epoch('LEADER-EPOCH'), 'CURRENT-OFFSET', 'LOG-END-OFFSET', 'LAG'],
    ...['CONSUMER-ID', 'HOST', 'CLIENT-ID'],
  ];
  const cells = rows.map((row) => [
    ...[row.groupId, row.topic, `${row.partition}`, ...epoch(text(row.leaderEpoch))],
    ...[text(row.currentOffset), text(row.logEndOffset), text(lagOf(row))],
    ...[row.member?.memberId ?? MISSING, row.member?.clientHost ?? MISSING, row.member?.clientId ?? MISSING],
  ]);
  return ['', ...[header, ...cells].map((row) => javaRow(widths, row))];
}

/** Offsets as text: they may be larger than what a number of JSON holds everywhere. */
export function offsetsJson(rows: readonly OffsetRow[]): unknown[] {
  return rows.map((row) => ({
    topic: row.topic,
    partition: row.partition,
    leaderEpoch: row.leaderEpoch,
    currentOffset: row.currentOffset?.toString() ?? null,
    logEndOffset: row.logEndOffset?.toString() ?? null,
    lag: lagOf(row)?.toString() ?? null,
    memberId: row.member?.memberId ?? null,
    clientHost: row.member?.clientHost ?? null,
    clientId: row.member?.clientId ?? null,
  }));
}

function text(value: bigint | number | null): string {
  return value === null ? MISSING : value.toString();
}

function keyOf({ topic, partition }: TopicPartition): string {
  return topicPartitionKey(topic, partition);
}
