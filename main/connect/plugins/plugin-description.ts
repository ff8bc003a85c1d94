import type { PluginDescription } from '../../../common/connect/catalog.ts';
import type { ConfigKeyInfo } from '../../../common/connect/config-infos.ts';
import { ConnectException } from '../../../common/errors.ts';
import { type AnyConfigKey, type ConfigDef, configDef } from '../api/config-def.ts';
import { toConfigKeyInfos } from '../api/config-infos.ts';
import { parseType } from '../api/config-types.ts';
import type { Connector } from '../api/connector.ts';
import type { Definition } from './check-definition.ts';

export function describePlugin(definition: Definition): PluginDescription {
  const { kind, className, version, summary } = definition;
  const isConnector = kind === 'source' || kind === 'sink';
  const of: Partial<Connector> = isConnector ? (definition as Connector) : {};
  return {
    kind,
    className,
    version,
    summary,
    config: toConfigKeyInfos(definition.config),
    delivery: of.delivery ?? '',
    examples: of.examples ?? [],
    category: of.category ?? null,
    worksOffline: of.worksOffline ?? false,
    runsOnKafkaConnect: of.runsOnKafkaConnect ?? false,
  };
}

/**
 * A definition that says the same as the described one and can do nothing: for a process that may not run the plugin's
 * code. Its keys accept whatever has their type.
 */
export function describedPlugin(description: PluginDescription): Definition {
  const { kind, className, version, summary, delivery, examples, category, worksOffline, runsOnKafkaConnect } =
    description;
  const elsewhere = (): never => {
    throw new ConnectException(`${className} runs in a process of its own and can't be used in this one`, {
      code: 'ELSEWHERE',
    });
  };
  const config = describedConfig(description.config);
  if (kind === 'source' || kind === 'sink')
    return {
      ...{ kind, className, version, summary, delivery, examples, config, worksOffline, runsOnKafkaConnect },
      ...(category === null ? {} : { category }),
      task: elsewhere,
    } as Connector;
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
