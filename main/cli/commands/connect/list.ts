import type { Command } from 'commander';
import type { ConnectorInfo, ConnectorStateInfo, State } from '../../../../common/connect/connector-state-info.ts';
import { type AddCommand, type CommandContext, UsageError } from '../../command-context.ts';
import { addExamples } from '../../command-examples.ts';
import { asConfig } from '../../connect/config-diff.ts';
import { writeAnswer } from '../../connect/connect-answer.ts';
import { connectTo } from '../../connect/connection-options.ts';
import { STATES } from '../../connect/connector-states.ts';
import { Secrets } from '../../connect/secrets.ts';
import { select } from '../../connect/select-connectors.ts';
import { addOutputOption, type OutputFormat } from '../../output/output-option.ts';
import { stateStyle, styleFor } from '../../output/style.ts';
import { type Cell, table } from '../../output/table.ts';
import { writeLines } from '../../output/write-lines.ts';

interface Options {
  state?: string[];
  output?: OutputFormat;
}

/** One of `GET /connectors?expand=info&expand=status`. */
interface Expanded {
  info: ConnectorInfo;
  status: ConnectorStateInfo;
}

/** `runnel connect list`: one request, one row a connector. */
export const addList: AddCommand = (connect, context) => {
  const command = connect
    .command('list')
    .alias('ls')
    .description('List connectors with their states.')
    .argument('[connectors...]', 'names or patterns; all by default')
    .option('--state <states>', 'only those that are in one of these states, or have a task that is', states)
    .action((names: string[], options: Options, self: Command) => run(names, options, self, context));
  addOutputOption(command, ['wide', 'json', 'name']);
  addExamples(command, [
    ['runnel connect list', 'what the worker on this computer runs'],
    ['runnel connect list --state FAILED -o name', 'names of those that have failed, wholly or in a task'],
    ['runnel connect list --url http://connect.example:8083 -o wide', 'another worker, with versions and worker ids'],
  ]);
};

async function run(patterns: string[], options: Options, self: Command, context: CommandContext): Promise<void> {
  const client = await connectTo(self, context);
  const answer = await client.get<Record<string, Expanded>>('/connectors?expand=info&expand=status');
  if (Array.isArray(answer))
    throw new UsageError(`The worker at ${client.url} is older than Kafka 2.3, which is the oldest that can be listed`);
  const all = new Map(Object.entries(answer));
  const names = patterns.length === 0 ? [...all.keys()].sort() : select([...all.keys()], patterns);
  const chosen = names
    .map((name): [string, Expanded] => [name, all.get(name) as Expanded])
    .filter(([, { status }]) => options.state === undefined || isIn(status, options.state));
  if (options.output === 'json') {
    const secrets = new Secrets(client);
    const masked = await Promise.all(
      chosen.map(async ([name, it]) => [name, await withoutSecrets(it, secrets)] as const),
    );
    await context.write(`${writeAnswer(Object.fromEntries(masked), 2)}\n`);
  } else if (options.output === 'name') {
    await writeLines(
      context,
      chosen.map(([name]) => name),
    );
  } else if (chosen.length === 0) {
    context.tell(all.size === 0 ? `No connectors at ${client.url}.` : 'No connector is in that state.');
  } else {
    const wide = options.output === 'wide';
    const header = [
      'NAME',
      'TYPE',
      'CLASS',
      'STATE',
      'TASKS',
      'FAILED',
      ...(wide ? ['VERSION', 'WORKER', 'TASKS.MAX'] : []),
    ];
    const rows = chosen.map(([name, it]) => row(name, it, wide));
    await writeLines(context, table(header, rows, styleFor(context.interactive, context.env)));
  }
}

async function withoutSecrets({ info, status }: Expanded, secrets: Secrets): Promise<Expanded> {
  const config = new Map(Object.entries(info.config));
  return { info: { ...info, config: Object.fromEntries(await secrets.masked(config)) }, status };
}

function row(name: string, { info, status }: Expanded, wide: boolean): Cell[] {
  const config = asConfig(info.config, name);
  const className = config.get('connector.class') ?? '';
  const { state, worker_id, version } = status.connector;
  const running = status.tasks.filter((task) => task.state === 'RUNNING').length;
  const failed = status.tasks.filter((task) => task.state === 'FAILED').length;
  return [
    name,
    status.type,
    wide ? className : className.slice(className.lastIndexOf('.') + 1),
    { text: state, style: stateStyle(state) },
    `${running}/${status.tasks.length}`,
    { text: `${failed}`, style: failed > 0 ? 'red' : 'plain' },
    ...(wide ? [version ?? '-', worker_id, config.get('tasks.max') ?? '1'] : []),
  ];
}

function isIn({ connector, tasks }: ConnectorStateInfo, states: readonly string[]): boolean {
  return [connector, ...tasks].some(({ state }) => states.includes(state));
}

function states(value: string, previous: string[] | undefined): string[] {
  const named = value.split(',').map((state) => state.trim().toUpperCase());
  const wrong = named.find((state) => !STATES.includes(state as State));
  if (wrong !== undefined) throw new UsageError(`${wrong} is no state: there are ${STATES.join(', ')}`);
  return [...(previous ?? []), ...named];
}
