import { describe, expect, test } from 'vitest';
import { type CommandOptions, equivalentCommand } from '../../../../renderer/features/consumer/equivalent-command.ts';

const command = (options: Partial<CommandOptions> = {}) =>
  equivalentCommand({
    bootstrapServers: 'localhost:9092',
    topic: 'tweets',
    start: { type: 'beginning' },
    partitions: undefined,
    partitionCount: 3,
    filter: { type: 'none' },
    keyFormat: 'auto',
    valueFormat: 'json',
    spelling: 'current',
    ...options,
  });

const PRINT =
  '--formatter-property print.timestamp=true --formatter-property print.partition=true ' +
  '--formatter-property print.offset=true --formatter-property print.headers=true --formatter-property print.key=true';

describe('equivalentCommand', () => {
  test('reads from the beginning', () => {
    expect(command()).toEqual({
      lines: [`kafka-console-consumer --bootstrap-server localhost:9092 --topic tweets --from-beginning ${PRINT}`],
      notes: [],
    });
  });

  test('reads from now with no option at all', () => {
    expect(command({ start: { type: 'now' } }).lines).toEqual([
      `kafka-console-consumer --bootstrap-server localhost:9092 --topic tweets ${PRINT}`,
    ]);
  });

  test('writes a line for each partition where an offset needs one', () => {
    expect(command({ start: { type: 'offset', offset: 9_223_372_036_854_775_807n } }).lines).toEqual(
      [0, 1, 2].map(
        (partition) =>
          `kafka-console-consumer --bootstrap-server localhost:9092 --topic tweets --partition ${partition} --offset 9223372036854775807 ${PRINT}`,
      ),
    );
    expect(command({ partitions: [2] }).lines[0]).toContain('--partition 2 --offset earliest');
    expect(command({ partitions: [2], start: { type: 'now' } }).lines[0]).toContain('--partition 2 --offset latest');
  });

  test('asks for the offsets of a time, which the console consumer can’t start from', () => {
    const { lines, notes } = command({
      start: { type: 'timestamp', timestamp: 1_764_000_000_000n },
      partitions: [0, 1],
    });
    expect(lines).toEqual([
      'kafka-get-offsets --bootstrap-server localhost:9092 --topic tweets --partitions 0,1 --time 1764000000000',
    ]);
    expect(notes[0]).toContain('takes no time');
  });

  test('writes --property for Kafka before 4.2', () => {
    expect(command({ spelling: 'older' }).lines[0]).not.toContain('--formatter-property');
    expect(command({ spelling: 'older' }).lines[0]).toContain('--property print.key=true');
  });

  test('names deserializers and says that the filter is left out', () => {
    const { lines, notes } = command({ keyFormat: 'long', filter: { type: 'text', text: 'x' } });
    expect(lines[0]).toContain('key.deserializer=org.apache.kafka.common.serialization.LongDeserializer');
    expect(notes).toEqual(['without the filter']);
  });

  test('quotes what a shell would read', () => {
    expect(command({ bootstrapServers: "a b'c" }).lines[0]).toContain(`--bootstrap-server 'a b'\\''c'`);
    expect(command({ bootstrapServers: '[::1]:9092,host:9093' }).lines[0]).toContain('[::1]:9092,host:9093 ');
  });
});
