/** Partitions by topic id; a topic without partitions is not in it. */
export type Assignment = ReadonlyMap<string, ReadonlySet<number>>;

export const NOTHING_ASSIGNED: Assignment = new Map();

export interface TopicPartitions {
  topicId: string;
  partitions: readonly number[];
}

export function assignmentOf(topics: readonly TopicPartitions[]): Assignment {
  return new Map(
    topics
      .filter(({ partitions }) => partitions.length > 0)
      .map(({ topicId, partitions }) => [topicId, new Set(partitions)]),
  );
}

/** Sorted, so that the same assignment always looks the same. */
export function topicPartitionsOf(assignment: Assignment): { topicId: string; partitions: number[] }[] {
  return [...assignment]
    .map(([topicId, partitions]) => ({ topicId, partitions: [...partitions].sort((a, b) => a - b) }))
    .sort((a, b) => (a.topicId < b.topicId ? -1 : 1));
}

export function filtered(
  assignment: Assignment,
  keep: (topicId: string, partition: number) => boolean,
): Map<string, ReadonlySet<number>> {
  const kept = new Map<string, ReadonlySet<number>>();
  for (const [topicId, partitions] of assignment) {
    const left = new Set([...partitions].filter((partition) => keep(topicId, partition)));
    if (left.size > 0) kept.set(topicId, left);
  }
  return kept;
}

export function intersection(a: Assignment, b: Assignment): Assignment {
  return filtered(a, (topicId, partition) => holds(b, topicId, partition));
}

export function difference(a: Assignment, b: Assignment): Assignment {
  return filtered(a, (topicId, partition) => !holds(b, topicId, partition));
}

export function union(a: Assignment, b: Assignment): Assignment {
  const all = new Map<string, ReadonlySet<number>>(a);
  for (const [topicId, partitions] of b) all.set(topicId, new Set([...(a.get(topicId) ?? []), ...partitions]));
  return all;
}

export function holds(assignment: Assignment, topicId: string, partition: number): boolean {
  return assignment.get(topicId)?.has(partition) ?? false;
}

export function isSame(a: Assignment, b: Assignment): boolean {
  return sizeOf(a) === sizeOf(b) && sizeOf(difference(a, b)) === 0;
}

/** Partitions in it. */
export function sizeOf(assignment: Assignment): number {
  let size = 0;
  for (const partitions of assignment.values()) size += partitions.size;
  return size;
}
