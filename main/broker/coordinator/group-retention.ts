import type { Time } from '../../../common/time.ts';
import { ClassicGroup } from './classic-group.ts';
import type { GroupLog } from './group-log.ts';
import type { GroupOffsets } from './group-offsets.ts';
import type { CommittedOffset } from './group-records.ts';
import type { Group, Groups } from './groups.ts';

export interface RetentionOptions {
  time: Time;
  groups: Groups;
  offsets: GroupOffsets;
  log: GroupLog;
  /** Offsets of a group without members are forgotten after so long (`offsets.retention.minutes`). */
  offsetsRetentionMs: number;
}

/** Forgets what outlived `offsets.retention.minutes` in groups without members, and groups of which nothing is left. */
export async function forgetOldOffsets({ time, groups, offsets, log, offsetsRetentionMs }: RetentionOptions) {
  const limit = BigInt(time.milliseconds() - offsetsRetentionMs);
  for (const groupId of new Set([...groups.ids(), ...offsets.committed.groups()])) {
    const group = groups.get(groupId);
    if (isInUse(group) || offsets.pending.hasGroup(groupId)) continue;
    const old = [...offsets.committed.of(groupId)].filter(({ committed }) => keptSince(committed, group) < limit);
    const records = offsets.forget(groupId, old);
    if (records.length > 0) await log.append(groupId, records);
    if (!group || offsets.committed.has(groupId) || isInUse(group)) continue;
    const isOver = group instanceof ClassicGroup ? old.length > 0 || group.stateSince < limit : true;
    if (isOver && groups.get(groupId) === group) await log.write(groupId, groups.delete(groupId));
  }
}

function isInUse(group: Group | undefined): boolean {
  if (!group) return false;
  return group instanceof ClassicGroup ? !group.idle : !group.isEmpty;
}

function keptSince({ commitTimestamp }: CommittedOffset, group: Group | undefined): bigint {
  const left = group instanceof ClassicGroup && group.protocolType !== '' ? group.stateSince : 0n;
  return left > commitTimestamp ? left : commitTimestamp;
}
