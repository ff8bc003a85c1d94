import { describe, expect, test } from 'vitest';
import { KafkaException } from '../../../../common/errors.ts';
import type { AnyConfigKey } from '../../../../main/connect/api/config-def.ts';
import { valueText } from '../../../../main/connect/api/config-types.ts';
import type { ConfigMap } from '../../../../main/connect/api/connector.ts';
import { CATALOGUE } from '../../../../main/connect/catalogue.ts';
import { Plugins } from '../../../../main/connect/plugins/plugins.ts';
import { adminConfig, consumerConfig, producerConfig } from '../../../../main/connect/runtime/client-configs.ts';
import { notAllowed, overridePolicy } from '../../../../main/connect/runtime/override-policy.ts';
import { warnOfUnusedConnectorKeys, warnOfUnusedWorkerKeys } from '../../../../main/connect/runtime/unused-keys.ts';
import { WORKER_KEYS, workerConfig } from '../../../../main/connect/runtime/worker-config.ts';
import { reasonWithoutEffect, UNUSED_KEYS } from '../../../../main/connect/runtime/worker-config-unused.ts';
import { isClientSetting } from '../../../../main/kafka/api.ts';
import { recordingLogger } from '../../../kit/recording-logger.ts';
import {
  CLIENT_CASES,
  DISTRIBUTED_KEYS,
  type JavaKey,
  POLICY_CASES,
  STANDALONE_KEYS,
  WORKER_BASE,
  WORKER_CASES,
} from '../../../kit/worker-oracle/cases.ts';
import { recordedOk, recordedWorkerAnswer } from '../../../kit/worker-oracle/oracle.ts';

const plugins = new Plugins(CATALOGUE);
const OURS: Readonly<Record<string, AnyConfigKey>> = { ...UNUSED_KEYS, ...WORKER_KEYS };

/** `ssl.*` that only a server has; REST reads it (main/connect/rest/tls-settings.ts). */
const OF_HTTPS_LISTENERS: ReadonlySet<string> = new Set(['ssl.client.auth']);

describe('the keys of Kafka’s worker', () => {
  /** Where a default or a bound is meant to be another, with the reason. */
  const MEANT: ReadonlyMap<string, string> = new Map([
    ['offset.flush.interval.ms', 'an fdatasync costs little; 0 would be an endless loop'],
    ['offset.flush.timeout.ms', 'no time is negative'],
    ['task.shutdown.graceful.timeout.ms', 'no time is negative'],
    ['offset.storage.file.filename', 'the app keeps its state in its data folder'],
    ['response.http.headers.config', 'the headers are fixed: what is not used is not looked at'],
    ['listeners', 'a default port that is taken is passed over'],
  ]);

  test.each(recordedOk<JavaKey[]>(STANDALONE_KEYS).map((key) => [key.name, key] as const))('%s', (name, java) => {
    const key = Object.hasOwn(OURS, name) ? OURS[name] : undefined;
    // Settings of TLS are the Kafka clients' own, but for a server's.
    if (key === undefined) {
      return expect(isClientSetting('admin', name) || OF_HTTPS_LISTENERS.has(name)).toBe(true);
    }
    expect(key.type).toBe(java.type);
    if (MEANT.has(name)) return;
    expect(key.validator?.toString() ?? '').toBe(java.validator ?? '');
    if (!Object.hasOwn(WORKER_KEYS, name)) return;
    const shown = key.default === undefined ? undefined : key.default === null ? null : valueText(key.default);
    expect(shown === '[]' ? '' : shown).toBe(java.default);
  });

  test('of a distributed worker are all known, and said to have no effect or used by clients', () => {
    const unknown = recordedOk<JavaKey[]>(DISTRIBUTED_KEYS).filter(
      ({ name }) =>
        reasonWithoutEffect(name) === undefined &&
        !Object.hasOwn(OURS, name) &&
        !isClientSetting('admin', name) &&
        !OF_HTTPS_LISTENERS.has(name),
    );
    expect(unknown).toEqual([]);
  });
});

describe('values are read and refused as in Kafka', () => {
  /** What Kafka refuses because it has no default for the file, which the composition says here. */
  const changed = (config: ConfigMap) =>
    Object.entries(config)
      .filter(([key, value]) => (WORKER_BASE as ConfigMap)[key] !== value)
      .map((entry) => entry.join('='))
      .join() || `without ${Object.keys(WORKER_BASE).filter((key) => !Object.hasOwn(config, key))}`;

  test.each(WORKER_CASES.map((question) => [changed(question.config), question] as const))('%s', (name, question) => {
    if (name === 'without offset.storage.file.filename') return;
    const java = recordedWorkerAnswer(question);
    if ('error' in java) {
      const error = (() => {
        try {
          return workerConfig(question.config);
        } catch (thrown) {
          return thrown;
        }
      })();
      expect(error).toBeInstanceOf(KafkaException);
      expect((error as KafkaException).message).toBe(java.error[1]);
      return;
    }
    const parsed = workerConfig(question.config).parsed as Readonly<Record<string, unknown>>;
    for (const [key, text] of Object.entries(java.ok as ConfigMap)) {
      if (!Object.hasOwn(WORKER_KEYS, key)) continue;
      expect(valueText(parsed[key])).toBe(text.replace(/^class /, ''));
    }
  });
});

describe('a connector’s Kafka clients', () => {
  const clients = { producer: producerConfig, consumer: consumerConfig, admin: adminConfig };
  /** Clients here carry bytes and have no metrics; a producer stays idempotent, with more than one request under way. */
  const OF_JAVA = /^(?:key|value)\.(?:de)?serializer$|^metrics\.|^enable\.idempotence$|^max\.block\.ms$/;

  test.each(CLIENT_CASES.map((it) => [it.client, Object.keys(it.config).length, Object.keys(it.connector).length, it]))(
    'have the settings and the precedence of Connect: %s, %i of the worker, %i overridden',
    (_client, _worker, _connector, question) => {
      if (typeof question !== 'object') throw new Error('no question');
      const { client, config, connector } = question;
      const java = recordedOk<ConfigMap>(question);
      const ours = clients[client]({ connector: 'c', task: 0, worker: config, config: connector });
      const expected = Object.entries(java).filter(
        ([key]) => !OF_JAVA.test(key) && (client !== 'admin' || isClientSetting('admin', key)),
      );
      const without = new Set(['max.block.ms']);
      if (client === 'producer' && ours['max.in.flight.requests.per.connection'] === undefined)
        without.add('max.in.flight.requests.per.connection');
      const pick = (entries: [string, string][]) => Object.fromEntries(entries.filter(([key]) => !without.has(key)));
      expect(pick(Object.entries(ours))).toEqual(pick(expected));
    },
  );

  test.each([
    [{}, undefined],
    [{ 'producer.acks': '1' }, '1'],
    [{ 'producer.enable.idempotence': 'false' }, '1'],
    [{ 'producer.enable.idempotence': 'false', 'producer.max.in.flight.requests.per.connection': '3' }, '3'],
    [{ 'producer.acks': '-1' }, undefined],
  ])('%o: a producer that is not idempotent has one request under way, so that order is kept', (worker, inFlight) => {
    const config = producerConfig({ connector: 'c', task: 0, worker, config: {} });
    expect(config['max.in.flight.requests.per.connection']).toBe(inFlight);
  });
});

describe('what connectors may override', () => {
  const worker = (more: ConfigMap) => workerConfig({ ...WORKER_BASE, ...more });

  test.each(POLICY_CASES.map((it) => [it.policy, JSON.stringify(it.config), it] as const))(
    '%s %s',
    (_, __, question) => {
      const { policy: name, config, overrides } = question;
      const policy = overridePolicy(worker({ ...config, 'connector.client.config.override.policy': name }));
      const ours = Object.keys(overrides).map((key) => [key, policy.allows(key) ? [] : [notAllowed(policy, key)]]);
      expect(Object.fromEntries(ours)).toEqual(recordedOk(question));
    },
  );

  test.each(['Principal', 'PrincipalConnectorClientConfigOverridePolicy'])('a policy may be called %s', (name) => {
    for (const prefix of ['', 'org.apache.kafka.connect.connector.policy.']) {
      const full = prefix === '' ? name : `${prefix}PrincipalConnectorClientConfigOverridePolicy`;
      expect(overridePolicy(worker({ 'connector.client.config.override.policy': full })).name).toBe('Principal');
    }
  });

  test('another policy is an error that names those that there are', () => {
    const wrong = worker({ 'connector.client.config.override.policy': 'principal' });
    expect(() => overridePolicy(wrong)).toThrow('and which name matches principal');
  });
});

describe('what nothing looks at is told', () => {
  const told = (properties: ConfigMap): string[] => {
    const { logger, lines } = recordingLogger();
    warnOfUnusedWorkerKeys(plugins, { ...WORKER_BASE, ...properties }, logger);
    return lines;
  };

  test('nothing, when there is nothing', () => {
    expect(
      told({
        'key.converter.schemas.enable': 'false',
        'producer.acks': 'all',
        'security.protocol': 'PLAINTEXT',
        'request.timeout.ms': '1',
        'config.providers': 'env',
        'config.providers.env.class': 'x',
        'config.providers.env.param.allowlist.pattern': 'x',
      }),
    ).toEqual([]);
  });

  test('a distributed worker’s file is used, and one line names all of its settings that do nothing', () => {
    const lines = told({
      'group.id': 'connect-cluster',
      'config.storage.topic': 'connect-configs',
      'config.storage.cleanup.policy': 'compact',
      'offset.storage.topic': 'connect-offsets',
      'status.storage.replication.factor': '1',
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(
      'group.id, config.storage.topic, config.storage.cleanup.policy, offset.storage.topic, status.storage.replication.factor have no effect: it is of distributed workers',
    );
  });

  test.each([
    'my.setting',
    'key.converter.schema.enable',
    'header.converter.x',
    'config.providers.vault.class',
    'config.providers.env.klass',
    'rest.port',
    'acks',
  ])('%s', (key) => {
    expect(told({ [key]: 'x' }).join()).toContain(
      `These configurations '[${key}]' were supplied but are not used yet.`,
    );
  });

  const ofConnector = (config: ConfigMap): string[] => {
    const { logger, lines } = recordingLogger();
    const source = { name: 'a', 'connector.class': 'FileStreamSource', file: '/x', topic: 't' };
    warnOfUnusedConnectorKeys(plugins, { ...source, ...config }, WORKER_BASE, logger);
    return lines;
  };

  test('of a connector nothing, when all of it is used', () => {
    expect(
      ofConnector({
        'tasks.max': '1',
        transforms: 'a',
        'transforms.a.type': 'org.apache.kafka.connect.transforms.HoistField$Value',
        'transforms.a.field': 'x',
        'transforms.a.predicate': 'p',
        predicates: 'p',
        'predicates.p.type': 'org.apache.kafka.connect.transforms.predicates.TopicNameMatches',
        'predicates.p.pattern': 't',
        'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
        'value.converter.schemas.enable': 'false',
        'producer.override.acks': 'all',
        'topic.creation.groups': 'g.h',
        'topic.creation.default.partitions': '1',
        'topic.creation.default.replication.factor': '1',
        'topic.creation.default.retention.ms': '1',
        'topic.creation.g.h.include': 'x',
        'topic.creation.g.h.cleanup.policy': 'compact',
        'errors.tolerance': 'all',
      }),
    ).toEqual([]);
  });

  test.each([
    'taks.max',
    'topics',
    'transforms.a.type',
    'value.converter.schemas.enable',
    'topic.creation.g.partitions',
    'errors.deadletterqueue.topic.name',
  ])('%s of a source', (key) => {
    expect(ofConnector({ [key]: 'x' }).join()).toContain(`'[${key}]' were supplied but are not used yet.`);
  });
});
