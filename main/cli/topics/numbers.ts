import { UsageError } from '../command-context.ts';

/** Java: joptsimple's conversion to Integer. */
export function parseInteger(option: string, text: string): number {
  if (/^[-+]?\d{1,10}$/.test(text) && Math.abs(Number(text)) < 2 ** 31) return Number(text);
  throw new UsageError(`Cannot parse argument '${text}' of option ${option}`);
}

/** The brokers of each partition. Java: `TopicCommand.parseReplicaAssignment`. */
export function replicaAssignment(text: string | undefined): number[][] | undefined {
  if (!text) return undefined;
  const partitions = text.split(',').map((brokers) => brokers.split(':').map(brokerId));
  partitions.forEach((brokers, partition) => {
    const twice = brokers.filter((id, i) => brokers.indexOf(id) !== i);
    if (twice.length > 0) {
      throw new UsageError(
        `Partition replica lists may not contain duplicate entries: ${[...new Set(twice)].join(',')}`,
      );
    }
    if (brokers.length !== partitions[0]?.length) {
      throw new UsageError(`Partition ${partition} has different replication factor: [${brokers.join(', ')}]`);
    }
  });
  return partitions;
}

function brokerId(text: string): number {
  const trimmed = text.trim();
  if (/^[-+]?\d{1,9}$/.test(trimmed)) return Number(trimmed);
  throw new UsageError(`For input string: "${trimmed}"`);
}
