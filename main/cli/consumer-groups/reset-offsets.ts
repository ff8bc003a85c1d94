import type { TopicPartition } from '../../../common/kafka/records.ts';
import { javaRow, widest } from '../output/java-columns.ts';
import { writeLines } from '../output/write-lines.ts';
import { groupIds } from './describe-groups.ts';
import { byTopicAndPartition } from './offset-lines.ts';
import { partitionsToReset } from './partitions-to-reset.ts';
import { csvLine } from './reset-plan.ts';
import { newOffsets } from './reset-scenarios.ts';
import { type ConsumerGroupsRun, printError, withPlainMessage } from './run.ts';

/** A partition with the offset that the group shall go on from. */
export type NewOffset = TopicPartition & { offset: bigint };

/** `--reset-offsets`: a plan, or with `--execute` the change itself. Java: `ConsumerGroupService.resetOffsets`. */
export async function resetOffsets(run: ConsumerGroupsRun): Promise<void> {
  const { options, given, admin, context } = run;
  const plan: [groupId: string, offsets: readonly NewOffset[]][] = [];
  for (const group of await admin.describeGroups([...new Set(await groupIds(run))])) {
    const { groupId, state } = group;
    // A group that is not there is made by its first offset.
    if (state !== 'Empty' && state !== 'Dead') {
      await printError(
        context,
        `Assignments can only be reset if the group '${groupId}' is inactive, but the current state is ${state}.`,
      );
      plan.push([groupId, []]);
      continue;
    }
    const offsets = await withPlainMessage(async () => {
      const partitions = await partitionsToReset(run, groupId);
      const prepared = await newOffsets(run, groupId, partitions);
      const sorted = [...prepared].sort(byTopicAndPartition);
      if (given.has('execute')) await admin.alterGroupOffsets(groupId, sorted);
      return sorted;
    });
    plan.push([groupId, offsets]);
  }
  if (options.export) {
    const isOneGroup = options.group?.length === 1;
    // Each line has its end, and println adds another.
    await writeLines(context, [
      ...plan.flatMap(([groupId, offsets]) => offsets.map((it) => csvLine(isOneGroup ? null : groupId, it))),
      '',
    ]);
    return;
  }
  await writeLines(context, planLines(plan));
}

/** Java: `OffsetsUtils.printOffsetsToReset`. */
function planLines(plan: readonly (readonly [string, readonly NewOffset[]])[]): string[] {
  if (plan.length === 0) return [''];
  const topics = plan.flatMap(([, offsets]) => offsets.map(({ topic }) => topic));
  const groups = plan.map(([groupId]) => groupId);
  const widths = [widest(15, groups), widest(15, topics), 10];
  return [
    '',
    javaRow(widths, ['GROUP', 'TOPIC', 'PARTITION', 'NEW-OFFSET']),
    ...plan.flatMap(([groupId, offsets]) =>
      offsets.map(({ topic, partition, offset }) => javaRow(widths, [groupId, topic, `${partition}`, `${offset}`])),
    ),
  ];
}
