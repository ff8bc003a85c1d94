import { describeGroups, Errors } from '../../protocol/messages/index.ts';
import type { GroupCoordinator } from '../coordinator/group-coordinator.ts';
import { handler } from '../server/handler.ts';

const EMPTY = Buffer.alloc(0);

export const describeGroupsHandler = (groups: GroupCoordinator) =>
  handler<typeof describeGroups>({
    api: describeGroups,
    gap: 'Authorized operations are never filled in: there are no ACLs.',
    handle: (request, { version }) => ({
      groups: request.groups.map((groupId) => {
        const group = groups.admin.describe(groupId);
        if (!group) {
          const told = version >= 6;
          return {
            groupId,
            errorCode: told ? Errors.GROUP_ID_NOT_FOUND : Errors.NONE,
            errorMessage: told
              ? `Group ${groupId} ${groups.consumerGroup(groupId) ? 'is not a classic group' : 'not found'}.`
              : null,
            groupState: 'Dead',
            protocolType: '',
            protocolData: '',
            members: [],
          };
        }
        const stable = group.state === 'Stable';
        return {
          groupId,
          errorCode: Errors.NONE,
          groupState: group.state,
          protocolType: group.protocolType,
          protocolData: stable ? (group.protocol ?? '') : '',
          members: group.members.map((member) => ({
            memberId: member.memberId,
            groupInstanceId: member.groupInstanceId,
            clientId: member.clientId,
            clientHost: member.clientHost,
            // Before the group is stable there is no protocol, whose they could be.
            memberMetadata: stable ? member.metadata(group.protocol) : EMPTY,
            memberAssignment: member.assignment,
          })),
        };
      }),
    }),
  });
