import type { Cell } from '../output/table.ts';

export type Config = ReadonlyMap<string, string>;

export interface ConfigChange {
  key: string;
  /** null: the key is new */
  before: string | null;
  /** null: the key goes */
  after: string | null;
}

/** What differs, by key; nothing when both hold the same. */
export function configDiff(before: Config, after: Config): ConfigChange[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  return keys.flatMap((key) => {
    const change = { key, before: before.get(key) ?? null, after: after.get(key) ?? null };
    return change.before === change.after ? [] : [change];
  });
}

/** As lines of a diff; of secrets only that they differ. */
export function diffRows(changes: readonly ConfigChange[], secret: ReadonlySet<string>): Cell[][] {
  return changes.flatMap(({ key, before, after }): Cell[][] => {
    if (secret.has(key) && before !== null && after !== null)
      return [[{ text: `  ~ ${key} (a secret)`, style: 'yellow' }]];
    const shown = (value: string) => (secret.has(key) ? `${key} (a secret)` : `${key}=${value}`);
    return [
      ...(before === null ? [] : [[{ text: `  - ${shown(before)}`, style: 'red' as const }]]),
      ...(after === null ? [] : [[{ text: `  + ${shown(after)}`, style: 'green' as const }]]),
    ];
  });
}

/** A configuration as Connect keeps it: its name is in it. */
export function asConfig(entries: Readonly<Record<string, string>>, name: string): Map<string, string> {
  const config = new Map(Object.entries(entries));
  if (!config.has('name')) config.set('name', name);
  return config;
}
