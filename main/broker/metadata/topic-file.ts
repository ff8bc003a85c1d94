import { join } from 'node:path';
import { KafkaException } from '../../../common/errors.ts';
import { type FileSystem, readWholeFile, replaceFile } from '../log/file-system.ts';

const FILE = 'topics.json';
const VERSION = 1;

export interface StoredTopic {
  readonly name: string;
  readonly id: string;
  readonly partitions: number;
  readonly configs: readonly (readonly [string, string])[];
}

/**
 * Which topics there are, and what was set for them. Kafka keeps this in its metadata log, which belongs to a cluster of
 * controllers; everything else of the folder is as Kafka has it. A folder without this file (one of Kafka's own, or after
 * a loss) is read by its partitions alone.
 */
export class TopicFile {
  readonly #fileSystem: FileSystem;
  readonly #directory: string;

  constructor(fileSystem: FileSystem, directory: string) {
    this.#fileSystem = fileSystem;
    this.#directory = directory;
  }

  /** Throws KafkaException when the file is there and can't be read: nothing is guessed. */
  read(): StoredTopic[] {
    const path = join(this.#directory, FILE);
    if (!this.#fileSystem.exists(path)) return [];
    try {
      const content = JSON.parse(readWholeFile(this.#fileSystem, path).toString('utf8')) as {
        version: number;
        topics: StoredTopic[];
      };
      if (content.version !== VERSION) throw new Error(`version ${content.version} is of a later Runnel`);
      return content.topics.map(({ name, id, partitions, configs }) => ({ name, id, partitions, configs }));
    } catch (error) {
      throw new KafkaException(`The list of topics in ${path} can't be read: ${(error as Error).message}`, {
        code: 'DATA_UNREADABLE',
        key: path,
        hint: 'Move the file away to go on with the partitions alone: their records are kept, what was set for the topics is not.',
        cause: error,
      });
    }
  }

  /** Durable when it resolves. One at a time. */
  write(topics: readonly StoredTopic[]): Promise<void> {
    const content = Buffer.from(`${JSON.stringify({ version: VERSION, topics }, null, 1)}\n`);
    return replaceFile(this.#fileSystem, this.#directory, FILE, content);
  }
}
