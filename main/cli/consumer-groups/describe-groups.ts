import { KafkaException } from '../../../common/errors.ts';
import type { GroupDescription } from '../../kafka/api.ts';
import { writeLines } from '../output/write-lines.ts';
import { consumerGroups } from './list-groups.ts';
import { memberLines, membersJson } from './member-lines.ts';
import { offsetLines, offsetRows, offsetsJson } from './offset-lines.ts';
import type { ConsumerGroupsRun } from './run.ts';
import { stateLines } from './state-lines.ts';

const REBALANCING = new Set(['PreparingRebalance', 'CompletingRebalance', 'Assigning', 'Reconciling']);

/** `--describe` with `--offsets`, `--members` or `--state`. Java: `ConsumerGroupService.describeGroups`. */
export async function describeGroups(run: ConsumerGroupsRun): Promise<void> {
  const { options, given, context } = run;
  const groups = await described(run, await groupIds(run));
  if (options.output === 'json') return writeLines(context, [JSON.stringify(await asJson(run, groups), null, 2)]);
  const verbose = given.has('verbose');
  for (const group of groups) {
    if (given.has('members')) {
      tellState(run, group);
      await writeLines(context, memberLines(group, verbose));
    } else if (given.has('state')) {
      tellState(run, group);
      await writeLines(context, stateLines(group, verbose));
    } else {
      const rows = await offsetRows(run, group);
      tellState(run, group);
      if (rows.length > 0) await writeLines(context, offsetLines(rows, verbose));
    }
  }
}

/** The groups that an action is for: all of them, or those that are named. */
export async function groupIds({ options, admin }: ConsumerGroupsRun): Promise<readonly string[]> {
  if (options.allGroups) return (await consumerGroups(admin)).map(({ groupId }) => groupId);
  return options.group ?? [];
}

/** Sorted by name. Throws `GroupIdNotFoundException` for one that is not there. */
async function described({ admin }: ConsumerGroupsRun, ids: readonly string[]): Promise<GroupDescription[]> {
  const groups = await admin.describeGroups([...new Set(ids)].sort());
  const missing = groups.find(({ state }) => state === 'Dead');
  if (missing) throw new GroupIdNotFoundException(missing.groupId);
  return groups;
}

class GroupIdNotFoundException extends KafkaException {
  override readonly javaClass = 'org.apache.kafka.common.errors.GroupIdNotFoundException';

  constructor(groupId: string) {
    super(`Group ${groupId} not found.`, {
      code: 'GROUP_ID_NOT_FOUND',
      key: groupId,
      hint: '--list shows the groups that are there.',
    });
  }
}

function tellState({ context }: ConsumerGroupsRun, { groupId, state }: GroupDescription): void {
  if (state === 'Empty') context.tell(`\nConsumer group '${groupId}' has no active members.`);
  else if (REBALANCING.has(state)) context.tell(`\nWarning: Consumer group '${groupId}' is rebalancing.`);
}

async function asJson(run: ConsumerGroupsRun, groups: readonly GroupDescription[]): Promise<unknown[]> {
  const { given } = run;
  const all: unknown[] = [];
  for (const group of groups) {
    const { members, groupId, state, coordinator, partitionAssignor, groupEpoch, targetAssignmentEpoch } = group;
    const common = { groupId, state, coordinator, partitionAssignor, groupEpoch, targetAssignmentEpoch };
    if (given.has('members')) all.push({ ...common, members: membersJson(members) });
    else if (given.has('state')) all.push({ ...common, numMembers: members.length });
    else all.push({ ...common, partitions: offsetsJson(await offsetRows(run, group)) });
  }
  return all;
}
