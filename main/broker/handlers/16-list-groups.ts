import { Errors, listGroups } from '../../protocol/messages/index.ts';
import type { GroupCoordinator } from '../coordinator/group-coordinator.ts';
import { handler } from '../server/handler.ts';

export const listGroupsHandler = (groups: GroupCoordinator) =>
  handler<typeof listGroups>({
    api: listGroups,
    handle({ statesFilter, typesFilter }) {
      // Java's tools write states and types in any case.
      const states = new Set(statesFilter.map((state) => state.toLowerCase()));
      const types = new Set(typesFilter.map((type) => type.toLowerCase()));
      const found = groups.admin.list().filter(({ type }) => types.size === 0 || types.has(type));
      return {
        errorCode: Errors.NONE,
        groups: found
          .filter(({ state }) => states.size === 0 || states.has(state.toLowerCase()))
          .map(({ groupId, type, protocolType, state }) => ({
            groupId,
            protocolType,
            groupState: state,
            groupType: type,
          })),
      };
    },
  });
