import type { Command } from 'commander';
import type { AddCommand, CommandContext } from '../../command-context.ts';
import { addExamples } from '../../command-examples.ts';
import { writeAnswer } from '../../connect/connect-answer.ts';
import { connectTo } from '../../connect/connection-options.ts';
import { addOutputOption, type OutputFormat } from '../../output/output-option.ts';
import { styleFor } from '../../output/style.ts';
import { aligned } from '../../output/table.ts';
import { writeLines } from '../../output/write-lines.ts';

/** Java: `ServerInfo`. */
interface ServerInfo {
  version: string;
  commit: string;
  kafka_cluster_id: string | null;
}

/** `runnel connect version`: what answers, and which Kafka is behind it. */
export const addConnectVersion: AddCommand = (connect, context) => {
  const command = connect
    .command('version')
    .description('Print the version of the worker and the id of its Kafka cluster.')
    .action((options: { output?: OutputFormat }, self: Command) => run(options.output, self, context));
  addOutputOption(command, ['json']);
  addExamples(command, [['runnel connect version --url http://connect.example:8083', 'of another worker']]);
};

async function run(output: OutputFormat | undefined, self: Command, context: CommandContext): Promise<void> {
  const client = await connectTo(self, context);
  const answer = await client.get<ServerInfo>('/');
  if (output === 'json') return void (await context.write(`${writeAnswer(answer, 2)}\n`));
  const rows = [
    ['Worker:', client.url],
    ['Version:', answer.version],
    ['Commit:', answer.commit],
    ['Kafka cluster:', answer.kafka_cluster_id ?? '-'],
  ];
  await writeLines(context, aligned(rows, styleFor(context.interactive, context.env)));
}
