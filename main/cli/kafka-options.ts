import { readFileSync } from 'node:fs';
import { getProperties } from 'properties-file';
import { ConfigException } from '../../common/errors.ts';
import { UsageError } from './command-context.ts';

/** For an option that may be given several times. */
export function collect(value: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

/** `key=value` arguments as Kafka's CommandLineUtils reads them; `key=` is an empty value. */
export function parseKeyValueArgs(args: readonly string[] | undefined): Map<string, string> {
  return new Map(
    (args ?? []).map((argument) => {
      const split = argument.indexOf('=');
      if (split <= 0) throw new UsageError(`Invalid command line properties: ${argument}: write key=value`);
      return [argument.slice(0, split), argument.slice(split + 1)];
    }),
  );
}

/** A .properties file. The error names the file and says what is wrong with it. */
export function loadProps(file: string | undefined): Map<string, string> {
  if (file === undefined) return new Map();
  let text: string;
  try {
    text = readFileSync(file, 'latin1');
  } catch (error) {
    throw new ConfigException(`Can't read ${file}: ${(error as Error).message}`, {
      key: file,
      code: 'FILE_UNREADABLE',
      cause: error,
    });
  }
  return new Map(Object.entries(getProperties(text)));
}

/** An integer option; the error names it. */
export function integer(option: string): (value: string) => number {
  return (value) => {
    if (!/^-?\d+$/.test(value))
      throw new UsageError(`Cannot parse argument '${value}' of option ${option}: a whole number is needed`);
    return Number(value);
  };
}

/** A TCP port; 0 is any free one. */
export function port(option: string): (value: string) => number {
  return (value) => {
    if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535)
      throw new UsageError(`Cannot parse argument '${value}' of option ${option}: a port from 0 to 65535 is needed`);
    return Number(value);
  };
}

/** A number above zero, at most `limit`. */
export function positive(option: string, limit = Number.MAX_VALUE): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (value.trim() === '' || !Number.isFinite(number) || number <= 0 || number > limit)
      throw new UsageError(
        `Cannot parse argument '${value}' of option ${option}: a number above 0 ${limit === Number.MAX_VALUE ? '' : `and up to ${limit} `}is needed`,
      );
    return number;
  };
}

/** Two spellings of one option: Kafka's present one and the deprecated one. Both at once is wrong usage. */
export function eitherSpelling<T>(
  present: T | undefined,
  presentName: string,
  deprecated: T | undefined,
  deprecatedName: string,
): T | undefined {
  if (present !== undefined && deprecated !== undefined) {
    throw new UsageError(`Options ${deprecatedName} and ${presentName} cannot be specified together`);
  }
  return present ?? deprecated;
}

/** For an option that takes one value: a second one is not taken in silence. */
export function once(option: string): (value: string, previous: string | undefined) => string {
  return (value, previous) => {
    if (previous !== undefined) {
      throw new UsageError(`Found multiple arguments for option ${option}, but you asked for only one`);
    }
    return value;
  };
}
