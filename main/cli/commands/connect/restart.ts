import type { Command } from 'commander';
import { type AddCommand, type CommandContext, UsageError } from '../../command-context.ts';
import { addExamples } from '../../command-examples.ts';
import { awaitState } from '../../connect/await-state.ts';
import { segment } from '../../connect/connect-client.ts';
import { connectTo } from '../../connect/connection-options.ts';
import { forEachConnector } from '../../connect/for-each-connector.ts';
import { byPattern, confirm, selectConnectors } from '../../connect/select-connectors.ts';
import { addWaitOption, type WaitOptions, waitingOf } from '../../connect/wait-option.ts';
import { addOutputOption, type OutputFormat } from '../../output/output-option.ts';
import { writeLines } from '../../output/write-lines.ts';

interface Options extends WaitOptions {
  includeTasks?: true;
  onlyFailed?: true;
  task?: number[];
  yes?: true;
  output?: OutputFormat;
}

/** `runnel connect restart`: connector, tasks, or only what has failed (KIP-745). */
export const addRestart: AddCommand = (connect, context) => {
  const command = connect
    .command('restart')
    .description('Restart connectors; their tasks too, or only what has failed, when that is said.')
    .argument('<connectors...>', 'names or patterns')
    .option('--include-tasks', 'connector and tasks')
    .option('--only-failed', 'only what is FAILED; with --include-tasks tasks as well')
    .option('--task <number>', 'this task alone; may be given several times', taskNumbers)
    .option('-y, --yes', 'do not ask before acting on all that fit a pattern')
    .action((patterns: string[], options: Options, self: Command) => run(patterns, options, self, context));
  addWaitOption(command, 'connector and tasks are RUNNING');
  addOutputOption(command, ['name']);
  addExamples(command, [
    ['runnel connect restart tweets --include-tasks --only-failed', 'what failed, and nothing else'],
    ['runnel connect restart tweets --task 0 --wait', 'one task, until all runs'],
    [
      'runnel connect list --state FAILED -o name | xargs runnel connect restart --include-tasks',
      'all that have failed',
    ],
  ]);
};

async function run(patterns: string[], options: Options, self: Command, context: CommandContext): Promise<void> {
  if (options.task !== undefined && (options.includeTasks || options.onlyFailed))
    throw new UsageError('--task restarts one task: --include-tasks and --only-failed have no place beside it');
  const client = await connectTo(self, context);
  const names = await selectConnectors(client, patterns);
  if (byPattern(patterns, names)) await confirm(`Restart ${names.join(', ')}?`, options.yes, context);
  const connectors = names.map((name) => ({ name }));
  await forEachConnector(connectors, context, async ({ name }) => {
    const path = `/connectors/${segment(name)}`;
    if (options.task === undefined) await client.post(`${path}/restart${query(options)}`);
    else {
      const there = (await client.get<unknown[]>(`${path}/tasks`)).length;
      const absent = options.task.find((task) => task >= there);
      if (absent !== undefined) throw new UsageError(`${name} has no task ${absent}: ${there} are there, from 0`);
      for (const task of options.task) await client.post(`${path}/tasks/${task}/restart`);
    }
    if (options.wait) await awaitState(client, name, 'RUNNING', waitingOf(options, context));
    const what = options.wait ? 'RUNNING' : 'restarting';
    const tasks = options.task === undefined ? '' : ` task ${options.task.join(', ')}`;
    await writeLines(context, [options.output === 'name' ? name : `${name}${options.wait ? '' : tasks} ${what}`]);
  });
}

function query({ includeTasks, onlyFailed }: Options): string {
  return includeTasks || onlyFailed ? `?includeTasks=${includeTasks === true}&onlyFailed=${onlyFailed === true}` : '';
}

function taskNumbers(value: string, previous: number[] | undefined): number[] {
  if (!/^\d{1,9}$/.test(value))
    throw new UsageError(`Cannot parse argument '${value}' of option task: a whole number is needed`);
  return [...(previous ?? []), Number(value)];
}
