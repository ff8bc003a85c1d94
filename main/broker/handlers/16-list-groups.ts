import { Errors, listGroups } from '../../protocol/messages/index.ts';
import type { GroupCoordinator } from '../coordinator/group-coordinator.ts';
import { handler } from '../server/handler.ts';

const GROUP_TYPE = 'classic';

export const listGroupsHandler = (groups: GroupCoordinator) =>
  handler<typeof listGroups>({
    api: listGroups,
    handle({ statesFilter, typesFilter }) {
      // Java's tools write states and types in any case.
      const states = new Set(statesFilter.map((state) => state.toLowerCase()));
      const typeWanted = typesFilter.length === 0 || typesFilter.some((type) => type.toLowerCase() === GROUP_TYPE);
      const found = typeWanted ? groups.list() : [];
      return {
        errorCode: Errors.NONE,
        groups: found
          .filter(({ state }) => states.size === 0 || states.has(state.toLowerCase()))
          .map(({ groupId, protocolType, state }) => ({
            groupId,
            protocolType,
            groupState: state,
            groupType: GROUP_TYPE,
          })),
      };
    },
  });
