import type { TopicPartition } from '../../../common/kafka/records.ts';
import type { GroupDescription, GroupMember } from '../../kafka/api.ts';
import { javaRow, MISSING, widest } from '../output/java-columns.ts';

/** Java: `ConsumerGroupService.printMembers`. */
export function memberLines(group: GroupDescription, verbose: boolean): string[] {
  const { groupId, members, targetAssignmentEpoch } = group;
  const rows = members.map((member) => ({
    ...member,
    instance: member.groupInstanceId ?? '',
    current: assignmentText(member.assignment),
    target: assignmentText(member.targetAssignment ?? []),
  }));
  const withInstance = rows.some(({ instance }) => instance !== '');
  const isMigrating = rows.some(({ upgraded }) => upgraded === false) && rows.some(({ upgraded }) => upgraded === true);
  const columns: Column[] = [
    column('GROUP', 15, () => groupId),
    column('CONSUMER-ID', 15, ({ memberId }) => memberId),
    ...(withInstance ? [column('GROUP-INSTANCE-ID', 17, ({ instance }) => instance)] : []),
    column('HOST', 15, ({ clientHost }) => clientHost),
    column('CLIENT-ID', 15, ({ clientId }) => clientId),
    column('#PARTITIONS', 15, ({ assignment }) => `${assignment.length}`),
  ];
  if (verbose) {
    columns.push(
      column('CURRENT-EPOCH', 15, ({ memberEpoch }) => memberEpoch?.toString() ?? MISSING),
      column('CURRENT-ASSIGNMENT', 20, ({ current }) => current),
      column('TARGET-EPOCH', 15, () => targetAssignmentEpoch?.toString() ?? MISSING),
      column('TARGET-ASSIGNMENT', 20, ({ target }) => target),
    );
    if (isMigrating) columns.push(column('UPGRADED', 0, ({ upgraded }) => upgraded?.toString() ?? MISSING));
  }
  const widths = columns.map(({ width, cell }) => (width === 0 ? 0 : widest(width, rows.map(cell))));
  const lines = [columns.map(({ header }) => header), ...rows.map((row) => columns.map(({ cell }) => cell(row)))];
  // Without the verbose columns Kafka leaves the blank in front of them.
  return ['', ...lines.map((cells) => javaRow(widths, cells) + (verbose ? '' : ' '))];
}

export function membersJson(members: readonly GroupMember[]): unknown[] {
  return members.map((member) => ({ ...member, numPartitions: member.assignment.length }));
}

type Row = GroupMember & { instance: string; current: string; target: string };

interface Column {
  header: string;
  /** At least; 0: the last one, not padded. */
  width: number;
  cell: (row: Row) => string;
}

function column(header: string, width: number, cell: Column['cell']): Column {
  return { header, width, cell };
}

/** `a:0,1;b:0`. Java: `getAssignmentString`. */
function assignmentText(partitions: readonly TopicPartition[]): string {
  if (partitions.length === 0) return MISSING;
  return [...Map.groupBy(partitions, ({ topic }) => topic)]
    .map(
      ([topic, list]) =>
        `${topic}:${list
          .map(({ partition }) => partition)
          .sort((a, b) => a - b)
          .join(',')}`,
    )
    .sort()
    .join(';');
}
