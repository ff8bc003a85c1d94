import { UsageError } from '../command-context.ts';
import type { ConfigsOptions } from '../commands/configs.ts';
import { loadProps } from '../kafka-options.ts';

/** A comma or equals sign that no square bracket holds. */
const OUTSIDE_BRACKETS = '(?=[^\\]]*(?:\\[|$))';
const COMMA = new RegExp(`,${OUTSIDE_BRACKETS}`);
const EQUALS = new RegExp(`\\s*=\\s*${OUTSIDE_BRACKETS}`);

/** What is set or (null) removed. Java: `parseConfigsToBeAdded`, `parseConfigsToBeDeleted`. */
export type Change = readonly [name: string, value: string | null];

/** What `--add-config`, `--add-config-file` and `--delete-config` say. */
export function changesOf(options: ConfigsOptions): Change[] {
  const deleted = (options.deleteConfig ?? []).flatMap((keys) => keys.split(',')).map((key) => key.trim());
  return [
    ...(options.addConfigFile === undefined ? added(options.addConfig) : loadProps(options.addConfigFile)),
    ...deleted.filter((key) => key !== '').map((key): Change => [key, null]),
  ];
}

function added(text: string | undefined): [string, string][] {
  if (text === undefined) return [];
  const pairs = text.split(COMMA);
  while (pairs.at(-1) === '') pairs.pop();
  return pairs.map((pair) => {
    const [key, value, ...more] = pair.split(EQUALS);
    if (key === undefined || value === undefined || more.length > 0) {
      throw new UsageError(
        'requirement failed: Invalid entity config: all configs to be added must be in the format "key=val" or  "key=[val1,val2]" to group values which contain commas.',
      );
    }
    return [key.trim(), value.replace(/[[\]]/g, '').trim()];
  });
}
