import { ApiException, Errors } from '../../protocol/messages/index.ts';
import { type BrokerConfig, checkTopicConfigs } from '../config/broker-config.ts';
import { BROKER_DEFINITIONS } from '../config/broker-definitions.ts';
import { checkDynamicConfigs } from '../config/dynamic-changes.ts';
import { TOPIC_PROPERTIES, type TopicPropertyName } from '../config/topic-properties.ts';
import type { DynamicConfigs } from '../metadata/dynamic-configs.ts';
import { topicNameError } from '../metadata/topic-names.ts';
import type { ChangeConfigs, Topics } from '../metadata/topics.ts';

const TOPIC = 2;
const BROKER = 4;

export interface AlteredResource {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly configs: readonly { readonly name: string; readonly value: string | null }[];
}

/** What settings are of: a topic, the broker, or every broker. */
export interface ConfigTarget {
  /** What was set for it. */
  readonly configs: ReadonlyMap<string, string>;
  /** The value of a list that is appended to. Throws ApiException when the property is no list. */
  listValue(name: string, configs: ReadonlyMap<string, string>, operation: 'append' | 'subtract'): string;
  /** Throws ConfigException or ApiException when the settings can't be, instead of those that are there now. */
  check(next: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): void;
  change(change: ChangeConfigs): Promise<void>;
}

export interface ConfigTargets {
  readonly topics: Topics;
  readonly config: BrokerConfig;
  readonly configs: DynamicConfigs;
}

/**
 * What a request to alter settings names. Java: `ConfigAdminManager.preprocess`.
 *
 * @throws ApiException when there is no such thing
 */
export function configTargetOf(targets: ConfigTargets, resource: AlteredResource): ConfigTarget {
  const { resourceType, resourceName, configs } = resource;
  const refuse = (message: string) => new ApiException(Errors.INVALID_REQUEST, message);
  const names = configs.map(({ name }) => name);
  if (new Set(names).size < names.length) throw refuse('Error due to duplicate config keys');
  if (resourceType === BROKER) return brokerTarget(targets, resourceName);
  if (resourceType !== TOPIC) throw refuse(`Unknown resource type ${resourceType}`);
  if (resourceName === '') throw refuse('Default topic resources are not allowed.');
  const unreal = topicNameError(resourceName);
  if (unreal) throw unreal;
  return topicTarget(targets, resourceName);
}

function topicTarget({ topics, config }: ConfigTargets, name: string): ConfigTarget {
  const topic = topics.get(name);
  if (!topic) throw new ApiException(Errors.UNKNOWN_TOPIC_OR_PARTITION, `The topic '${name}' does not exist.`);
  return {
    configs: topic.configs,
    listValue(property, configs, operation) {
      if (Object.hasOwn(TOPIC_PROPERTIES, property) && TOPIC_PROPERTIES[property as TopicPropertyName].type === 'list')
        return config.topicValue(property as TopicPropertyName, configs);
      throw new ApiException(
        Errors.INVALID_CONFIG,
        `Can't ${operation.toUpperCase()} to key ${property} because its type is not LIST.`,
      );
    },
    check: checkTopicConfigs,
    change: (change) => topics.changeConfigs(name, change),
  };
}

function brokerTarget({ config, configs: dynamic }: ConfigTargets, resourceName: string): ConfigTarget {
  const nodeId = config.number('node.id');
  if (!/^([+-]?\d+)?$/.test(resourceName)) {
    throw new ApiException(Errors.INVALID_REQUEST, `Node id must be an integer, but it is: ${resourceName}`);
  }
  if (resourceName !== '' && Number(resourceName) !== nodeId) {
    throw new ApiException(
      Errors.INVALID_REQUEST,
      `Unexpected broker id, expected ${nodeId}, but received ${resourceName}`,
    );
  }
  const scope = resourceName === '' ? 'defaults' : 'broker';
  return {
    configs: dynamic.of(scope),
    listValue(name, configs, operation) {
      const definition = BROKER_DEFINITIONS.get(name);
      // As in Kafka the default is appended to, whatever was given at the start.
      if (definition?.type === 'list') return configs.get(name) ?? definition.default ?? '';
      throw new ApiException(
        Errors.INVALID_CONFIG,
        definition
          ? `Config value ${operation} is not allowed for config key: ${name}`
          : `Unknown config name: ${name}`,
      );
    },
    check: (next, now) => checkDynamicConfigs(next, now, scope, config),
    change: (change) => dynamic.change(scope, change),
  };
}

/** Makes the change when it can be; `validateOnly`: only looks whether it can. */
export async function alter(target: ConfigTarget, change: ChangeConfigs, validateOnly: boolean): Promise<void> {
  const checked: ChangeConfigs = (now) => {
    const next = change(now);
    target.check(next, now);
    return next;
  };
  if (validateOnly) checked(target.configs);
  else await target.change(checked);
}

/** @throws ApiException INVALID_REQUEST */
export function nullValue(names: readonly string[]): ApiException {
  return new ApiException(Errors.INVALID_REQUEST, `Null value not supported for : ${names.join(', ')}`);
}
