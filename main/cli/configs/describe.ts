import { KafkaException } from '../../../common/errors.ts';
import type { Admin, ConfigSource, DescribedConfig } from '../../kafka/api.ts';
import type { CommandContext } from '../command-context.ts';
import type { ConfigsOptions } from '../commands/configs.ts';
import { writeLines } from '../output/write-lines.ts';
import { type Entity, type EntityType, RESOURCE_OF } from './entities.ts';

/** Where a setting of the entity itself comes from; broker loggers have no others. */
const OWN: ReadonlyMap<EntityType, ConfigSource> = new Map([
  ['topics', 'DYNAMIC_TOPIC_CONFIG'],
  ['brokers', 'DYNAMIC_BROKER_CONFIG'],
  ['groups', 'DYNAMIC_GROUP_CONFIG'],
]);

/** `--describe`. Java: `ConfigCommand.describeResourceConfig`. */
export async function describeConfigs(
  admin: Admin,
  { type, name }: Entity,
  { all, output }: ConfigsOptions,
  context: CommandContext,
): Promise<void> {
  const singular = type.slice(0, -1);
  if (type === 'topics' && name !== null) checkTopicName(name);
  const there = await namesOf(admin, type);
  if (name && !there.includes(name)) {
    return writeLines(context, [`The ${singular} '${name}' doesn't exist and doesn't have dynamic config.`]);
  }
  // Brokers have defaults besides, which have no name.
  const names = name !== null ? [name] : type === 'brokers' ? [...there, ''] : there;
  const json: unknown[] = [];
  for (const each of names) {
    const title = each === '' ? `Default configs for ${type} in the cluster are:` : '';
    if (output !== 'json') {
      await writeLines(context, [title || `${all ? 'All' : 'Dynamic'} configs for ${singular} ${each} are:`]);
    }
    const configs = await configsOf(admin, type, each, all === true);
    if (output === 'json') json.push({ entityType: type, entityName: each, configs });
    else await writeLines(context, configs.map(line));
  }
  if (output === 'json') await writeLines(context, [JSON.stringify(json, null, 2)]);
}

async function configsOf(admin: Admin, type: EntityType, name: string, all: boolean): Promise<DescribedConfig[]> {
  const configs = await admin.describeConfigs({ type: RESOURCE_OF.get(type) ?? 'topic', name });
  const own = type === 'brokers' && name === '' ? 'DYNAMIC_DEFAULT_BROKER_CONFIG' : OWN.get(type);
  return all || own === undefined ? configs : configs.filter(({ source }) => source === own);
}

/** Sorted. */
async function namesOf(admin: Admin, type: EntityType): Promise<string[]> {
  if (type === 'topics') return admin.listTopics();
  if (type === 'groups') return (await admin.listGroups()).map(({ groupId }) => groupId);
  return (await admin.brokers())
    .map(({ id }) => id)
    .sort((a, b) => a - b)
    .map(String);
}

function line({ name, value, sensitive, synonyms }: DescribedConfig): string {
  const texts = synonyms.map((each) => `${each.source}:${each.name}=${each.value}`).join(', ');
  return `  ${name}=${value} sensitive=${sensitive} synonyms={${texts}}`;
}

const MAX_TOPIC_NAME = 249;

/** Java: `Topic.validate`. */
function checkTopicName(name: string): void {
  const reason = faultOf(name);
  if (reason === undefined) return;
  throw new InvalidTopicException(`Topic name is invalid: ${reason}`, { key: name });
}

function faultOf(name: string): string | undefined {
  if (name === '') return 'the empty string is not allowed';
  if (name === '.' || name === '..') return "'.' or '..' is not allowed";
  if (name.length > MAX_TOPIC_NAME) {
    return `the length of '${name}' is longer than the max allowed length ${MAX_TOPIC_NAME}`;
  }
  return /^[\w.-]+$/.test(name)
    ? undefined
    : `'${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`;
}

class InvalidTopicException extends KafkaException {
  override readonly javaClass = 'org.apache.kafka.common.errors.InvalidTopicException';
}
