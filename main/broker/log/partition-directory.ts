import { join } from 'node:path';
import type { TopicPartition } from '../../../common/kafka/records.ts';
import { type FileSystem, readWholeFile } from './file-system.ts';
import { isDeviceError } from './storage-errors.ts';

/** On its way out: removed at the next start, if not before. */
const DOOMED_SUFFIX = '-delete';
/** Belongs to nobody: kept and not opened. */
const STRAY_SUFFIX = '-stray';
const PARTITION_DIRECTORY = /^(.+)-(\d+)$/;
const PARTITION_METADATA = 'partition.metadata';
/** What file systems allow for a name, bytes. */
const MAX_NAME_BYTES = 255;

export interface PartitionDirectory extends TopicPartition {
  readonly path: string;
  /** undefined when its file is not there or can't be read */
  readonly topicId: string | undefined;
}

/** The directories of partitions in a data folder; those that were being removed are gone after it. */
export function partitionDirectories(fileSystem: FileSystem, root: string): PartitionDirectory[] {
  const found: PartitionDirectory[] = [];
  for (const name of fileSystem.list(root)) {
    const path = join(root, name);
    if (!fileSystem.isDirectory(path)) continue;
    if (name.endsWith(DOOMED_SUFFIX)) {
      removeDirectory(fileSystem, path);
      continue;
    }
    const match = PARTITION_DIRECTORY.exec(name);
    if (!match) continue;
    found.push({ topic: match[1]!, partition: Number(match[2]), path, topicId: topicIdOf(fileSystem, path) });
  }
  return found;
}

/** `tweets-0.5Xk1…-delete`, as Kafka names it. */
export function doomedDirectoryName(partition: TopicPartition, uniqueId: string): string {
  return suffixed(partition, uniqueId, DOOMED_SUFFIX);
}

export function strayDirectoryName(partition: TopicPartition, uniqueId: string): string {
  return suffixed(partition, uniqueId, STRAY_SUFFIX);
}

function suffixed({ topic, partition }: TopicPartition, uniqueId: string, suffix: string): string {
  const end = `-${partition}.${uniqueId}${suffix}`;
  return topic.slice(0, MAX_NAME_BYTES - end.length) + end;
}

export function removeDirectory(fileSystem: FileSystem, path: string): void {
  for (const name of fileSystem.list(path)) fileSystem.removeFile(join(path, name));
  fileSystem.removeDirectory(path);
}

/** From Kafka's `partition.metadata`. */
export function topicIdOf(fileSystem: FileSystem, directory: string): string | undefined {
  const path = join(directory, PARTITION_METADATA);
  if (!fileSystem.exists(path)) return undefined;
  try {
    return /^topic_id: ([\w-]{22})$/m.exec(readWholeFile(fileSystem, path).toString('latin1'))?.[1];
  } catch (error) {
    if (isDeviceError(error)) return undefined;
    throw error;
  }
}

/** Nobody waits for the disk: the id is in the metadata log too. */
export function writePartitionMetadata(fileSystem: FileSystem, directory: string, topicId: string): void {
  const file = fileSystem.open(join(directory, PARTITION_METADATA), 'create');
  try {
    file.truncate(0);
    file.write([Buffer.from(`version: 0\ntopic_id: ${topicId}`)], 0);
  } finally {
    file.close();
  }
}
