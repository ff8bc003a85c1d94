import type { Command } from 'commander';
import type { AddCommand, CommandContext } from '../../command-context.ts';
import { addExamples } from '../../command-examples.ts';
import { writeAnswer } from '../../connect/connect-answer.ts';
import { connectTo } from '../../connect/connection-options.ts';
import { EXIT } from '../../exit-codes.ts';
import { addOutputOption, type OutputFormat } from '../../output/output-option.ts';
import { writeLines } from '../../output/write-lines.ts';

/** Java: `WorkerStatus`. */
interface WorkerStatus {
  status: string;
  message: string;
}

/** `runnel connect health`: whether the worker takes requests (KIP-1017). */
export const addHealth: AddCommand = (connect, context) => {
  const command = connect
    .command('health')
    .description('Say whether the worker is ready; the exit code is 1 when it is not, 2 when it can not be reached.')
    .action((options: { output?: OutputFormat }, self: Command) => run(options.output, self, context));
  addOutputOption(command, ['json']);
  addExamples(command, [['until runnel connect health; do sleep 1; done', 'wait for a worker']]);
};

async function run(output: OutputFormat | undefined, self: Command, context: CommandContext): Promise<void> {
  const client = await connectTo(self, context);
  const answer = await client.get<WorkerStatus>('/health', [500, 503]);
  if (output === 'json') await context.write(`${writeAnswer(answer, 2)}\n`);
  else await writeLines(context, [`${answer.status}: ${answer.message}`]);
  if (answer.status !== 'healthy') context.setExitCode(EXIT.failed);
}
