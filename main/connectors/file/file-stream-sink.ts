import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { configDef, type ParsedConfig } from '../../connect/api/config-def.ts';
import { sinkConnector } from '../../connect/api/connector.ts';
import { KAFKA_VERSION } from '../../connect/api/versions.ts';
import { pathProblem, refusal, statOrNull } from './file-kind.ts';
import { FileStreamSinkTask } from './file-stream-sink-task.ts';

const config = configDef({
  file: {
    type: 'STRING',
    default: null,
    importance: 'HIGH',
    width: 'LONG',
    doc: 'The file that lines are appended to; it is made if need be. Without it lines go to the standard output, which only makes sense in connect-standalone.',
    displayName: 'File',
  },
});

export type FileStreamSinkConfig = ParsedConfig<(typeof config)['keys']>;

/** Java: `org.apache.kafka.connect.file.FileStreamSinkConnector`. */
export const fileStreamSink = sinkConnector({
  className: 'org.apache.kafka.connect.file.FileStreamSinkConnector',
  version: KAFKA_VERSION,
  summary: 'Appends each record to a text file as one line: the value as Java prints it.',
  category: 'Files',
  worksOffline: true,
  runsOnKafkaConnect: true,
  delivery:
    'At least once: offsets are committed after the lines are on the disk. After a crash the last lines may be there twice, never in part: the beginning of a line that was cut short is moved to a file of the same name with .unfinished at its end.',
  config,
  examples: [
    {
      title: 'Write a topic to a file',
      config: {
        name: 'local-file-sink',
        'connector.class': 'FileStreamSink',
        'tasks.max': '1',
        file: 'test.sink.txt',
        topics: 'connect-test',
      },
    },
  ],

  async validate({ file }) {
    if (!file) return [];
    try {
      const stats = await statOrNull(file);
      const reason = stats === null ? null : refusal(stats, false);
      if (reason !== null) return [{ key: 'file', message: `${file} ${reason}` }];
      await access(stats === null ? dirname(file) : file, constants.W_OK).catch((error) => {
        throw pathProblem(file, error);
      });
      return [];
    } catch (error) {
      return [{ key: 'file', message: (error as Error).message }];
    }
  },

  taskConfigs: (_config, raw, maxTasks) => Array.from({ length: maxTasks }, () => raw),

  task: () => new FileStreamSinkTask(),
});
