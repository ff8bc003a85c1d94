import { deleteGroups } from '../../protocol/messages/index.ts';
import type { GroupCoordinator } from '../coordinator/group-coordinator.ts';
import { handler } from '../server/handler.ts';

export const deleteGroupsHandler = (groups: GroupCoordinator) =>
  handler<typeof deleteGroups>({
    api: deleteGroups,
    async handle({ groupsNames }) {
      const results = [];
      for (const groupId of groupsNames) results.push({ groupId, errorCode: await groups.admin.delete(groupId) });
      return { results };
    },
  });
