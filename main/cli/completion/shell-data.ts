import type { CompletedCommand, Offer } from './completion-tree.ts';

/**
 * Functions that tell bash and zsh alike what there is: `_runnel_command PATH` sets `commands` and `options` (lines of
 * word, tab, description), `arguments` (a line of offers each) and `variadic`; `_runnel_value PATH OPTION` sets `offers`,
 * and fails for an option without a value. An offer is a word: `=word`, or `files`, `folders`, `connectors`…
 * No associative array: the bash of macOS is 3.2.
 */
export function shellData(tree: readonly CompletedCommand[]): string {
  return `_runnel_command() {
  commands='' options='' arguments='' variadic=''
  case "$1" in
${tree.map(commandCase).join('\n')}
  *) return 1 ;;
  esac
}

_runnel_value() {
  offers=''
  case "$1|$2" in
${tree.flatMap(valueCases).join('\n')}
  *) return 1 ;;
  esac
}`;
}

function commandCase(command: CompletedCommand): string {
  const lines = (rows: readonly (readonly [string, string])[]) =>
    rows.map(([word, text]) => `${word}\t${text}`).join('\n');
  const commands = lines(command.subcommands.map(({ name, description }) => [name, description]));
  const options = lines(
    command.options.flatMap(({ flags, description }) => flags.map((flag) => [flag, description] as const)),
  );
  const args = command.arguments.map(offerWords).join('\n');
  return `  ${quoted(command.path)})
    commands=${ansi(commands)}
    options=${ansi(options)}
    arguments=${ansi(args)} variadic=${command.variadic ? 1 : ''} ;;`;
}

function valueCases({ path, options }: CompletedCommand): string[] {
  const byOffers = new Map<string, string[]>();
  for (const { flags, value } of options) {
    if (value === null) continue;
    const offers = offerWords(value);
    byOffers.set(offers, [...(byOffers.get(offers) ?? []), ...flags]);
  }
  return [...byOffers].map(
    ([offers, flags]) => `  ${flags.map((flag) => quoted(`${path}|${flag}`)).join('|')}) offers=${quoted(offers)} ;;`,
  );
}

export function offerWords(offers: readonly Offer[]): string {
  return offers
    .flatMap((offer) =>
      offer.from === 'words' ? offer.words.map((word) => `=${word}`) : offer.from === 'nothing' ? [] : [offer.from],
    )
    .join(' ');
}

/** For `'…'` of every shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** For `$'…'` of bash and zsh: tabs and ends of lines are visible in the script. */
function ansi(text: string): string {
  return `$'${text
    .replace(/[\\']/g, (c) => `\\${c}`)
    .replaceAll('\t', '\\t')
    .replaceAll('\n', '\\n')}'`;
}
