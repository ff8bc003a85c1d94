import { Errors, type JoinGroupResponseInput, type SyncGroupResponseInput } from '../../protocol/messages/index.ts';

export function joinErrorNow(errorCode: number, memberId: string): JoinGroupResponseInput {
  return { errorCode, generationId: -1, protocolType: null, protocolName: null, leader: '', memberId, members: [] };
}

export function joinError(errorCode: number, memberId: string): Promise<JoinGroupResponseInput> {
  return Promise.resolve(joinErrorNow(errorCode, memberId));
}

export function syncErrorNow(errorCode: number): SyncGroupResponseInput {
  return { errorCode, assignment: Buffer.alloc(0) };
}

export function syncError(errorCode: number): Promise<SyncGroupResponseInput> {
  return Promise.resolve(syncErrorNow(errorCode));
}

/** Answers the member's open JoinGroup, if there is one. */
export function answerJoin(
  member: { awaitingJoin: ((response: JoinGroupResponseInput) => void) | null },
  response: JoinGroupResponseInput,
): void {
  const answer = member.awaitingJoin;
  member.awaitingJoin = null;
  answer?.(response);
}

/** Answers the member's open SyncGroup, if there is one. */
export function answerSync(
  member: { awaitingSync: ((response: SyncGroupResponseInput) => void) | null },
  response: SyncGroupResponseInput,
): void {
  const answer = member.awaitingSync;
  member.awaitingSync = null;
  answer?.(response);
}

/** To a member that the group has dropped. */
export function answerUnknown(member: {
  memberId: string;
  awaitingJoin: ((response: JoinGroupResponseInput) => void) | null;
  awaitingSync: ((response: SyncGroupResponseInput) => void) | null;
}): void {
  answerJoin(member, joinErrorNow(Errors.UNKNOWN_MEMBER_ID, member.memberId));
  answerSync(member, syncErrorNow(Errors.UNKNOWN_MEMBER_ID));
}
