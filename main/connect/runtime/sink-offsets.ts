import { BadRequestException, ConnectException } from '../../../common/errors.ts';
import { topicPartitionKey } from '../../../common/kafka/records.ts';
import { javaDouble } from '../api/java-number.ts';
import type { SourceMap } from '../api/records.ts';
import type { OffsetChange } from './herder.ts';

export interface SinkOffsetChange {
  topic: string;
  partition: number;
  /** null: forgotten, so that the group starts there by `auto.offset.reset`. */
  offset: bigint | null;
}

const TOPIC = 'kafka_topic';
const PARTITION = 'kafka_partition';
const OFFSET = 'kafka_offset';

/**
 * What was asked of a sink's group, the last of a partition's. Throws BadRequestException in Connect's words. Java:
 * `SinkUtils.parseSinkConnectorOffsets`; numbers may come as text.
 */
export function sinkOffsetChanges(connector: string, changes: readonly OffsetChange[]): SinkOffsetChange[] {
  const last = new Map<string, SinkOffsetChange>();
  for (const change of changes) {
    const parsed = sinkOffsetChange(connector, change);
    last.set(topicPartitionKey(parsed.topic, parsed.partition), parsed);
  }
  return [...last.values()];
}

function sinkOffsetChange(connector: string, { partition, offset }: OffsetChange): SinkOffsetChange {
  if (partition === null)
    throw new BadRequestException('The partition for a sink connector offset cannot be null or missing');
  if (!Object.hasOwn(partition, TOPIC) || !Object.hasOwn(partition, PARTITION)) {
    throw new BadRequestException(
      `The partition for a sink connector offset must contain the keys '${TOPIC}' and '${PARTITION}'`,
    );
  }
  const { [TOPIC]: topic, [PARTITION]: number } = partition;
  if (topic === null || topic === undefined)
    throw new BadRequestException('Kafka topic names must be valid strings and may not be null');
  if (number === null) throw new BadRequestException('Kafka partitions must be valid numbers and may not be null');
  const parsed = {
    topic: text(topic),
    partition: Number(integer('partition', 'Partition', number, 2n ** 31n)),
    offset: offset === null ? null : offsetOf(offset),
  };
  if (parsed.offset !== null && parsed.offset < 0n)
    throw new ConnectException(`Failed to modify offsets for sink connector ${connector}`, {
      hint: `The offset ${parsed.offset} is negative.`,
    });
  return parsed;
}

function offsetOf(offset: SourceMap): bigint {
  if (!Object.hasOwn(offset, OFFSET)) {
    throw new BadRequestException(
      `The offset for a sink connector should either be null or contain the key '${OFFSET}'`,
    );
  }
  return integer('offset', 'Offset', offset[OFFSET], 2n ** 63n);
}

function integer(what: string, What: string, value: SourceMap[string] | undefined, limit: bigint): bigint {
  const digits = text(value);
  const number = /^[+-]?\d+$/.test(digits) ? BigInt(digits.replace(/^\+/, '')) : null;
  if (number !== null && number < limit && number >= -limit) return number;
  throw new BadRequestException(
    `Failed to parse the following Kafka ${what} value in the provided offsets: '${digits}'. ${What} values for sink connectors need to be integers.`,
  );
}

/** Java: `String.valueOf`. */
function text(value: SourceMap[string] | undefined): string {
  return typeof value === 'number' ? javaDouble(value) : String(value);
}
