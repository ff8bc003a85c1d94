import { KafkaException } from '../../../common/errors.ts';
import type { Admin } from '../../kafka/api.ts';
import { adminConfig } from '../admin-config.ts';
import type { CommandContext } from '../command-context.ts';
import type { ConfigsOptions } from '../commands/configs.ts';
import { EXIT } from '../exit-codes.ts';
import { GivenOptions } from '../given-options.ts';
import { isUnreachable, tellError } from '../kafka-failure.ts';
import { writeLines } from '../output/write-lines.ts';
import { type Change, changesOf } from './changes.ts';
import { describeConfigs } from './describe.ts';
import { type Entity, entityOf, RESOURCE_OF } from './entities.ts';

/** @param args the command line behind `configs`, for the sentence that says what failed. Java: `ConfigCommand` */
export async function runConfigs(
  options: ConfigsOptions,
  args: readonly string[],
  context: CommandContext,
): Promise<void> {
  const given = new GivenOptions(options);
  const action = given.action(['describe', 'alter'], 'Command must include exactly one action: --describe, --alter');
  given.exclude('describe', ['alter', 'add-config', 'delete-config']);
  const entity = entityOf(options, given);
  const changes = changesOf(options);
  const config = adminConfig({ ...options, bootstrapServer: options.bootstrapServer ?? '' });
  const admin = context.clients.admin(config);
  try {
    if (action === 'describe') await describeConfigs(admin, entity, options, context);
    else await alter(admin, entity, changes, context);
  } catch (error) {
    if (!(error instanceof KafkaException) || isUnreachable(error)) throw error;
    context.tell(`Error while executing config command with args '${args.join(' ')}'`);
    tellError(context, error);
    context.setExitCode(EXIT.failed);
  } finally {
    await admin.close();
  }
}

async function alter(
  admin: Admin,
  { type, name }: Entity,
  changes: readonly Change[],
  context: CommandContext,
): Promise<void> {
  if (type !== 'topics' && type !== 'groups' && name) await checkBroker(admin, name);
  await admin.alterConfigs({ type: RESOURCE_OF.get(type) ?? 'topic', name: name ?? '' }, changes);
  await writeLines(context, [
    name
      ? `Completed updating config for ${type.slice(0, -1)} ${name}.`
      : `Completed updating default config for ${type} in the cluster.`,
  ]);
}

/** A broker is asked itself: one that is not there would be waited for. */
async function checkBroker(admin: Admin, id: string): Promise<void> {
  const brokers = await admin.brokers();
  if (brokers.some((broker) => broker.id === Number(id))) return;
  const known = brokers.map((broker) => broker.id).join(', ');
  throw new KafkaException(`There is no broker ${id}`, { key: id, hint: `The brokers are: ${known}.` });
}
