import type { Command, Option } from 'commander';
import { EXIT, EXIT_MEANINGS } from './exit-codes.ts';

/** The reference of the command line in Markdown, made from the definitions that parse it. */
export function commandLinePage(program: Command): string {
  const codes = Object.entries(EXIT).map(([name, code]) => row(`${code}`, EXIT_MEANINGS[name as keyof typeof EXIT]));
  return `# The command line

Made by \`npm run docs\` from the definitions of the commands. In a checkout every command begins with \`npx --no runnel\`; each has \`--help\`.
What a command was asked for goes to standard output, what it has to say to standard error; colours only to a terminal, and not with \`NO_COLOR\`.

${[row('exit code', 'meaning'), row('---', '---'), ...codes].join('\n')}

${visible(program)
  .flatMap((command) => sections(command, 2))
  .join('\n\n')}
`;
}

function sections(command: Command, level: number): string[] {
  const help = command.createHelp();
  const args = help.visibleArguments(command);
  // The option that every command has says nothing.
  const options = help.visibleOptions(command).filter(({ long }) => long !== '--help');
  const inherited = help.visibleGlobalOptions(command);
  const subcommands = visible(command);
  const parts = [
    `${'#'.repeat(level)} ${pathOf(command)}`,
    command.description(),
    `\`\`\`text\n${help.commandUsage(command)}\n\`\`\``,
    tableOf(
      'argument',
      args.map((argument) => [`\`${help.argumentTerm(argument)}\``, help.argumentDescription(argument)]),
    ),
    tableOf(
      'option',
      options.map((option) => [`\`${option.flags}\``, help.optionDescription(option as Option)]),
    ),
    inherited.length > 0
      ? `Besides, the options of [${pathOf(topOf(command))}](#${pathOf(topOf(command)).replaceAll(' ', '-')}).`
      : '',
    after(command),
  ];
  return [
    parts.filter((part) => part !== '').join('\n\n'),
    ...subcommands.flatMap((it) => sections(it, Math.min(level + 1, 4))),
  ];
}

function visible(command: Command): Command[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((it) => it.name() !== 'help');
}

/** The command whose options hold below it: the one under the program. */
function topOf(command: Command): Command {
  return command.parent === null || command.parent.parent === null ? command : topOf(command.parent);
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

/** What stands below a command's help: notes and examples. */
function after(command: Command): string {
  let all = '';
  command.configureOutput({
    writeOut: (part) => {
      all += part;
    },
  });
  command.outputHelp();
  const text = all.slice(command.helpInformation().length);
  return text.trim() === '' ? '' : `\`\`\`text\n${text.trim()}\n\`\`\``;
}

function tableOf(name: string, rows: readonly (readonly [string, string])[]): string {
  if (rows.length === 0) return '';
  return [row(name, 'meaning'), row('---', '---'), ...rows.map(([term, meaning]) => row(term, meaning))].join('\n');
}

function row(...cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}
