import type { Command } from 'commander';
import type {
  ConnectorInfo,
  ConnectorOffsets,
  ConnectorState,
  ConnectorStateInfo,
} from '../../../../common/connect/connector-state-info.ts';
import type { AddCommand, CommandContext } from '../../command-context.ts';
import { addExamples } from '../../command-examples.ts';
import { writeAnswer } from '../../connect/connect-answer.ts';
import { type ConnectClient, segment } from '../../connect/connect-client.ts';
import { ConnectRestException } from '../../connect/connect-errors.ts';
import { connectTo } from '../../connect/connection-options.ts';
import { offsetTable } from '../../connect/offset-table.ts';
import { Secrets } from '../../connect/secrets.ts';
import { selectConnectors } from '../../connect/select-connectors.ts';
import { addOutputOption, type OutputFormat } from '../../output/output-option.ts';
import { type Style, stateStyle, styleFor } from '../../output/style.ts';
import { aligned, table, visible } from '../../output/table.ts';
import { writeLines } from '../../output/write-lines.ts';

interface Options {
  trace?: true;
  showSecrets?: true;
  output?: OutputFormat;
}

/** Everything the worker knows of a connector. */
interface Description {
  info: ConnectorInfo;
  status: ConnectorStateInfo | null;
  topics: string[];
  /** Or why they can't be had. */
  offsets: ConnectorOffsets['offsets'] | { error: string };
}

/** `runnel connect describe`: configuration, states, traces, topics and offsets of connectors. */
export const addDescribe: AddCommand = (connect, context) => {
  const command = connect
    .command('describe')
    .alias('status')
    .description('Show all that the worker knows of connectors: configuration, tasks, traces, topics, offsets.')
    .argument('<connectors...>', 'names or patterns')
    .option('--trace', 'traces of failed tasks as a whole, not their first lines alone')
    .option('--show-secrets', 'values of passwords as the worker answers them')
    .action((names: string[], options: Options, self: Command) => run(names, options, self, context));
  addOutputOption(command, ['json']);
  addExamples(command, [
    ['runnel connect describe tweets', 'one connector'],
    ["runnel connect describe '*' --trace", 'all of them, with whole traces'],
  ]);
};

async function run(patterns: string[], options: Options, self: Command, context: CommandContext): Promise<void> {
  const client = await connectTo(self, context);
  const names = await selectConnectors(client, patterns);
  const secrets = options.showSecrets ? null : new Secrets(client);
  const descriptions: Description[] = [];
  for (const name of names) descriptions.push(await describe(client, name, secrets));
  if (options.output === 'json') {
    const [only] = descriptions;
    await context.write(`${writeAnswer(descriptions.length === 1 ? only : descriptions, 2)}\n`);
    return;
  }
  const style = styleFor(context.interactive, context.env);
  const blocks = descriptions.map((description) => linesOf(description, style, options.trace === true));
  await writeLines(
    context,
    blocks.flatMap((lines, i) => (i === 0 ? lines : ['', ...lines])),
  );
}

async function describe(client: ConnectClient, name: string, secrets: Secrets | null): Promise<Description> {
  const path = `/connectors/${segment(name)}`;
  const info = await client.get<ConnectorInfo>(path);
  const status = await orNull(client.get<ConnectorStateInfo>(`${path}/status`));
  const topics = await orNull(client.get<Record<string, { topics: string[] }>>(`${path}/topics`));
  const offsets = await client.get<ConnectorOffsets>(`${path}/offsets`).then(
    (answer) => answer.offsets,
    (error) => {
      if (error instanceof ConnectRestException) return { error: error.message };
      throw error;
    },
  );
  const config = new Map(Object.entries(info.config));
  const shown = secrets === null ? config : await secrets.masked(config);
  return {
    info: { ...info, config: Object.fromEntries(shown) },
    status,
    topics: [...(Object.values(topics ?? {})[0]?.topics ?? [])].sort(),
    offsets,
  };
}

/** Null for what this worker, or this moment, does not have. */
async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ConnectRestException && error.status === 404) return null;
    throw error;
  }
}

function linesOf({ info, status, topics, offsets }: Description, style: Style, wholeTrace: boolean): string[] {
  const connector = status?.connector;
  const state = connector?.state ?? 'unknown';
  const place = connector === undefined ? '' : ` on ${connector.worker_id}`;
  const head = aligned(
    [
      ['Name:', info.name],
      ['Type:', info.type],
      ['Class:', info.config['connector.class'] ?? ''],
      ...(connector?.version ? [['Version:', connector.version]] : []),
      ['State:', { text: state, style: stateStyle(state) }],
    ],
    style,
  );
  const config = Object.entries(info.config).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    ...head.map((line, i) => (i === head.length - 1 ? `${line}${visible(place)}` : line)),
    ...traceLines(connector, wholeTrace),
    'Config:',
    ...indented(aligned(config, style)),
    ...taskLines(status, style, wholeTrace),
    topics.length === 0 ? 'Topics: none used so far' : `Topics: ${visible(topics.join(', '))}`,
    ...('error' in offsets
      ? [`Offsets: ${visible(offsets.error)}`]
      : offsets.length === 0
        ? ['Offsets: none stored']
        : ['Offsets:', ...indented(offsetTable(offsets, style))]),
  ];
}

function taskLines(status: ConnectorStateInfo | null, style: Style, whole: boolean): string[] {
  const tasks = [...(status?.tasks ?? [])].sort((a, b) => a.id - b.id);
  if (tasks.length === 0) return ['Tasks: none'];
  const rows = tasks.map(({ id, state, worker_id, version }) => [
    `${id}`,
    { text: state, style: stateStyle(state) },
    worker_id,
    version ?? '-',
  ]);
  const [header = '', ...lines] = table(['ID', 'STATE', 'WORKER', 'VERSION'], rows, style);
  return ['Tasks:', ...indented([header, ...lines.flatMap((line, i) => [line, ...traceLines(tasks[i], whole)])])];
}

/** What went wrong and its causes; the frames only when they are asked for. */
function traceLines(state: ConnectorState | undefined, whole: boolean): string[] {
  const lines = (state?.trace ?? '').trimEnd().split(/\r?\n/);
  if (lines.length === 1 && lines[0] === '') return [];
  const shown = whole ? lines : lines.filter((line, i) => i === 0 || /^Caused by:/.test(line));
  return indented(shown.map((line) => visible(line.replace(/^\t/, '    '))));
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
