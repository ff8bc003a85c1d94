import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseClientConfig } from '../../../../main/kafka/client-config.ts';
import { SETTINGS } from '../../../../main/kafka/settings/client-settings.ts';
import { IDLE_SETTINGS } from '../../../../main/kafka/settings/idle-settings.ts';
import { parseSetting } from '../../../../main/kafka/settings/parse-setting.ts';
import { CLIENTS, type Client, type IdleSetting, type Setting } from '../../../../main/kafka/settings/setting.ts';
import { KAFKA_VERSION } from '../../../../scripts/kafka-jars.mjs';

/** What the ConfigDefs of Java's clients say (scripts/record-client-settings.ts). */
interface Recorded {
  version: string;
  values: string[];
  sentences: string[];
  settings: {
    clients: Client[];
    name: string;
    type: string;
    default: string | null | false;
    refused: [number, number][];
  }[];
}
const recorded: Recorded = JSON.parse(
  readFileSync(new URL('../../../fixtures/kafka-clients/settings.json', import.meta.url), 'utf8'),
);
const used: Readonly<Record<string, Setting>> = SETTINGS;

/** Where ours are another on purpose, with the reason. */
const DEFAULTS: ReadonlyMap<string, string> = new Map([
  ['enable.auto.commit', 'nothing is committed unless it is asked for'],
  ['partition.assignment.strategy', 'the cooperative assignor is not here'],
  ['socket.connection.setup.timeout.ms', 'a person is told of a silent port within 2 s'],
]);
const STRICTER: ReadonlyMap<string, string> = new Map([
  ['bootstrap.servers of admin', 'controllers can’t be asked instead'],
  ['heartbeat.interval.ms', 'without a pause between heartbeats a client does nothing else'],
  ['session.timeout.ms', 'brokers refuse it'],
  ['socket.connection.setup.timeout.ms', 'nothing can be reached in no time'],
  ['socket.connection.setup.timeout.max.ms', 'nothing can be reached in no time'],
]);

test('the settings were recorded from the Kafka that everything is compared with', () => {
  expect(recorded.version).toBe(KAFKA_VERSION);
});

test.each(CLIENTS)('every setting of Java’s %s is used, accepted or warned of, and no other', (client) => {
  const java = recorded.settings.filter(({ clients }) => clients.includes(client)).map(({ name }) => name);
  const of = (table: Readonly<Record<string, { clients: readonly Client[] }>>) =>
    Object.keys(table).filter((name) => table[name]?.clients.includes(client));
  expect([...of(used), ...of(IDLE_SETTINGS)].sort()).toEqual([...new Set(java)].sort());
});

test.each(recorded.settings.map((setting) => [setting.name, setting.clients.join(), setting] as const))(
  '%s of %s has Java’s type, default and refusals',
  (name, _, java) => {
    const client = java.clients[0] as Client;
    const idle = IDLE_SETTINGS[name]?.clients.includes(client) ? IDLE_SETTINGS[name] : undefined;
    const ours = (idle ?? used[name]) as Setting | IdleSetting;
    expect(ours.type).toBe(java.type);
    if (!idle && !DEFAULTS.has(name)) expect(shownDefault(ours as Setting, client)).toBe(java.default);
    const refused = new Map(
      java.refused.map(([value, sentence]) => [recorded.values[value], recorded.sentences[sentence]]),
    );
    for (const value of recorded.values) {
      const refusal = refusalOf(name, ours, value);
      const expected = refused.get(value)?.replaceAll('%k', name).replace('%v', value).replace('%t', value.trim());
      // Java loads the class; here its name is looked at where it is used.
      if (java.type === 'CLASS') expect(refusal).toBeNull();
      else if (!STRICTER.has(name) && !STRICTER.has(`${name} of ${client}`))
        expect([value, refusal]).toEqual([value, expected ?? null]);
    }
  },
);

test('what a client is given and does not look at is told by name', () => {
  for (const client of CLIENTS) {
    const asked = new Set<string>();
    const config = Object.fromEntries(
      recorded.settings
        .filter(({ clients, name }) => clients.includes(client) && name !== 'transactional.id')
        .map(({ name }) => [name, givenFor(name)]),
    );
    const proxy = new Proxy(config, {
      get: (target, key) => {
        asked.add(String(key));
        return target[String(key)];
      },
    });
    const { options, notices } = parseClientConfig(client, proxy);
    const told = new Set(notices.map(({ name }) => name));
    const silent = Object.keys(config).filter(
      (name) => !told.has(name) && !(asked.has(name) && Object.hasOwn(options, name)),
    );
    expect(silent).toEqual([]);
  }
});

function refusalOf(name: string, setting: Setting | IdleSetting, value: string): string | null {
  try {
    parseSetting(name, setting, value);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

function shownDefault(setting: Setting, client: Client): string | null | false {
  const value = setting.defaultOf?.[client] ?? setting.default;
  if (setting.type === 'LIST') return setting.required ? (client === 'admin' ? '' : false) : setting.default.join(',');
  if (setting.type === 'DOUBLE' && Number.isInteger(value)) return `${value}.0`;
  return value === null ? null : String(value);
}

/** A value that the setting takes, and that says something. */
function givenFor(name: string): string {
  const setting = (used[name] ?? IDLE_SETTINGS[name]) as Setting | IdleSetting;
  for (const value of [
    '1',
    '5',
    '5000',
    'true',
    '0.1',
    '0.6',
    'latest',
    'implicit',
    'record_limit',
    ...('values' in setting ? (setting.values ?? []) : []),
  ])
    if (refusalOf(name, setting, value) === null) return value;
  throw new Error(`no value for ${name}`);
}
