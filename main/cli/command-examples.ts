import type { Command } from 'commander';

/** Examples below a command's help, each with what it is for. */
export function addExamples(
  command: Command,
  examples: readonly (readonly [example: string, meaning: string])[],
): Command {
  const width = Math.max(...examples.map(([example]) => example.length));
  const lines = examples.map(([example, meaning]) => `  ${example.padEnd(width)}  # ${meaning}`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}
