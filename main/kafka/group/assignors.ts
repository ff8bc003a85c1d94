import type { TopicPartition } from '../../../common/kafka/records.ts';

export interface GroupMemberSubscription {
  memberId: string;
  /** `group.instance.id` of a static member; it gives a stable place in the order. */
  groupInstanceId: string | null;
  topics: readonly string[];
}

/** Divides partitions among members. Java: `ConsumerPartitionAssignor`; pure, so every member would find the same. */
export interface PartitionAssignor {
  /** The protocol name that members agree on, `range`. */
  name: string;
  /** Java's class name, as `partition.assignment.strategy` has it. */
  className: string;
  /** Key of the result: member id. `partitions` holds the partition count of each topic that exists. */
  assign(
    partitions: ReadonlyMap<string, number>,
    members: readonly GroupMemberSubscription[],
  ): Map<string, TopicPartition[]>;
}

/** Per topic, consecutive partitions to the members in order; the first ones get one more when it doesn't divide. */
export const rangeAssignor: PartitionAssignor = {
  name: 'range',
  className: 'org.apache.kafka.clients.consumer.RangeAssignor',
  assign(partitions, members) {
    const result = emptyAssignment(members);
    for (const topic of topicsOf(members)) {
      const count = partitions.get(topic) ?? 0;
      const among = inOrder(members).filter((member) => member.topics.includes(topic));
      const each = Math.floor(count / among.length);
      const oneMore = count % among.length;
      let next = 0;
      among.forEach((member, index) => {
        const end = next + each + (index < oneMore ? 1 : 0);
        for (; next < end; next++) result.get(member.memberId)?.push({ topic, partition: next });
      });
    }
    return result;
  },
};

/** All partitions of all topics in order, dealt to the members in turn; who isn't subscribed is passed over. */
export const roundRobinAssignor: PartitionAssignor = {
  name: 'roundrobin',
  className: 'org.apache.kafka.clients.consumer.RoundRobinAssignor',
  assign(partitions, members) {
    const result = emptyAssignment(members);
    const ordered = inOrder(members);
    let turn = 0;
    for (const topic of topicsOf(members)) {
      for (let partition = 0; partition < (partitions.get(topic) ?? 0); partition++) {
        while (!ordered[turn % ordered.length]?.topics.includes(topic)) turn++;
        const member = ordered[turn++ % ordered.length] as GroupMemberSubscription;
        result.get(member.memberId)?.push({ topic, partition });
      }
    }
    return result;
  },
};

export const ASSIGNORS: readonly PartitionAssignor[] = [rangeAssignor, roundRobinAssignor];

function emptyAssignment(members: readonly GroupMemberSubscription[]): Map<string, TopicPartition[]> {
  return new Map(members.map((member) => [member.memberId, []]));
}

function topicsOf(members: readonly GroupMemberSubscription[]): string[] {
  return [...new Set(members.flatMap((member) => member.topics))].sort(byCodeUnits);
}

/** Java: `MemberInfo.compareTo`: static members first, by instance id; then the others by member id. */
function inOrder(members: readonly GroupMemberSubscription[]): GroupMemberSubscription[] {
  return [...members].sort((a, b) => {
    if (a.groupInstanceId !== null && b.groupInstanceId !== null)
      return byCodeUnits(a.groupInstanceId, b.groupInstanceId);
    if (a.groupInstanceId !== null) return -1;
    if (b.groupInstanceId !== null) return 1;
    return byCodeUnits(a.memberId, b.memberId);
  });
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const RANGE = 'org.apache.kafka.clients.consumer.RangeAssignor';
/** Kafka's own that are not among ours: they move fewer partitions when members come and go. */
const STICKY: ReadonlySet<string> = new Set([
  'org.apache.kafka.clients.consumer.CooperativeStickyAssignor',
  'org.apache.kafka.clients.consumer.StickyAssignor',
]);

/** Ours among those of `partition.assignment.strategy`, in its order; range where it has sticky ones only. */
export function assignorsNamed(classNames: readonly string[]): readonly PartitionAssignor[] {
  const names = stickyOnly(classNames) === null ? classNames : [RANGE];
  return names.flatMap((name) => ASSIGNORS.find(({ className }) => className === name) ?? []);
}

/** The first of Kafka's sticky assignors in a list that has none of ours; null for any other list. */
export function stickyOnly(classNames: readonly string[]): string | null {
  if (classNames.some((name) => ASSIGNORS.some(({ className }) => className === name))) return null;
  return classNames.find((name) => STICKY.has(name)) ?? null;
}
