import type { Command } from 'commander';
import type { State } from '../../../../common/connect/connector-state-info.ts';
import type { AddCommand, CommandContext } from '../../command-context.ts';
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
  yes?: true;
  output?: OutputFormat;
}

interface Change {
  /** The command's name, and the path of the request. */
  verb: 'pause' | 'resume' | 'stop';
  /** What is asked for, as a sentence says it. */
  doing: string;
  state: State;
  description: string;
}

export const addPause: AddCommand = stateCommand({
  verb: 'pause',
  doing: 'pausing',
  state: 'PAUSED',
  description: 'Pause connectors: their tasks stay, and process nothing.',
});

export const addResume: AddCommand = stateCommand({
  verb: 'resume',
  doing: 'resuming',
  state: 'RUNNING',
  description: 'Let paused or stopped connectors run again.',
});

export const addStop: AddCommand = stateCommand({
  verb: 'stop',
  doing: 'stopping',
  state: 'STOPPED',
  description: 'Stop connectors: their tasks end, their configurations and offsets stay.',
});

/** `runnel connect pause`, `resume` and `stop` are one command with three words. */
function stateCommand({ verb, doing, state, description }: Change): AddCommand {
  return (connect, context) => {
    const command = connect
      .command(verb)
      .description(description)
      .argument('<connectors...>', 'names or patterns')
      .option('-y, --yes', 'do not ask before acting on all that fit a pattern')
      .action((patterns: string[], options: Options, self: Command) => run(patterns, options, self, context));
    addWaitOption(command, `connector and tasks are ${state}`);
    addOutputOption(command, ['name']);
    addExamples(command, [
      [`runnel connect ${verb} tweets --wait`, `until it is ${state}`],
      [`runnel connect ${verb} 'file-*' --yes`, 'several'],
    ]);
  };

  async function run(patterns: string[], options: Options, self: Command, context: CommandContext): Promise<void> {
    const client = await connectTo(self, context);
    const names = await selectConnectors(client, patterns);
    if (byPattern(patterns, names)) await confirm(`${capital(verb)} ${names.join(', ')}?`, options.yes, context);
    const connectors = names.map((name) => ({ name }));
    await forEachConnector(connectors, context, async ({ name }) => {
      await client.put(`/connectors/${segment(name)}/${verb}`);
      if (options.wait) await awaitState(client, name, state, waitingOf(options, context));
      const what = options.wait ? state : doing;
      await writeLines(context, [options.output === 'name' ? name : `${name} ${what}`]);
    });
  }
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
