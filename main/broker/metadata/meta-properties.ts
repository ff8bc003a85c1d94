import { join } from 'node:path';
import { KafkaException } from '../../../common/errors.ts';
import { type FileSystem, readWholeFile, replaceFileNow } from '../log/file-system.ts';

export interface MetaProperties {
  readonly clusterId: string;
  readonly nodeId: number;
  readonly directoryId: string;
}

export const META_PROPERTIES = 'meta.properties';
const VERSION = '1';

/**
 * Kafka's `meta.properties`: whose data a folder holds. Undefined when there is none.
 *
 * @throws KafkaException DATA_UNREADABLE when it is of another kind or can't be read: nothing is guessed
 */
export function readMetaProperties(fileSystem: FileSystem, directory: string): MetaProperties | undefined {
  const path = join(directory, META_PROPERTIES);
  if (!fileSystem.exists(path)) return undefined;
  const values = new Map(
    readWholeFile(fileSystem, path)
      .toString('utf8')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line.includes('=') && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1).trim()]),
  );
  const unreadable = (reason: string) =>
    new KafkaException(`${path} can't be read: ${reason}`, {
      code: 'DATA_UNREADABLE',
      key: path,
      hint: 'Bring it back from a copy. Or move it away: the topics and their records stay, the cluster gets a new id.',
    });
  const version = values.get('version');
  if (version !== VERSION) throw unreadable(version === undefined ? 'it has no version' : `its version is ${version}`);
  const [clusterId, nodeId, directoryId] = [
    values.get('cluster.id'),
    values.get('node.id'),
    values.get('directory.id'),
  ];
  if (!clusterId) throw unreadable('it has no cluster.id');
  if (!nodeId || !/^\d+$/.test(nodeId)) throw unreadable('it has no node.id');
  if (!directoryId) throw unreadable('it has no directory.id');
  return { clusterId, nodeId: Number(nodeId), directoryId };
}

/** Durable when it returns. */
export function writeMetaProperties(fileSystem: FileSystem, directory: string, properties: MetaProperties): void {
  const { clusterId, nodeId, directoryId } = properties;
  const lines = [`version=${VERSION}`, `cluster.id=${clusterId}`, `node.id=${nodeId}`, `directory.id=${directoryId}`];
  replaceFileNow(fileSystem, directory, META_PROPERTIES, Buffer.from(`${lines.join('\n')}\n`));
}
