import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BrokerConfig } from '../../../../main/broker/config/broker-config.ts';
import { BROKER_DEFINITIONS } from '../../../../main/broker/config/broker-definitions.ts';
import { BROKER_PROPERTIES } from '../../../../main/broker/config/broker-properties.ts';
import { IDLE_BROKER_PROPERTIES } from '../../../../main/broker/config/idle-broker-properties.ts';
import { checkProperty, type Property } from '../../../../main/broker/config/property.ts';
import { REFUSED_BROKER_PROPERTIES, refusalOf } from '../../../../main/broker/config/refused-broker-properties.ts';
import { KAFKA_VERSION } from '../../../../scripts/kafka-jars.mjs';

/** What the ConfigDef of Kafka's broker says (scripts/record-broker-settings.ts). */
interface Recorded {
  version: string;
  values: string[];
  settings: { name: string; type: string; default: string | null | false; refused: number[] }[];
}
const recorded: Recorded = JSON.parse(
  readFileSync(new URL('../../../fixtures/kafka-broker/settings.json', import.meta.url), 'utf8'),
);
const served: Readonly<Record<string, Property>> = BROKER_PROPERTIES;
const known = new Map(recorded.settings.map((each) => [each.name, each]));

/** Where ours are another on purpose, with the reason. */
const DEFAULTS: ReadonlyMap<string, string> = new Map([
  ['controller.listener.names', 'it must be set there'],
  ['group.initial.rebalance.delay.ms', 'nobody waits for three seconds'],
  ['log.flush.interval.messages', 'there is one copy'],
  ['node.id', 'it must be set there'],
  ['offsets.topic.num.partitions', 'one broker has nothing to spread'],
  ['transaction.state.log.num.partitions', 'one broker has nothing to spread'],
]);
/** Values that Kafka's ConfigDef alone would take. */
const STRICTER: ReadonlyMap<string, string> = new Map([
  ['default.replication.factor', 'there is one broker'],
  ['group.initial.rebalance.delay.ms', 'a negative time is none'],
  ['log.flush.interval.ms', 'a negative time is none'],
]);

test(`every property of Kafka's broker is served, known to change nothing, or refused, and by one of the three`, () => {
  expect(recorded.version).toBe(KAFKA_VERSION);
  const places = recorded.settings.map(({ name }) => ({
    name,
    places: [name in served, IDLE_BROKER_PROPERTIES.has(name), refusalOf(name, 'x') !== undefined].filter(Boolean)
      .length,
  }));
  expect(places.filter((each) => each.places !== 1)).toEqual([]);
});

test('none is served or changes nothing that Kafka does not have, but for our own', () => {
  expect([...BROKER_DEFINITIONS.keys()].filter((name) => !known.has(name) && !name.startsWith('runnel.'))).toEqual([]);
});

test.each(recorded.settings)(
  '$name has the type that Kafka gives it, its default and its limits',
  ({ name, type, default: byDefault, refused }) => {
    const property = BROKER_DEFINITIONS.get(name)!;
    expect(property.type.toUpperCase()).toBe(type);
    if (!DEFAULTS.has(name)) expect(property.default).toBe(byDefault === false ? null : byDefault);
    const accepts = (value: string) => {
      try {
        checkProperty(name, property, value);
        return true;
      } catch {
        return false;
      }
    };
    // Texts and lists are read by whoever knows what they mean; of idle ones the type alone is checked.
    if (!(name in served) || ['STRING', 'LIST'].includes(type)) return;
    const wrong = recorded.values.filter((value, i) => accepts(value) === refused.includes(i));
    if (STRICTER.has(name)) expect(wrong.filter(accepts)).toEqual([]);
    else expect(wrong).toEqual([]);
  },
);

test('what is given and changes nothing is told with its reason', () => {
  const { idle } = new BrokerConfig({ 'num.io.threads': '8', 'log.preallocate': 'true', 'process.roles': 'broker' });
  expect([...idle]).toEqual([
    ['num.io.threads', 'one thread serves all requests as they come'],
    ['log.preallocate', 'segments grow as they are written'],
    ['process.roles', 'it is so anyway'],
  ]);
});

test.each<[property: string, value: string, code: string, says: string]>([
  ['zookeeper.connect', 'localhost:2181', 'REFUSED_PROPERTY', 'no ZooKeeper'],
  ['process.roles', 'controller', 'REFUSED_PROPERTY', 'process.roles=broker,controller'],
  ['ssl.keystore.location', '/k.p12', 'REFUSED_PROPERTY', '--share-key'],
  ['listener.name.external.ssl.client.auth', 'required', 'REFUSED_PROPERTY', '--share'],
  ['authorizer.class.name', 'org.example.Authorizer', 'REFUSED_PROPERTY', 'no ACLs'],
  ['broker.id', '0', 'REFUSED_PROPERTY', 'node.id'],
  ['num.partition', '1', 'UNKNOWN_PROPERTY', 'Is num.partitions meant?'],
  ['retention.ms', '1', 'UNKNOWN_PROPERTY', "the broker's log.retention.ms"],
  ['toString', '1', 'UNKNOWN_PROPERTY', 'kafka-compatibility.md'],
  ['num.io.threads', 'many', 'INVALID_CONFIG', 'Not a number of type INT'],
])('%s=%s is refused: %s', (name, value, code, says) => {
  let error: unknown;
  try {
    new BrokerConfig({ [name]: value });
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toMatchObject({ code, key: name });
  const { message, hint } = error as { message: string; hint?: string };
  expect(`${message} ${hint}`).toContain(says);
});

test('every refusal has a reason and a cure', () => {
  for (const [names, { why, cure }] of REFUSED_BROKER_PROPERTIES) {
    expect(names.length).toBeGreaterThan(0);
    expect(why).not.toBe('');
    expect(cure).toMatch(/\.$/);
  }
});
