import type { Command } from 'commander';
import type { InitialState, State } from '../../../../common/connect/connector-state-info.ts';
import type { AddCommand, CommandContext } from '../../command-context.ts';
import { addExamples } from '../../command-examples.ts';
import { awaitState } from '../../connect/await-state.ts';
import { asConfig, type Config, type ConfigChange, configDiff, diffRows } from '../../connect/config-diff.ts';
import { writeAnswer } from '../../connect/connect-answer.ts';
import { type ConnectClient, segment } from '../../connect/connect-client.ts';
import { connectTo } from '../../connect/connection-options.ts';
import { type ConnectorSource, connectorSources } from '../../connect/connector-sources.ts';
import { forEachConnector } from '../../connect/for-each-connector.ts';
import { addInitialStateOption, initialState } from '../../connect/initial-state.ts';
import { keepSecrets } from '../../connect/keep-secrets.ts';
import { presentConfig, putConfig } from '../../connect/put-config.ts';
import { Secrets } from '../../connect/secrets.ts';
import { reportErrors, validateConfig } from '../../connect/validate-config.ts';
import { addWaitOption, type WaitOptions, waitingOf } from '../../connect/wait-option.ts';
import { collect } from '../../kafka-options.ts';
import { addOutputOption, type OutputFormat } from '../../output/output-option.ts';
import { styleFor } from '../../output/style.ts';
import { aligned } from '../../output/table.ts';
import { writeLines } from '../../output/write-lines.ts';

interface Options extends WaitOptions {
  file?: string[];
  initialState?: InitialState;
  dryRun?: true;
  output?: OutputFormat;
}

/** What became of a connector. */
type Outcome = 'created' | 'configured' | 'unchanged';

/** `runnel connect apply`: connectors become what the files say; those that are so already are left alone. */
export const addApply: AddCommand = (connect, context) => {
  const command = connect
    .command('apply')
    .description(
      'Create connectors from files, or give those that exist the configuration of the file, and say what changed.',
    )
    .argument(
      '[files...]',
      'JSON in either form of Connect, .properties, a folder of such files, or - for standard input',
    )
    .option('-f, --file <file>', 'the same as an argument', collect)
    .option('--dry-run', 'only validate and say what would change')
    .action((files: string[], options: Options, self: Command) => run(files, options, self, context));
  addInitialStateOption(command);
  addWaitOption(command, 'connector and tasks run (new ones: are in their initial state)');
  addOutputOption(command, ['json', 'name']);
  addExamples(command, [
    ['runnel connect apply connectors/', 'all .json and .properties of a folder'],
    ['runnel connect apply --dry-run connectors/', 'what that would change'],
    ['runnel connect apply --wait tweets.json', 'until it runs'],
  ]);
};

async function run(files: string[], options: Options, self: Command, context: CommandContext): Promise<void> {
  const sources = await connectorSources([...files, ...(options.file ?? [])], context.stdin);
  const client = await connectTo(self, context);
  const secrets = new Secrets(client);
  const outcomes: { name: string; outcome: Outcome; changes: ConfigChange[] }[] = [];
  await forEachConnector(sources, context, async (source) => {
    const { name } = source;
    const present = await presentConfig(client, name);
    const config = keepSecrets(asConfig(source.config, name), present);
    const changes = present === null ? [] : configDiff(present, config);
    const outcome: Outcome = present === null ? 'created' : changes.length > 0 ? 'configured' : 'unchanged';
    if (options.dryRun && !(await reportErrors(name, await validateConfig(client, config), context))) return;
    if (!options.dryRun) await makeSo(client, source, config, outcome, options, context);
    const secret = new Set([...(await secrets.keysIn(config)), ...(await secrets.keysIn(present ?? new Map()))]);
    outcomes.push({ name, outcome, changes: changes.map((change) => withoutSecret(change, secret)) });
    if (options.output === 'json') return;
    const sentence = options.dryRun && outcome !== 'unchanged' ? `${name} would be ${outcome}` : `${name} ${outcome}`;
    const style = styleFor(context.interactive, context.env);
    const diff = aligned(diffRows(changes, secret), style);
    await writeLines(context, options.output === 'name' ? [name] : [sentence, ...diff]);
  });
  if (options.output === 'json') await context.write(`${writeAnswer(outcomes, 2)}\n`);
}

async function makeSo(
  client: ConnectClient,
  { name, targetState }: ConnectorSource,
  config: Config,
  outcome: Outcome,
  options: Options,
  context: CommandContext,
): Promise<void> {
  const state = initialState(options.initialState, targetState);
  if (outcome === 'configured') await putConfig(client, name, config);
  if (outcome === 'created')
    await client.post('/connectors', {
      name,
      config: Object.fromEntries(config),
      ...(state === undefined ? {} : { initial_state: state }),
    });
  if (!options.wait) return;
  const wanted = outcome === 'created' ? (state ?? 'RUNNING') : await targetOf(client, name);
  await awaitState(client, name, wanted, waitingOf(options, context));
}

/** A connector that was paused or stopped stays so. */
async function targetOf(client: ConnectClient, name: string): Promise<State> {
  const { connector } = await client.get<{ connector: { state: State } }>(`/connectors/${segment(name)}/status`);
  return connector.state === 'PAUSED' || connector.state === 'STOPPED' ? connector.state : 'RUNNING';
}

function withoutSecret(change: ConfigChange, secret: ReadonlySet<string>): ConfigChange {
  const hidden = (value: string | null) => (value === null ? null : '[hidden]');
  return secret.has(change.key) ? { ...change, before: hidden(change.before), after: hidden(change.after) } : change;
}
