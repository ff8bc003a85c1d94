import { type Command, Option } from 'commander';
import { type AddCommand, type CommandContext, UsageError } from '../../command-context.ts';
import { addExamples } from '../../command-examples.ts';
import { writeAnswer } from '../../connect/connect-answer.ts';
import { segment } from '../../connect/connect-client.ts';
import { connectTo } from '../../connect/connection-options.ts';
import { LEVELS } from '../../connect/logger-levels.ts';
import { addOutputOption, type OutputFormat } from '../../output/output-option.ts';
import { styleFor } from '../../output/style.ts';
import { table } from '../../output/table.ts';
import { writeLines } from '../../output/write-lines.ts';

interface Options {
  scope?: 'worker' | 'cluster';
  output?: OutputFormat;
}

/** Java: `LoggerLevel`. */
interface LoggerLevel {
  level: string;
  /** ms since 1970 UTC, exact as it came; null: never by REST */
  last_modified: number | null;
}

/** `runnel connect loggers`: levels of the worker's log (KIP-495, KIP-976). */
export const addLoggers: AddCommand = (connect, context) => {
  const command = connect
    .command('loggers')
    .description('Show the levels of loggers of the worker, or change one and all below it, until the worker ends.')
    .argument('[logger]', 'its name, root for all')
    .argument('[level]', `the new level: ${LEVELS.join(', ')}`)
    .addOption(
      new Option('--scope <scope>', 'with a level: this worker, or all of its cluster').choices(['worker', 'cluster']),
    )
    .action((logger: string | undefined, level: string | undefined, options: Options, self: Command) =>
      run(logger, level, options, self, context),
    );
  addOutputOption(command, ['json', 'name']);
  addExamples(command, [
    ['runnel connect loggers', 'those that have a level of their own'],
    ['runnel connect loggers org.apache.kafka.connect.runtime.WorkerSinkTask DEBUG', 'more of one class'],
  ]);
};

async function run(
  logger: string | undefined,
  level: string | undefined,
  options: Options,
  self: Command,
  context: CommandContext,
): Promise<void> {
  if (level !== undefined && !LEVELS.includes(level.toUpperCase()))
    throw new UsageError(`${level} is no level: there are ${LEVELS.join(', ')}`);
  if (options.scope !== undefined && level === undefined)
    throw new UsageError('--scope says where a new level holds: give a logger and a level');
  const client = await connectTo(self, context);
  if (logger !== undefined && level !== undefined) {
    const query = options.scope === undefined ? '' : `?scope=${options.scope}`;
    const changed = await client.put<string[] | undefined>(`/admin/loggers/${segment(logger)}${query}`, {
      level: level.toUpperCase(),
    });
    if (options.output === 'json') await context.write(`${writeAnswer(changed ?? null, 2)}\n`);
    else if (changed === undefined)
      await writeLines(context, [`${logger} ${level.toUpperCase()} (in the whole cluster)`]);
    else if (changed.length === 0) context.tell(`${logger} was ${level.toUpperCase()} already.`);
    else
      await writeLines(
        context,
        changed.sort().map((name) => (options.output === 'name' ? name : `${name} ${level.toUpperCase()}`)),
      );
    return;
  }
  const answer = await client.get<Record<string, LoggerLevel> | LoggerLevel>(
    logger === undefined ? '/admin/loggers' : `/admin/loggers/${segment(logger)}`,
  );
  const loggers = new Map(
    logger === undefined ? Object.entries(answer as Record<string, LoggerLevel>) : [[logger, answer as LoggerLevel]],
  );
  if (options.output === 'json') await context.write(`${writeAnswer(answer, 2)}\n`);
  else if (options.output === 'name') await writeLines(context, [...loggers.keys()]);
  else if (loggers.size === 0) context.tell('No logger has a level of its own.');
  else {
    const rows = [...loggers].map(([name, { level: its, last_modified }]) => [name, its, timeText(last_modified)]);
    await writeLines(context, table(['LOGGER', 'LEVEL', 'CHANGED'], rows, styleFor(context.interactive, context.env)));
  }
}

function timeText(ms: number | null): string {
  return ms === null ? '-' : new Date(ms).toISOString();
}
