import { expect, test } from 'vitest';
import { parseClientConfig } from '../../../../main/kafka/client-config.ts';
import { compressionLevelOf, isRoundRobin } from '../../../../main/kafka/produce/producer-rules.ts';

const optionsOf = (config: Record<string, string>) =>
  parseClientConfig('producer', { 'bootstrap.servers': 'localhost:1', ...config }).options;

test.each<[string, Record<string, string>, number | undefined]>([
  ['gzip', {}, undefined],
  ['gzip', { 'compression.gzip.level': '9' }, 9],
  ['zstd', {}, 3],
  ['zstd', { 'compression.zstd.level': '-7', 'compression.gzip.level': '9' }, -7],
  ['snappy', { 'compression.gzip.level': '9' }, undefined],
  ['none', { 'compression.gzip.level': '9' }, undefined],
])('compression.type=%s with %j has level %s', (type, levels, level) => {
  expect(compressionLevelOf(optionsOf({ 'compression.type': type, ...levels }))).toBe(level);
});

test('a partitioner of the user’s own is refused in Kafka’s words', () => {
  expect(isRoundRobin(optionsOf({}))).toBe(false);
  expect(() => isRoundRobin(optionsOf({ 'partitioner.class': 'com.example.Mine' }))).toThrow(
    'Invalid value com.example.Mine for configuration partitioner.class: Class com.example.Mine could not be found.',
  );
});
