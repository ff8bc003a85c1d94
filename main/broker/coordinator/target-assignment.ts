import type { Time } from '../../../common/time.ts';
import { type Assignment, isSame, NOTHING_ASSIGNED } from './assignment.ts';
import type { ConsumerGroupMember } from './consumer-group-member.ts';
import { type ConsumerGroupRecord, targetEpochRecord, targetRecord } from './consumer-group-records.ts';
import type { CoordinatorRecord } from './coordinator-topic.ts';
import { SERVER_ASSIGNORS } from './server-assignors.ts';

/** Of a group to which nothing has happened. */
export const FIRST_EPOCH = 1;

export interface TargetEnvironment {
  time: Time;
  patterns: { matching(pattern: string): readonly string[] };
  topicNamed(name: string): { id: string; partitions: number } | undefined;
}

/** Names of the topics that a member is subscribed to, also of some that are not there; sorted, each once. */
export function subscriptionOf(
  { subscribedTopicNames, subscribedTopicRegex }: ConsumerGroupMember,
  patterns: TargetEnvironment['patterns'],
): readonly string[] {
  if (!subscribedTopicRegex) return subscribedTopicNames;
  return [...new Set([...subscribedTopicNames, ...patterns.matching(subscribedTopicRegex)])].sort();
}

/** What each member of a group is to have in the end. Java: `TargetAssignmentBuilder`. */
export class TargetAssignment {
  readonly #groupId: string;
  readonly #env: TargetEnvironment;
  readonly #byMember = new Map<string, Assignment>();
  #epoch = FIRST_EPOCH;
  /** The topics as they were when it was made; undefined after a start. */
  #topicsSeen: string | undefined;

  constructor(groupId: string, env: TargetEnvironment) {
    this.#groupId = groupId;
    this.#env = env;
  }

  /** The group's epoch when it was made. */
  get epoch(): number {
    return this.#epoch;
  }

  has(memberId: string): boolean {
    return this.#byMember.has(memberId);
  }

  of(memberId: string): Assignment {
    return this.#byMember.get(memberId) ?? NOTHING_ASSIGNED;
  }

  /** It is what members have by now; returns its records. */
  begin(epoch: number, assigned: ReadonlyMap<string, Assignment>): CoordinatorRecord[] {
    this.#epoch = epoch;
    for (const [memberId, target] of assigned) this.#byMember.set(memberId, target);
    return [
      ...[...assigned].map(([memberId, target]) => targetRecord(this.#groupId, memberId, target)),
      targetEpochRecord(this.#groupId, {
        assignmentEpoch: epoch,
        assignmentTimestamp: BigInt(this.#env.time.milliseconds()),
      }),
    ];
  }

  /** Returns the records of the change. */
  set(memberId: string, target: Assignment): CoordinatorRecord[] {
    const before = this.#byMember.get(memberId);
    this.#byMember.set(memberId, target);
    return before && isSame(before, target) ? [] : [targetRecord(this.#groupId, memberId, target)];
  }

  delete(memberId: string): void {
    this.#byMember.delete(memberId);
  }

  /** Whether the group's epoch is another one, or topics came, went or grew since it was made. */
  isDue(groupEpoch: number, members: readonly ConsumerGroupMember[]): boolean {
    const seen = fingerprint(this.#topicsOf(members));
    const haveChanged = this.#topicsSeen !== undefined && this.#topicsSeen !== seen;
    this.#topicsSeen ??= seen;
    return haveChanged || groupEpoch !== this.#epoch;
  }

  /** Divides the partitions among the members; returns the records of the change. */
  divide(groupEpoch: number, members: readonly ConsumerGroupMember[], assignor: string): CoordinatorRecord[] {
    const topics = this.#topicsOf(members);
    this.#topicsSeen = fingerprint(topics);
    const divided = SERVER_ASSIGNORS.get(assignor)!(
      members.map((member) => ({
        memberId: member.memberId,
        instanceId: member.instanceId,
        topicIds: new Set(
          subscriptionOf(member, this.#env.patterns)
            .map((name) => topics.get(name)?.id)
            .filter((id) => id !== undefined),
        ),
        current: this.of(member.memberId),
      })),
      new Map([...topics.values()].map(({ id, partitions }) => [id, partitions])),
    );
    this.#epoch = groupEpoch;
    const assignmentTimestamp = BigInt(this.#env.time.milliseconds());
    return [
      ...[...divided].flatMap(([memberId, assigned]) =>
        this.set(memberId, new Map([...assigned].filter(([, partitions]) => partitions.size > 0))),
      ),
      targetEpochRecord(this.#groupId, { assignmentEpoch: groupEpoch, assignmentTimestamp }),
    ];
  }

  replay(record: ConsumerGroupRecord & { kind: 'target' | 'target epoch' }): void {
    if (record.kind === 'target epoch') this.#epoch = record.epoch ?? FIRST_EPOCH;
    else if (record.target) this.#byMember.set(record.memberId, record.target);
    else this.#byMember.delete(record.memberId);
  }

  /** Those that members are subscribed to, by name. */
  #topicsOf(members: readonly ConsumerGroupMember[]): Map<string, { id: string; partitions: number }> {
    const topics = new Map<string, { id: string; partitions: number }>();
    for (const member of members) {
      for (const name of subscriptionOf(member, this.#env.patterns)) {
        const topic = topics.has(name) ? undefined : this.#env.topicNamed(name);
        if (topic) topics.set(name, topic);
      }
    }
    return topics;
  }
}

function fingerprint(topics: ReadonlyMap<string, { id: string; partitions: number }>): string {
  return [...topics.values()]
    .map(({ id, partitions }) => `${id} ${partitions}`)
    .sort()
    .join();
}
