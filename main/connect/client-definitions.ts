import { parseClientConfig } from '../kafka/client-config.ts';
import { settingDefinition } from '../kafka/settings/setting-definitions.ts';
import type { ClientDefinitions } from './runtime/connector-validation.ts';

/** Kafka's clients as validation asks for them. */
export const clientDefinitions: ClientDefinitions = {
  check: (client, config) => void parseClientConfig(client, config),
  define(client, name) {
    const found = settingDefinition(client, name);
    return (
      found && {
        name,
        type: found.type,
        required: found.default === undefined,
        default_value: found.default ?? null,
        importance: found.importance,
        documentation: found.doc,
        group: null,
        order_in_group: -1,
        width: 'NONE',
        display_name: name,
        dependents: [],
      }
    );
  },
};
