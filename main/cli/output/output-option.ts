import { type Command, Option } from 'commander';

export type OutputFormat = 'table' | 'wide' | 'json' | 'name' | 'properties';

/** `-o json` and what else makes sense for this command; without it, a form for people. */
export function addOutputOption(command: Command, formats: readonly Exclude<OutputFormat, 'table'>[]): Command {
  const meanings = formats.map((format) => MEANINGS[format]).join(', ');
  return command.addOption(new Option('-o, --output <format>', meanings).choices([...formats]));
}

const MEANINGS: Readonly<Record<Exclude<OutputFormat, 'table'>, string>> = {
  json: 'json: as the REST API has it',
  wide: 'wide: more columns',
  name: 'name: names alone, one a line',
  properties: 'properties: lines of a .properties file',
};
