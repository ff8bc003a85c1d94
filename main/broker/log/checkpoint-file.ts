import { join } from 'node:path';
import type { TopicPartition } from '../../../common/kafka/records.ts';
import { type FileSystem, readWholeFile, replaceFile, replaceFileNow } from './file-system.ts';

const VERSION = '0';

export type Checkpoint = TopicPartition & { readonly offset: bigint };

/**
 * An offset for each of some partitions, in Kafka's text format (Java: `OffsetCheckpointFile`): version, count, and a
 * line `topic partition offset` each.
 */
export class CheckpointFile {
  readonly path: string;
  readonly #fileSystem: FileSystem;
  readonly #directory: string;
  readonly #name: string;

  constructor(fileSystem: FileSystem, directory: string, name: string) {
    this.#fileSystem = fileSystem;
    this.#directory = directory;
    this.#name = name;
    this.path = join(directory, name);
  }

  /** Durable when it resolves. One at a time. */
  write(checkpoints: readonly Checkpoint[]): Promise<void> {
    return replaceFile(this.#fileSystem, this.#directory, this.#name, encode(checkpoints));
  }

  /** Durable when it returns. */
  writeNow(checkpoints: readonly Checkpoint[]): void {
    replaceFileNow(this.#fileSystem, this.#directory, this.#name, encode(checkpoints));
  }

  /** [] when there is no file; undefined when it can't be read as one. */
  read(): Checkpoint[] | undefined {
    if (!this.#fileSystem.exists(this.path)) return [];
    const lines = readWholeFile(this.#fileSystem, this.path).toString('utf8').split('\n');
    if (lines[0] !== VERSION || lines.pop() !== '' || Number(lines[1]) !== lines.length - 2) return undefined;
    const checkpoints: Checkpoint[] = [];
    for (const line of lines.slice(2)) {
      const match = /^(\S+) (\d+) (\d+)$/.exec(line);
      if (!match) return undefined;
      checkpoints.push({ topic: match[1]!, partition: Number(match[2]), offset: BigInt(match[3]!) });
    }
    return checkpoints;
  }

  remove(): void {
    if (this.#fileSystem.exists(this.path)) this.#fileSystem.removeFile(this.path);
  }
}

function encode(checkpoints: readonly Checkpoint[]): Buffer {
  const lines = [VERSION, String(checkpoints.length)];
  for (const { topic, partition, offset } of checkpoints) lines.push(`${topic} ${partition} ${offset}`);
  return Buffer.from(`${lines.join('\n')}\n`);
}
