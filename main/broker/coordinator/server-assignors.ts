import type { Assignment } from './assignment.ts';

/** A member as an assignor sees it. */
export interface AssignorMember {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly topicIds: ReadonlySet<string>;
  /** What it was given before. */
  readonly current: Assignment;
}

export type ServerAssignor = (
  members: readonly AssignorMember[],
  /** partitions of each topic that anybody is subscribed to */
  topics: ReadonlyMap<string, number>,
) => Map<string, Map<string, Set<number>>>;

/** By the names that clients ask for; the first is what they get who ask for none. */
export const SERVER_ASSIGNORS: ReadonlyMap<string, ServerAssignor> = new Map([
  ['uniform', uniform],
  ['range', range],
]);

/** Of each topic a stretch of partitions for each subscriber. Java: `org.apache.kafka.coordinator.group.assignor.RangeAssignor`. */
function range(members: readonly AssignorMember[], topics: ReadonlyMap<string, number>) {
  const result = empty(members);
  // Static members keep their place whatever id they come with.
  const inOrder = [...members].sort((a, b) => ((a.instanceId ?? a.memberId) < (b.instanceId ?? b.memberId) ? -1 : 1));
  for (const [topicId, count] of topics) {
    const subscribers = inOrder.filter((member) => member.topicIds.has(topicId));
    let next = 0;
    subscribers.forEach(({ memberId }, i) => {
      const quota = Math.floor(count / subscribers.length) + (i < count % subscribers.length ? 1 : 0);
      for (const end = next + quota; next < end; next++) give(result, memberId, topicId, next);
    });
  }
  return result;
}

/**
 * Everybody has as many partitions as everybody else (or one more), as far as subscriptions allow it, and keeps what it
 * had as far as that allows it. Java: `UniformAssignor`.
 */
function uniform(members: readonly AssignorMember[], topics: ReadonlyMap<string, number>) {
  const result = empty(members);
  const loads = new Map(members.map(({ memberId }) => [memberId, 0]));
  const add = (memberId: string, topicId: string, partition: number, change: 1 | -1) => {
    loads.set(memberId, loads.get(memberId)! + change);
    if (change === 1) give(result, memberId, topicId, partition);
    else result.get(memberId)!.get(topicId)!.delete(partition);
  };
  const lightest = (topicId: string) =>
    members
      .filter((member) => member.topicIds.has(topicId))
      .reduce<string | undefined>(
        (best, { memberId }) => (best === undefined || loads.get(memberId)! < loads.get(best)! ? memberId : best),
        undefined,
      );
  for (const [topicId, count] of topics) {
    const owners = new Map<number, string>();
    for (const { memberId, topicIds, current } of members) {
      if (!topicIds.has(topicId)) continue;
      for (const partition of current.get(topicId) ?? []) if (partition < count) owners.set(partition, memberId);
    }
    for (const [partition, memberId] of owners) add(memberId, topicId, partition, 1);
    for (let partition = 0; partition < count; partition++) {
      const memberId = owners.has(partition) ? undefined : lightest(topicId);
      if (memberId !== undefined) add(memberId, topicId, partition, 1);
    }
  }
  // Each move makes the loads more even, so it ends.
  for (let moved = true; moved; ) {
    moved = false;
    for (const [memberId, assigned] of result) {
      for (const [topicId, partitions] of assigned) {
        for (const partition of partitions) {
          const other = lightest(topicId)!;
          if (loads.get(memberId)! - loads.get(other)! < 2) break;
          add(memberId, topicId, partition, -1);
          add(other, topicId, partition, 1);
          moved = true;
        }
      }
    }
  }
  return result;
}

function empty(members: readonly AssignorMember[]): Map<string, Map<string, Set<number>>> {
  return new Map(members.map(({ memberId }) => [memberId, new Map()]));
}

function give(result: Map<string, Map<string, Set<number>>>, memberId: string, topicId: string, partition: number) {
  const assigned = result.get(memberId)!;
  const partitions = assigned.get(topicId);
  if (partitions) partitions.add(partition);
  else assigned.set(topicId, new Set([partition]));
}
