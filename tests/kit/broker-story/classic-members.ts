import {
  consumerProtocolAssignment,
  consumerProtocolSubscription,
} from '../../../main/protocol/messages/consumer-protocol.ts';
import { Errors, heartbeat, joinGroup, leaveGroup, syncGroup } from '../../../main/protocol/messages/index.ts';
import type { Requests } from '../in-process-broker.ts';
import { commitAsMember } from './commit-as-member.ts';
import { COMMITTED_TOPIC, FIRST_PARTITIONS } from './events.ts';
import type { StoryClients, StoryMembers } from './story-clients.ts';

const MEMBERS = 2;
/** Of a member that comes to no end, as the disk fails. */
const TRIES = 50;
const SESSION_MS = 60_000;
/** Shorter than a life: that one has left is not kept, as in Kafka, and a broker that was killed waits for it again. */
const REBALANCE_MS = 200;
const SUBSCRIPTION = consumerProtocolSubscription.encodeVersioned(1, {
  topics: [COMMITTED_TOPIC],
  userData: null,
  ownedPartitions: [],
});

interface Member {
  readonly connection: Requests;
  id: string;
  generation: number;
  partitions: readonly number[];
  /** It has its part in this generation, as it was told. */
  isSettled: boolean;
}

/** Two members of the classic protocol that divide the partitions, leave, and come back. */
export class ClassicMembers implements StoryMembers {
  readonly #clients: StoryClients;
  readonly #group: string;
  readonly #members: readonly Member[];
  #isBusy = false;

  constructor(clients: StoryClients, group: string) {
    this.#clients = clients;
    this.#group = group;
    this.#members = Array.from({ length: MEMBERS }, () => ({
      connection: clients.broker.another?.() ?? clients.broker,
      id: '',
      generation: -1,
      partitions: [],
      isSettled: false,
    }));
  }

  async act(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      const leaving = this.#clients.choices.chance(0.1);
      if (leaving) await this.#leave(this.#members[this.#clients.choices.between(0, MEMBERS - 1)]!);
      if (this.#members.some(({ isSettled }) => !isSettled)) await this.#rebalance();
      await Promise.all(this.#members.filter(({ isSettled }) => isSettled).map((member) => this.#commit(member)));
    } finally {
      this.#isBusy = false;
    }
  }

  async checkAfterKill(): Promise<void> {
    for (const member of this.#members) {
      if (!member.isSettled) continue;
      const errorCode = await this.#beat(member);
      if (errorCode !== 0 && errorCode !== Errors.REBALANCE_IN_PROGRESS) {
        throw new Error(
          `${this.#group}: ${member.id} of generation ${member.generation} is no member any more (${errorCode})`,
        );
      }
    }
  }

  async #commit(member: Member): Promise<void> {
    for (const partition of member.partitions) {
      const errorCode = await commitAsMember(this.#clients, member.connection, this.#group, member, partition);
      if (errorCode === Errors.UNKNOWN_MEMBER_ID) member.id = '';
      if (errorCode !== 0) member.isSettled = false;
    }
  }

  async #leave(member: Member): Promise<void> {
    for (const each of this.#members) each.isSettled = false;
    if (member.id === '') return;
    const members = [{ memberId: member.id }];
    await member.connection.request(leaveGroup, 3, { groupId: this.#group, members });
    // Not before it is answered: the group would wait for one that nobody is any more.
    member.id = '';
  }

  /** All of them join, each waiting for the others, while time passes. */
  async #rebalance(): Promise<void> {
    for (const member of this.#members) member.isSettled = false;
    let isOver = false;
    const all = Promise.allSettled(this.#members.map((member) => this.#enter(member))).finally(() => {
      isOver = true;
    });
    while (!isOver) await Promise.race([all, this.#clients.broker.pass(50)]);
    for (const entered of await all) if (entered.status === 'rejected') throw entered.reason;
  }

  async #enter(member: Member): Promise<void> {
    for (let tries = 0; tries < TRIES; tries++) {
      if (!member.isSettled) await this.#join(member);
      else if (this.#members.every((other) => other.isSettled && other.generation === member.generation)) return;
      else {
        await this.#clients.broker.pass(20);
        const errorCode = await this.#beat(member);
        if (errorCode === Errors.UNKNOWN_MEMBER_ID) member.id = '';
        if (errorCode !== 0) member.isSettled = false;
      }
    }
  }

  async #join(member: Member): Promise<void> {
    const joined = await member.connection.request(joinGroup, 9, {
      groupId: this.#group,
      sessionTimeoutMs: SESSION_MS,
      rebalanceTimeoutMs: REBALANCE_MS,
      memberId: member.id,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: SUBSCRIPTION }],
    });
    if (joined.errorCode === Errors.MEMBER_ID_REQUIRED) member.id = joined.memberId;
    if (joined.errorCode === Errors.UNKNOWN_MEMBER_ID) member.id = '';
    if (joined.errorCode !== 0) return;
    member.id = joined.memberId;
    member.generation = joined.generationId;
    const synced = await member.connection.request(syncGroup, 5, {
      groupId: this.#group,
      generationId: joined.generationId,
      memberId: joined.memberId,
      protocolType: 'consumer',
      protocolName: 'range',
      assignments: divided(joined.members.map(({ memberId }) => memberId)),
    });
    if (synced.errorCode === Errors.UNKNOWN_MEMBER_ID) member.id = '';
    if (synced.errorCode !== 0) return;
    const { value } = consumerProtocolAssignment.decodeVersioned(synced.assignment);
    member.partitions = value.assignedPartitions.flatMap(({ partitions }) => partitions);
    member.isSettled = true;
  }

  /** Error code. */
  async #beat(member: Member): Promise<number> {
    const { id: memberId, generation: generationId } = member;
    return (await member.connection.request(heartbeat, 4, { groupId: this.#group, memberId, generationId })).errorCode;
  }
}

/** Partition by partition; the one who leads is told of all members, the others of none. */
function divided(memberIds: readonly string[]): { memberId: string; assignment: Buffer }[] {
  return memberIds.map((memberId, i) => {
    const all = Array.from({ length: FIRST_PARTITIONS }, (_, partition) => partition);
    const partitions = all.filter((partition) => partition % memberIds.length === i);
    const assignedPartitions = [{ topic: COMMITTED_TOPIC, partitions }];
    return {
      memberId,
      assignment: consumerProtocolAssignment.encodeVersioned(1, { assignedPartitions, userData: null }),
    };
  });
}
