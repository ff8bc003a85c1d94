import type { JoinGroupResponse } from '../../protocol/messages/11-join-group.ts';
import { ApiException, Errors } from '../../protocol/messages/errors.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { PartitionAssignor } from './assignors.ts';
import { decodeSubscription, encodeAssignment } from './consumer-protocol.ts';

/** What the leader of a group does for all: divides the partitions, and notices when it would divide them otherwise. */
export class LeaderAssignment {
  readonly #cluster: Cluster;
  readonly #assignors: readonly PartitionAssignor[];
  /** Partition counts that the last assignment was made with; null when another member made it. */
  #madeWith: ReadonlyMap<string, number> | null = null;

  constructor(cluster: Cluster, assignors: readonly PartitionAssignor[]) {
    this.#cluster = cluster;
    this.#assignors = assignors;
  }

  /** The assignments to be handed to the coordinator: none unless this member leads. */
  async make(joined: JoinGroupResponse): Promise<{ memberId: string; assignment: Buffer }[]> {
    this.#madeWith = null;
    if (joined.leader !== joined.memberId) return [];
    const members = joined.members.map(({ memberId, groupInstanceId, metadata }) => ({
      memberId,
      groupInstanceId,
      topics: decodeSubscription(metadata).topics,
    }));
    const topics = new Set(members.flatMap((member) => member.topics));
    this.#cluster.want(topics);
    await this.#cluster.refreshed();
    const counts = this.#counts(topics);
    this.#madeWith = counts;
    // A static leader that is back keeps the assignment there is, and goes on watching over it (KIP-814).
    if (joined.skipAssignment) return [];
    const assignor = this.#assignors.find(({ name }) => name === joined.protocolName);
    if (!assignor) {
      throw new ApiException(
        Errors.UNSUPPORTED_ASSIGNOR,
        `The group agreed on the assignor ${joined.protocolName}, which is none of ours`,
      );
    }
    const assigned = assignor.assign(counts, members);
    return members.map(({ memberId }) => ({ memberId, assignment: encodeAssignment(assigned.get(memberId) ?? []) }));
  }

  /** Why it would be another one now: new partitions and topics need an owner. Null: it is as it should be. */
  outdated(): string | null {
    if (!this.#madeWith) return null;
    for (const [topic, count] of this.#counts(this.#madeWith.keys())) {
      if (count !== this.#madeWith.get(topic)) return `topic ${topic} has ${count} partitions now`;
    }
    return null;
  }

  #counts(topics: Iterable<string>): Map<string, number> {
    const counts = new Map<string, number>();
    for (const topic of topics) counts.set(topic, this.#cluster.topic(topic)?.partitions.length ?? 0);
    return counts;
  }
}
