import type { Command } from 'commander';
import type { AddCommand, CommandContext } from '../../command-context.ts';
import { addExamples } from '../../command-examples.ts';
import { writeAnswer } from '../../connect/connect-answer.ts';
import { segment } from '../../connect/connect-client.ts';
import { connectTo } from '../../connect/connection-options.ts';
import { selectConnectors } from '../../connect/select-connectors.ts';
import { addOutputOption, type OutputFormat } from '../../output/output-option.ts';
import { writeLines } from '../../output/write-lines.ts';

interface Options {
  reset?: true;
  output?: OutputFormat;
}

/** `runnel connect topics`: the topics that a connector has used (KIP-558). */
export const addTopics: AddCommand = (connect, context) => {
  const command = connect
    .command('topics')
    .description('List the topics that a connector has used since it was created or they were reset.')
    .argument('<connector>', 'its name')
    .option('--reset', 'forget them; they are noted anew as they are used')
    .action((name: string, options: Options, self: Command) => run(name, options, self, context));
  addOutputOption(command, ['json']);
  addExamples(command, [['runnel connect topics tweets', 'one a line']]);
};

async function run(pattern: string, options: Options, self: Command, context: CommandContext): Promise<void> {
  const client = await connectTo(self, context);
  const [name = pattern] = await selectConnectors(client, [pattern]);
  const path = `/connectors/${segment(name)}/topics`;
  if (options.reset) {
    await client.put(`${path}/reset`);
    return writeLines(context, [`Topics of ${name} reset`]);
  }
  const answer = await client.get<Record<string, { topics: string[] }>>(path);
  const topics = [...(Object.values(answer)[0]?.topics ?? [])].sort();
  if (options.output === 'json') await context.write(`${writeAnswer(answer, 2)}\n`);
  else if (topics.length === 0) context.tell(`${name} has used no topic so far.`);
  else await writeLines(context, topics);
}
