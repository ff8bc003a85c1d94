import type { Generations, WholeGeneration } from './generations.ts';
import { GroupMember } from './group-member.ts';
import type { StoredGroup } from './group-records.ts';

/** As the log keeps it: of what a member can speak only the group's own protocol. */
export function storedGeneration(of: Generations): StoredGroup {
  return {
    protocolType: of.protocolType,
    generation: of.number,
    protocol: of.protocol,
    leader: of.leader,
    currentStateTimestamp: of.stateSince,
    members: of.members.all.map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      rebalanceTimeout: member.rebalanceTimeoutMs,
      sessionTimeout: member.sessionTimeoutMs,
      subscription: member.metadata(of.protocol),
      assignment: member.assignment,
    })),
  };
}

export function readGeneration(stored: StoredGroup): WholeGeneration {
  const { protocolType, generation, protocol, leader, currentStateTimestamp } = stored;
  const members = stored.members.map((old) => {
    const member = new GroupMember(old.memberId, {
      clientId: old.clientId,
      clientHost: old.clientHost,
      groupInstanceId: old.groupInstanceId,
      sessionTimeoutMs: old.sessionTimeout,
      rebalanceTimeoutMs: old.rebalanceTimeout < 0 ? old.sessionTimeout : old.rebalanceTimeout,
      protocols: [{ name: protocol ?? '', metadata: old.subscription }],
    });
    member.assignment = old.assignment;
    return member;
  });
  return { protocolType, number: generation, protocol, leader, since: currentStateTimestamp, members };
}
