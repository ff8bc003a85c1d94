import { offsetCommit } from '../../../main/protocol/messages/index.ts';
import type { Requests } from '../in-process-broker.ts';
import { COMMITTED_TOPIC } from './events.ts';
import type { StoryClients } from './story-clients.ts';

/** Error code. `generation` is the epoch of a member of the new protocol. */
export async function commitAsMember(
  { events, nextCommit }: StoryClients,
  connection: Requests,
  group: string,
  member: { readonly id: string; readonly generation: number },
  partition: number,
): Promise<number> {
  const offset = nextCommit(group, partition);
  events.push({ kind: 'committing', group, partition, offset });
  const { topics } = await connection.request(offsetCommit, 9, {
    groupId: group,
    generationIdOrMemberEpoch: member.generation,
    memberId: member.id,
    topics: [
      {
        name: COMMITTED_TOPIC,
        partitions: [{ partitionIndex: partition, committedOffset: offset, committedMetadata: null }],
      },
    ],
  });
  const { errorCode } = topics[0]!.partitions[0]!;
  if (errorCode === 0) events.push({ kind: 'committed', group, partition, offset });
  return errorCode;
}
