import type { Command } from 'commander';
import { type AddCommand, type CommandContext, UsageError } from '../../command-context.ts';
import { addExamples } from '../../command-examples.ts';
import { awaitState } from '../../connect/await-state.ts';
import { configDiff, diffRows } from '../../connect/config-diff.ts';
import { segment } from '../../connect/connect-client.ts';
import { ConnectRestException } from '../../connect/connect-errors.ts';
import { connectTo } from '../../connect/connection-options.ts';
import { keepSecrets } from '../../connect/keep-secrets.ts';
import { presentConfig, putConfig } from '../../connect/put-config.ts';
import { Secrets } from '../../connect/secrets.ts';
import { selectConnectors } from '../../connect/select-connectors.ts';
import { addWaitOption, type WaitOptions, waitingOf } from '../../connect/wait-option.ts';
import { styleFor } from '../../output/style.ts';
import { aligned } from '../../output/table.ts';
import { writeLines } from '../../output/write-lines.ts';

/** `runnel connect set`: some keys of a configuration (`PATCH`, KIP-477). */
export const addSet: AddCommand = (connect, context) => {
  const command = connect
    .command('set')
    .description('Change some keys of the configuration of a connector; it restarts with them.')
    .argument('<connector>', 'its name')
    .argument('<key=value|key-...>', 'keys with their new values; key- takes the key away')
    .action((name: string, changes: string[], options: WaitOptions, self: Command) =>
      run(name, changes, options, self, context),
    );
  addWaitOption(command, 'connector and tasks run again');
  addExamples(command, [
    ['runnel connect set tweets tasks.max=4', 'one key'],
    ['runnel connect set tweets transforms-', 'without that key'],
  ]);
};

async function run(
  pattern: string,
  args: string[],
  options: WaitOptions,
  self: Command,
  context: CommandContext,
): Promise<void> {
  const wanted = parseChanges(args);
  const client = await connectTo(self, context);
  const [name = pattern] = await selectConnectors(client, [pattern]);
  const present = (await presentConfig(client, name)) ?? new Map<string, string>();
  const after = new Map(present);
  for (const [key, value] of wanted) {
    if (value === null) after.delete(key);
    else after.set(key, value);
  }
  const config = keepSecrets(after, present);
  const changes = configDiff(present, config);
  if (changes.length === 0) return writeLines(context, [`${name} unchanged`]);
  const patch = Object.fromEntries(changes.map(({ key, after: value }) => [key, value]));
  await client.patch(`/connectors/${segment(name)}/config`, patch).catch((error: unknown) => {
    // Older than Kafka 3.8: the whole configuration instead.
    if (error instanceof ConnectRestException && error.status === 405) return putConfig(client, name, config);
    throw error;
  });
  if (options.wait) await awaitState(client, name, 'RUNNING', waitingOf(options, context));
  const secrets = new Secrets(client);
  const secret = new Set([...(await secrets.keysIn(config)), ...(await secrets.keysIn(present))]);
  const style = styleFor(context.interactive, context.env);
  await writeLines(context, [`${name} configured`, ...aligned(diffRows(changes, secret), style)]);
}

/** `key=value` and `key-`; null takes a key away. */
function parseChanges(args: readonly string[]): Map<string, string | null> {
  return new Map(
    args.map((argument): [string, string | null] => {
      const split = argument.indexOf('=');
      if (split > 0) return [argument.slice(0, split), argument.slice(split + 1)];
      if (split < 0 && /.-$/.test(argument)) return [argument.slice(0, -1), null];
      throw new UsageError(`${argument} is no change: write key=value, or key- to take the key away`);
    }),
  );
}
