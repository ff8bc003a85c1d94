import type { CompletedCommand, CompletedOption, Offer } from './completion-tree.ts';

/** A script for fish, to be sourced or to lie as `runnel.fish` in its folder of completions. */
export function fishCompletion(tree: readonly CompletedCommand[]): string {
  const valued = new Set(
    tree.flatMap(({ options }) => options.flatMap(({ flags, value }) => (value === null ? [] : flags))),
  );
  const paths = tree.filter(({ path }) => path !== '').map(({ path }) => path);
  return `# fish completion of runnel: runnel completion fish | source

# The command that the line is in, and how many arguments it has so far: two lines
function __runnel_place
    set -l commands ${paths.map(fish).join(' ')}
    set -l valued ${[...valued].map(fish).join(' ')}
    set -l place ''
    set -l arguments 0
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        set -l longer (string trim -- "$place $word")
        if test $skip = 1
            set skip 0
        else if string match -q -- '-*' $word
            contains -- $word $valued; and set skip 1
        else if contains -- $longer $commands
            set place $longer
        else
            set arguments (math $arguments + 1)
        end
    end
    echo $place
    echo $arguments
end

# In this command, with at least and at most so many arguments
function __runnel_at
    set -l place (__runnel_place)
    test "$place[1]" = "$argv[1]"; or return 1
    test (count $argv) -lt 2; or test $place[2] -ge $argv[2]; or return 1
    test (count $argv) -lt 3; or test $place[2] -le $argv[3]
end

function __runnel_names
    set -l words (commandline -opc)
    $words[1] __complete $argv[1] $words[2..-1] 2>/dev/null
end

complete -c runnel -f
${tree.flatMap(linesOf).join('\n')}
`;
}

function linesOf({ path, subcommands, options, arguments: args, variadic }: CompletedCommand): string[] {
  const at = (...count: number[]) => `-n ${fish(`__runnel_at ${[fish(path), ...count].join(' ')}`)}`;
  return [
    ...subcommands.map(
      ({ name, description }) => `complete -c runnel ${at(0, 0)} -a ${fish(name)} -d ${fish(description)}`,
    ),
    ...options.map((option) => `complete -c runnel ${at()} ${optionFlags(option)} -d ${fish(option.description)}`),
    ...args.flatMap((offers, i) => {
      const last = i === args.length - 1 && variadic;
      return offers.flatMap((offer) => {
        const what = offerFlags(offer);
        return what === null ? [] : [`complete -c runnel ${last ? at(i) : at(i, i)} ${what}`];
      });
    }),
  ];
}

function optionFlags({ flags, value }: CompletedOption): string {
  const names = flags.map((flag) =>
    flag.startsWith('--') ? `-l ${fish(flag.slice(2))}` : `-s ${fish(flag.slice(1))}`,
  );
  if (value === null) return names.join(' ');
  const offers = value.flatMap((offer) => offerFlags(offer) ?? []);
  return [...names, offers.some((it) => it.startsWith('-F')) ? '-r' : '-x', ...offers].join(' ');
}

/** null: nothing to offer. */
function offerFlags(offer: Offer): string | null {
  switch (offer.from) {
    case 'words':
      return `-a ${fish(offer.words.join(' '))}`;
    case 'files':
      return '-F';
    case 'folders':
      return `-a '(__fish_complete_directories)'`;
    case 'nothing':
      return null;
    default:
      return `-a ${fish(`(__runnel_names ${offer.from})`)}`;
  }
}

/** In fish a backslash within quotes is taken literally, but before a quote or a backslash. */
function fish(text: string): string {
  return `'${text.replace(/[\\']/g, (c) => `\\${c}`)}'`;
}
