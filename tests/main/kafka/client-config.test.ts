import { describe, expect, test } from 'vitest';
import { ConfigException } from '../../../common/errors.ts';
import { parseClientConfig } from '../../../main/kafka/client-config.ts';

const servers = { 'bootstrap.servers': 'localhost:9092' };

describe('client settings', () => {
  test("have Java's defaults when absent", () => {
    const { options, notices } = parseClientConfig('producer', servers);
    expect(options).toMatchObject({
      'bootstrap.servers': ['localhost:9092'],
      acks: 'all',
      'linger.ms': 5,
      'batch.size': 16_384,
      'enable.idempotence': true,
      'max.in.flight.requests.per.connection': 5,
    });
    expect(notices).toEqual([]);
  });

  test("are read as Java's types", () => {
    const { options } = parseClientConfig('consumer', {
      'bootstrap.servers': 'a:1 , b:2',
      'fetch.min.bytes': ' 17 ',
      'check.crcs': 'FALSE',
      'auto.offset.reset': 'earliest',
    });
    expect(options['bootstrap.servers']).toEqual(['a:1', 'b:2']);
    expect(options['fetch.min.bytes']).toBe(17);
    expect(options['check.crcs']).toBe(false);
    expect(options['auto.offset.reset']).toBe('earliest');
  });

  test.each([
    ['linger.ms', '5s', 'Invalid value 5s for configuration linger.ms: Not a number of type LONG'],
    ['batch.size', '2147483648', 'Invalid value 2147483648 for configuration batch.size: Not a number of type INT'],
    ['batch.size', '-1', 'Invalid value -1 for configuration batch.size: Value must be at least 0'],
    ['acks', 'most', 'Invalid value most for configuration acks: String must be one of: all, -1, 0, 1'],
    [
      'enable.idempotence',
      'yes',
      'Invalid value yes for configuration enable.idempotence: Expected value to be either true or false',
    ],
  ])('%s=%s is refused in Kafka’s words', (key, value, message) => {
    expect(() => parseClientConfig('producer', { ...servers, [key]: value })).toThrow(
      expect.objectContaining({ name: 'ConfigException', message, key }),
    );
  });

  test('LONG takes the largest int64', () => {
    const { options } = parseClientConfig('producer', { ...servers, 'max.block.ms': '9223372036854775807' });
    expect(options['max.block.ms']).toBe(2 ** 63);
    expect(() => parseClientConfig('producer', { ...servers, 'max.block.ms': '9223372036854775808' })).toThrow(
      ConfigException,
    );
  });

  test('without bootstrap.servers there is no client', () => {
    expect(() => parseClientConfig('admin', {})).toThrow(/bootstrap.servers/);
  });

  test('what changes nothing is listed by name, with a reason', () => {
    const { notices } = parseClientConfig('producer', {
      ...servers,
      'key.serializer': 'org.apache.kafka.common.serialization.ByteArraySerializer',
      'value.serializer': 'com.example.Mine',
      'ssl.truststore.location': '/a',
      'metric.reporters': '',
      'group.id': 'g',
      'no.such.key': 'x',
      constructor: 'y',
    });
    expect(notices.map(({ name, isWarning }) => `${isWarning ? 'WARN' : 'INFO'} ${name}`)).toEqual([
      'WARN value.serializer',
      'INFO ssl.truststore.location',
      'INFO metric.reporters',
      'WARN group.id',
      'WARN no.such.key',
      'WARN constructor',
    ]);
    for (const { reason } of notices) expect(reason).not.toBe('');
  });

  test('transactions are refused rather than passed over', () => {
    expect(() => parseClientConfig('producer', { ...servers, 'transactional.id': 't' })).toThrow(
      expect.objectContaining({ key: 'transactional.id' }),
    );
  });

  test.each([
    ['org.apache.kafka.clients.consumer.CooperativeStickyAssignor', true],
    [
      'org.apache.kafka.clients.consumer.RangeAssignor,org.apache.kafka.clients.consumer.CooperativeStickyAssignor',
      false,
    ],
  ])('of partition.assignment.strategy=%s is told: %s', (strategy, told) => {
    const { notices } = parseClientConfig('consumer', { ...servers, 'partition.assignment.strategy': strategy });
    expect(notices.map(({ name }) => name)).toEqual(told ? ['partition.assignment.strategy'] : []);
  });
});
