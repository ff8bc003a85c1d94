import type { ConnectorOffsets } from '../../../common/connect/connector-state-info.ts';
import type { Style } from '../output/style.ts';
import { table } from '../output/table.ts';
import { writeAnswer } from './connect-answer.ts';

type Offset = ConnectorOffsets['offsets'][number];

/** A sink's offsets as topic, partition and offset; a source's in the words of its connector. */
export function offsetTable(offsets: readonly Offset[], style: Style): string[] {
  if (offsets.every(isSinks)) {
    const rows = offsets.map(({ partition, offset }) => [
      String(partition.kafka_topic),
      text(partition.kafka_partition),
      offset === null ? '-' : text(offset.kafka_offset),
    ]);
    rows.sort((a, b) => compare(a[0] as string, b[0] as string) || Number(a[1]) - Number(b[1]));
    return table(['TOPIC', 'PARTITION', 'OFFSET'], rows, style);
  }
  const rows = offsets.map(({ partition, offset }) => [text(partition), text(offset)]);
  return table(
    ['PARTITION', 'OFFSET'],
    rows.sort((a, b) => compare(a[0] as string, b[0] as string)),
    style,
  );
}

function isSinks({ partition }: Offset): boolean {
  return 'kafka_topic' in partition && 'kafka_partition' in partition;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : writeAnswer(value);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
