import { consumerGroupHeartbeat, Errors } from '../../../main/protocol/messages/index.ts';
import type { Requests } from '../in-process-broker.ts';
import { commitAsMember } from './commit-as-member.ts';
import { COMMITTED_TOPIC } from './events.ts';
import type { StoryClients, StoryMembers } from './story-clients.ts';

const MEMBERS = 2;
const JOIN = 0;
const LEAVE = -1;

interface Member {
  readonly connection: Requests;
  readonly id: string;
  /** Its epoch. */
  generation: number;
  owned: readonly { topicId: string; partitions: readonly number[] }[];
  /** Its last heartbeat was answered. */
  isCertain: boolean;
}

/** Two members of the new protocol (KIP-848), each going its own way. */
export class ConsumerMembers implements StoryMembers {
  readonly #clients: StoryClients;
  readonly #group: string;
  readonly #members: readonly Member[];
  readonly #busy = new Set<Member>();

  constructor(clients: StoryClients, group: string) {
    this.#clients = clients;
    this.#group = group;
    this.#members = Array.from({ length: MEMBERS }, (_, i) => ({
      connection: clients.broker.another?.() ?? clients.broker,
      id: `${group}-member-${i}-${clients.text('m')}`,
      generation: JOIN,
      owned: [],
      isCertain: false,
    }));
  }

  async act(): Promise<void> {
    const { choices } = this.#clients;
    const member = choices.pick(this.#members);
    if (this.#busy.has(member)) return;
    this.#busy.add(member);
    try {
      const isLeaving = member.generation !== JOIN && choices.chance(0.08);
      if (isLeaving || member.generation === JOIN || choices.chance(0.4)) await this.#beat(member, isLeaving);
      if (member.generation === JOIN) return;
      for (const partition of member.owned.flatMap(({ partitions }) => partitions)) {
        await commitAsMember(this.#clients, member.connection, this.#group, member, partition);
      }
    } finally {
      this.#busy.delete(member);
    }
  }

  async checkAfterKill(): Promise<void> {
    for (const member of this.#members) {
      if (!member.isCertain || member.generation === JOIN) continue;
      const { id, generation } = member;
      const errorCode = await this.#beat(member, false);
      if (errorCode === 0) continue;
      throw new Error(`${this.#group}: ${id} of epoch ${generation} is no member any more (${errorCode})`);
    }
  }

  /** Error code. */
  async #beat(member: Member, isLeaving: boolean): Promise<number> {
    const isJoining = member.generation === JOIN;
    member.isCertain = false;
    const answer = await member.connection.request(consumerGroupHeartbeat, 1, {
      groupId: this.#group,
      memberId: member.id,
      memberEpoch: isLeaving ? LEAVE : member.generation,
      rebalanceTimeoutMs: 60_000,
      subscribedTopicNames: [COMMITTED_TOPIC],
      topicPartitions: isJoining
        ? []
        : member.owned.map(({ topicId, partitions }) => ({ topicId, partitions: [...partitions] })),
    });
    member.isCertain = answer.errorCode === 0;
    if (isLeaving || answer.errorCode === Errors.UNKNOWN_MEMBER_ID || answer.errorCode === Errors.FENCED_MEMBER_EPOCH) {
      member.generation = JOIN;
      member.owned = [];
    } else if (answer.errorCode === 0) {
      member.generation = answer.memberEpoch;
      if (answer.assignment) member.owned = answer.assignment.topicPartitions;
    }
    return answer.errorCode;
  }
}
