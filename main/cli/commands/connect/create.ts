import type { Command } from 'commander';
import type { ConnectorInfo, InitialState } from '../../../../common/connect/connector-state-info.ts';
import { AlreadyExistsException } from '../../../../common/errors.ts';
import type { AddCommand, CommandContext } from '../../command-context.ts';
import { addExamples } from '../../command-examples.ts';
import { awaitState } from '../../connect/await-state.ts';
import { asConfig } from '../../connect/config-diff.ts';
import { writeAnswer } from '../../connect/connect-answer.ts';
import { connectTo } from '../../connect/connection-options.ts';
import { connectorSources } from '../../connect/connector-sources.ts';
import { forEachConnector } from '../../connect/for-each-connector.ts';
import { addInitialStateOption, initialState } from '../../connect/initial-state.ts';
import { keepSecrets } from '../../connect/keep-secrets.ts';
import { Secrets } from '../../connect/secrets.ts';
import { reportErrors, validateConfig } from '../../connect/validate-config.ts';
import { addWaitOption, type WaitOptions, waitingOf } from '../../connect/wait-option.ts';
import { collect } from '../../kafka-options.ts';
import { addOutputOption, type OutputFormat } from '../../output/output-option.ts';
import { writeLines } from '../../output/write-lines.ts';

interface Options extends WaitOptions {
  file?: string[];
  initialState?: InitialState;
  dryRun?: true;
  output?: OutputFormat;
}

/** `runnel connect create`: `POST /connectors` for each file. */
export const addCreate: AddCommand = (connect, context) => {
  const command = connect
    .command('create')
    .description('Create connectors from files; one that exists already is an error.')
    .argument(
      '[files...]',
      'JSON in either form of Connect, .properties, a folder of such files, or - for standard input',
    )
    .option('-f, --file <file>', 'the same as an argument', collect)
    .option('--dry-run', 'only let the worker validate them')
    .action((files: string[], options: Options, self: Command) => run(files, options, self, context));
  addInitialStateOption(command);
  addWaitOption(command, 'connector and tasks are in their initial state');
  addOutputOption(command, ['json', 'name']);
  addExamples(command, [
    ['runnel connect create file-source.properties', 'from the file of a standalone worker'],
    ['runnel connect create tweets.json --initial-state STOPPED', 'to set its offsets before it starts'],
    ['jq … tweets.json | runnel connect create -f - --wait', 'from standard input, until it runs'],
  ]);
};

async function run(files: string[], options: Options, self: Command, context: CommandContext): Promise<void> {
  const sources = await connectorSources([...files, ...(options.file ?? [])], context.stdin);
  const client = await connectTo(self, context);
  const secrets = new Secrets(client);
  await forEachConnector(sources, context, async ({ name, config: entries, targetState }) => {
    const config = keepSecrets(asConfig(entries, name), null);
    const state = initialState(options.initialState, targetState);
    if (options.dryRun) {
      if ((await client.get<string[]>('/connectors')).includes(name))
        throw new AlreadyExistsException(`Connector ${name} already exists`, { key: name });
      if (await reportErrors(name, await validateConfig(client, config), context))
        await writeLines(context, [options.output === 'name' ? name : `${name} would be created`]);
      return;
    }
    const info = await client.post<ConnectorInfo>('/connectors', {
      name,
      config: Object.fromEntries(config),
      ...(state === undefined ? {} : { initial_state: state }),
    });
    if (options.wait) await awaitState(client, name, state ?? 'RUNNING', waitingOf(options, context));
    if (options.output === 'json') {
      const shown = await secrets.masked(new Map(Object.entries(info.config)));
      await context.write(`${writeAnswer({ ...info, config: Object.fromEntries(shown) }, 2)}\n`);
    } else await writeLines(context, [options.output === 'name' ? name : `${name} created`]);
  });
}
