import type { Argument, Command, Option } from 'commander';
import { STATES } from '../connect/connector-states.ts';
import { LEVELS } from '../connect/logger-levels.ts';

/** What a shell can offer in a place: these words, files, or names that a worker has at this moment. */
export type Offer =
  | { from: 'words'; words: readonly string[] }
  | { from: 'files' | 'folders' | 'connectors' | 'plugins' | 'loggers' }
  /** Anything; nothing can be offered. */
  | { from: 'nothing' };

/** Names that only a worker knows; `runnel __complete` asks it for them. */
export type DynamicOffer = Extract<Offer['from'], 'connectors' | 'plugins' | 'loggers'>;

export interface CompletedOption {
  /** `-o` and `--output` */
  flags: readonly string[];
  description: string;
  /** null: it takes no value */
  value: readonly Offer[] | null;
}

export interface CompletedCommand {
  /** `connect list`; the program itself is empty */
  path: string;
  subcommands: readonly { name: string; description: string }[];
  /** Its own and those of the commands above it. */
  options: readonly CompletedOption[];
  /** One for each argument; the last one goes on when it is `variadic`. */
  arguments: readonly (readonly Offer[])[];
  variadic: boolean;
}

/** Every command of the program with all that may follow it, from the definitions that parse them. */
export function completionTree(program: Command): CompletedCommand[] {
  return commandsBelow(program, '');
}

function commandsBelow(command: Command, path: string): CompletedCommand[] {
  const subcommands = command.createHelp().visibleCommands(command);
  const own = subcommands.filter((it) => it.name() !== 'help');
  const args = command.registeredArguments;
  const completed: CompletedCommand = {
    path,
    subcommands: subcommands.map((it) => ({ name: it.name(), description: firstSentence(it.description()) })),
    options: optionsOf(command),
    arguments: args.map(offersOfArgument),
    variadic: args.at(-1)?.variadic ?? false,
  };
  return [
    completed,
    ...own.flatMap((it) =>
      [it.name(), ...it.aliases()].flatMap((name) => commandsBelow(it, path === '' ? name : `${path} ${name}`)),
    ),
  ];
}

function optionsOf(command: Command): CompletedOption[] {
  const help = command.createHelp();
  const options = [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)];
  return options.map((option) => ({
    flags: [option.short, option.long].filter((flag) => flag !== undefined && flag !== null),
    description: firstSentence(option.description),
    value: option.required || option.optional ? offersOfOption(option) : null,
  }));
}

/** By the word that stands for the value in the help: what is called a file is a file. */
const OFFERS: ReadonlyMap<string, readonly Offer[]> = new Map<string, readonly Offer[]>([
  ['connector', [{ from: 'connectors' }]],
  ['connectors', [{ from: 'connectors' }]],
  ['class', [{ from: 'plugins' }]],
  ['file|class', [{ from: 'files' }, { from: 'plugins' }]],
  ['logger', [{ from: 'loggers' }]],
  ['states', [{ from: 'words', words: STATES }]],
  ['level', [{ from: 'words', words: LEVELS }]],
  ['folder', [{ from: 'folders' }]],
]);
const NOTHING: readonly Offer[] = [{ from: 'nothing' }];

function offersOfArgument(argument: Argument): readonly Offer[] {
  if (argument.argChoices !== undefined) return [{ from: 'words', words: argument.argChoices }];
  return offersByName(argument.name());
}

function offersOfOption(option: Option): readonly Offer[] {
  if (option.argChoices !== undefined) return [{ from: 'words', words: option.argChoices }];
  return offersByName(/[<[]([^>\]]*)[>\]]/.exec(option.flags)?.[1] ?? '');
}

function offersByName(name: string): readonly Offer[] {
  const known = OFFERS.get(name.replace(/\.\.\.$/, ''));
  return known ?? (/\bfiles?\b|\.properties$/.test(name) ? [{ from: 'files' }] : NOTHING);
}

/** What fits beside a word in a menu. */
function firstSentence(description: string): string {
  return description.split(/(?<=[.;]) /)[0]?.replace(/[.;]$/, '') ?? '';
}
