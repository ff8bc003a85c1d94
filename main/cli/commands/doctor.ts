import { RUNNEL_VERSION } from '../../../common/version.ts';
import type { AddCommand, CommandContext } from '../command-context.ts';
import { doctorChecks, examine } from '../doctor-checks.ts';
import { EXIT } from '../exit-codes.ts';

interface Options {
  dataDir?: string;
  bootstrapServer?: string;
}

/** `runnel doctor`: what this machine has and lacks. */
export const addDoctor: AddCommand = (program, context) => {
  program
    .command('doctor')
    .description('Say what this machine has and lacks for Runnel.')
    .option('--data-dir <folder>', 'the data folder to look at (RUNNEL_HOME names it as well)')
    .option('--bootstrap-server <server to connect to>', 'also try this Kafka')
    .addHelpText('after', `\nExit codes: ${EXIT.ok} everything needed is here, ${EXIT.failed} something is lacking.`)
    .action((options: Options) => run(options, context));
};

async function run(options: Options, context: CommandContext): Promise<void> {
  const findings = await examine(doctorChecks(options), context);
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.map(({ state, name, text }) => `${state.padEnd(5)}  ${name.padEnd(width)}  ${text}\n`);
  const lacking = findings.filter(({ state }) => state === 'lacks').map(({ name }) => name);
  const verdict = lacking.length === 0 ? 'Everything that Runnel needs is here.' : `Lacking: ${lacking.join(', ')}.`;
  await context.write(`Runnel ${RUNNEL_VERSION}\n${lines.join('')}${verdict}\n`);
  if (lacking.length > 0) context.setExitCode(EXIT.failed);
}
