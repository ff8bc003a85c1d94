import { ConnectException } from '../../../common/errors.ts';
import { configDef, type ParsedConfig } from '../../connect/api/config-def.ts';
import { type ConfigMap, sourceConnector } from '../../connect/api/connector.ts';
import type { SourceMap } from '../../connect/api/records.ts';
import { atLeast, nonEmptyString } from '../../connect/api/validators.ts';
import { KAFKA_VERSION } from '../../connect/api/versions.ts';
import { refusal, statOrNull } from './file-kind.ts';
import { FileStreamSourceTask } from './file-stream-source-task.ts';
import { offsetOfJava } from './java-position.ts';

const config = configDef({
  file: {
    type: 'STRING',
    default: null,
    importance: 'HIGH',
    width: 'LONG',
    doc: 'The file that is followed line by line. Without it lines are read from the standard input, which only makes sense in connect-standalone.',
    displayName: 'File',
  },
  topic: {
    type: 'STRING',
    validator: nonEmptyString(),
    importance: 'HIGH',
    doc: 'The topic that the lines go to.',
    displayName: 'Topic',
  },
  'batch.size': {
    type: 'INT',
    default: 2000,
    validator: atLeast(1),
    importance: 'LOW',
    doc: 'How many records the task hands over at a time at the most.',
    displayName: 'Batch size',
  },
  'runnel.max.line.bytes': {
    type: 'INT',
    default: 128 << 20,
    validator: atLeast(1),
    importance: 'LOW',
    doc: 'Only in Runnel: a longer line is not read. The task fails and names the file and the position of the line; with errors.tolerance=all the line is logged and left out.',
    displayName: 'Longest line in bytes',
  },
  'runnel.skip.long.lines': {
    type: 'BOOLEAN',
    default: false,
    importance: 'LOW',
    doc: 'Set by the connector for its task when errors.tolerance is all.',
    internal: true,
  },
});

export type FileStreamSourceConfig = ParsedConfig<(typeof config)['keys']>;

/** Java: `org.apache.kafka.connect.file.FileStreamSourceConnector`. */
export const fileStreamSource = sourceConnector({
  className: 'org.apache.kafka.connect.file.FileStreamSourceConnector',
  version: KAFKA_VERSION,
  summary: 'Follows a text file and sends each line as a record, through renames, truncation and restarts.',
  category: 'Files',
  worksOffline: true,
  runsOnKafkaConnect: true,
  delivery:
    'At least once, in the order of the file. Resumes at the byte after the last stored line; no duplicates after a clean stop. A renamed file is read to its end before its successor; one that was cut or written anew is read from its beginning, and the log says so. Offsets are those of Kafka Connect, in bytes, with a fingerprint of the file beside the position.',
  config,
  examples: [
    {
      title: 'Follow a log file',
      config: {
        name: 'local-file-source',
        'connector.class': 'FileStreamSource',
        'tasks.max': '1',
        file: 'test.txt',
        topic: 'connect-test',
      },
    },
  ],

  async validate({ file }) {
    if (!file) return [];
    try {
      const stats = await statOrNull(file);
      const reason = stats === null ? null : refusal(stats, true);
      return reason === null ? [] : [{ key: 'file', message: `${file} ${reason}` }];
    } catch (error) {
      return [{ key: 'file', message: (error as Error).message }];
    }
  },

  /** One stream of lines, hence one task whatever tasks.max says. */
  taskConfigs: (_config, raw) => [
    raw['errors.tolerance'] === 'all' ? { ...raw, 'runnel.skip.long.lines': 'true' } : raw,
  ],

  task: () => new FileStreamSourceTask(),

  alterOffsets,

  offsetOfJava,
});

/** Whether the position exists in the file is seen when the task starts; here only what could never be one is refused. */
function alterOffsets(raw: ConfigMap, offsets: readonly { partition: SourceMap; offset: SourceMap | null }[]): boolean {
  if (!raw.file)
    throw new ConnectException(
      "Offsets cannot be modified if the 'file' configuration is unspecified. This is because stdin is used for input and offsets are not tracked.",
    );
  for (const { partition, offset } of offsets) {
    // Anything may be forgotten: garbage has to be removable.
    if (offset === null) continue;
    if (!Object.hasOwn(offset, 'position'))
      throw new ConnectException("Offset objects should either be null or contain the key 'position'");
    const { position } = offset;
    if (typeof position !== 'bigint')
      throw new ConnectException("The value for the 'position' key in the offset is expected to be a Long value");
    if (position < 0n)
      throw new ConnectException("The value for the 'position' key in the offset should be a non-negative value");
    if (partition === null) throw new ConnectException('Partition objects cannot be null');
    if (!Object.hasOwn(partition, 'filename'))
      throw new ConnectException("Partition objects should contain the key 'filename'");
  }
  return true;
}
