import type { ConfigKeyInfo } from '../../../common/connect/config-infos.ts';
import { ConnectException } from '../../../common/errors.ts';
import { type AnyConfigKey, type ConfigDef, configDef } from '../api/config-def.ts';
import { toConfigKeyInfos } from '../api/config-infos.ts';
import { parseType } from '../api/config-types.ts';
import type { ConfigMap, Connector } from '../api/connector.ts';
import type { Definition } from './check-definition.ts';

/** What is known of a plugin without any of its code: data that crosses processes. */
export interface PluginDescription {
  kind: Definition['kind'];
  className: string;
  version: string;
  summary: string;
  config: readonly ConfigKeyInfo[];
  /** Of connectors. */
  delivery: string;
  examples: readonly { title: string; config: ConfigMap }[];
}

export function describePlugin(definition: Definition): PluginDescription {
  const { kind, className, version, summary } = definition;
  const isConnector = kind === 'source' || kind === 'sink';
  const { delivery, examples } = isConnector ? (definition as Connector) : { delivery: '', examples: [] };
  return { kind, className, version, summary, config: toConfigKeyInfos(definition.config), delivery, examples };
}

/**
 * A definition that says the same as the described one and can do nothing: for a process that may not run the plugin's
 * code. Its keys accept whatever has their type.
 */
export function describedPlugin(description: PluginDescription): Definition {
  const { kind, className, version, summary, delivery, examples } = description;
  const elsewhere = (): never => {
    throw new ConnectException(`${className} runs in a process of its own and can't be used in this one`, {
      code: 'ELSEWHERE',
    });
  };
  const config = describedConfig(description.config);
  if (kind === 'source' || kind === 'sink')
    return { kind, className, version, summary, delivery, examples, config, task: elsewhere } as Connector;
  return { kind, className, version, summary, config, create: elsewhere } as Definition;
}

function describedConfig(infos: readonly ConfigKeyInfo[]): ConfigDef {
  return configDef(
    Object.fromEntries(
      infos.map((info) => {
        const key = {
          type: info.type,
          importance: info.importance,
          doc: info.documentation,
          width: info.width,
          displayName: info.display_name,
          order: info.order_in_group,
          dependents: info.dependents,
          ...(info.group === null ? {} : { group: info.group }),
          ...(info.required ? {} : { default: defaultOf(info) }),
        };
        return [info.name, key as AnyConfigKey];
      }),
    ),
  );
}

function defaultOf({ name, type, default_value: text }: ConfigKeyInfo) {
  return text === null ? null : parseType(name, text, type);
}
