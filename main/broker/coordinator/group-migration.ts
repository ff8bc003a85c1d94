import { SchemaException } from '../../protocol/exceptions.ts';
import { ApiException, Errors } from '../../protocol/messages/index.ts';
import { NOTHING_ASSIGNED } from './assignment.ts';
import type { ClassicGroup } from './classic-group.ts';
import type { TopicIds } from './classic-member-requests.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import { type ConsumerGroupMember, NEW_MEMBER } from './consumer-group-member.ts';
import { CONSUMER_PROTOCOL_TYPE, readAssignment, readSubscription, writeAssignment } from './embedded-protocol.ts';
import type { WholeGeneration } from './generations.ts';
import { GroupMember } from './group-member.ts';
import { GroupMembers } from './group-members.ts';
import { FIRST_EPOCH } from './target-assignment.ts';

/** `group.consumer.migration.policy`: which way a group with members may go over. */
export type MigrationPolicy = 'disabled' | 'upgrade' | 'downgrade' | 'bidirectional';

export interface MigrationOptions {
  policy: MigrationPolicy;
  /** `group.max.size` */
  classicMaxSize: number;
  /** `group.consumer.max.size` */
  consumerMaxSize: number;
  topics: TopicIds;
}

/**
 * How a group with members goes over from one protocol to the other (KIP-848): each keeps what it has. Java:
 * `convertToConsumerGroup`, `convertToClassicGroup` and what checks them in `GroupMetadataManager`.
 */
export class GroupMigration {
  readonly #options: MigrationOptions;

  constructor(options: MigrationOptions) {
    this.#options = options;
  }

  /**
   * The members of a classic group as those of a consumer group of its generation.
   *
   * @throws ApiException GROUP_ID_NOT_FOUND with Kafka's words when it can't go over
   */
  upgraded(group: ClassicGroup): { epoch: number; members: ConsumerGroupMember[] } {
    const { policy, consumerMaxSize } = this.#options;
    const refused = (why: string) =>
      new ApiException(
        Errors.GROUP_ID_NOT_FOUND,
        `Cannot upgrade classic group ${group.groupId} to consumer group because ${why}.`,
      );
    if (policy !== 'upgrade' && policy !== 'bidirectional') throw refused('online upgrade is disabled');
    if (group.protocolType !== CONSUMER_PROTOCOL_TYPE) {
      throw refused('the group does not use the consumer embedded protocol');
    }
    if (group.members.length > consumerMaxSize) {
      throw refused('the group size exceeds the consumer group maximum size');
    }
    try {
      const epoch = Math.max(FIRST_EPOCH, group.generation);
      return { epoch, members: group.members.map((member) => this.#consumerMember(group, epoch, member, refused)) };
    } catch (error) {
      if (!(error instanceof SchemaException)) throw error;
      throw refused('the embedded consumer protocol is malformed');
    }
  }

  /** Whether the group is to be a classic one, as these leave and `joining` come: all others speak the classic protocol. */
  mayDowngrade(group: ConsumerGroup, leaving: ReadonlySet<string>, joining = 0): boolean {
    const { policy, classicMaxSize } = this.#options;
    if (policy !== 'downgrade' && policy !== 'bidirectional') return false;
    const staying = group.members.filter(({ memberId }) => !leaving.has(memberId));
    const size = staying.length + joining;
    return size > 0 && size <= classicMaxSize && staying.every(({ classic }) => classic !== null);
  }

  /** What a consumer group, all of whose members but `leaving` speak the classic protocol, is as a classic one. */
  downgraded(group: ConsumerGroup, leaving: ReadonlySet<string>, epoch: number, now: bigint): WholeGeneration {
    const members = new GroupMembers();
    for (const member of group.members) if (!leaving.has(member.memberId)) members.add(classicMember(member));
    const protocol = members.vote();
    for (const member of members.all) {
      const target = group.targetOf(member.memberId);
      member.assignment = writeAssignment(target, member.metadata(protocol), this.#options.topics.nameOf);
    }
    return {
      protocolType: CONSUMER_PROTOCOL_TYPE,
      number: epoch,
      protocol,
      leader: members.all[0]?.memberId ?? null,
      since: now,
      members: members.all,
    };
  }

  #consumerMember(
    group: ClassicGroup,
    epoch: number,
    member: GroupMember,
    refused: (why: string) => Error,
  ): ConsumerGroupMember {
    const { idOf } = this.#options.topics;
    // Before the first generation is whole there is no protocol that is everybody's.
    const subscription = readSubscription(member.metadata(group.protocol ?? member.protocols[0]!.name), idOf);
    // Who has never synced has nothing yet.
    const { assigned, userData } =
      member.assignment.length === 0
        ? { assigned: NOTHING_ASSIGNED, userData: null }
        : readAssignment(member.assignment, idOf);
    if (userData !== null && userData.length > 0) {
      throw refused(
        'an unsupported custom assignor is in use. Please refer to the documentation or switch to a default assignor before re-attempting the upgrade',
      );
    }
    return {
      ...NEW_MEMBER,
      memberId: member.memberId,
      instanceId: member.groupInstanceId,
      rackId: subscription.rackId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      subscribedTopicNames: subscription.topics,
      rebalanceTimeoutMs: member.rebalanceTimeoutMs,
      classic: { sessionTimeoutMs: member.sessionTimeoutMs, protocols: member.protocols },
      memberEpoch: epoch,
      previousMemberEpoch: epoch,
      assigned,
    };
  }
}

/** Of one that speaks the classic protocol. */
function classicMember(member: ConsumerGroupMember): GroupMember {
  const { memberId, instanceId, clientId, clientHost, rebalanceTimeoutMs } = member;
  const { sessionTimeoutMs, protocols } = member.classic!;
  return new GroupMember(memberId, {
    ...{ clientId, clientHost, groupInstanceId: instanceId },
    ...{ sessionTimeoutMs, rebalanceTimeoutMs, protocols },
  });
}
