// @ts-check
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { atLeast, ConnectException, configDef, nonEmptyString, sourceConnector } from '@runnel-app/runnel/connect';
import { JsonFolderTask } from './json-folder-task.js';

/** A folder into which others put files of JSON lines: each line is a record. */
export const jsonFolderSource = sourceConnector({
  className: 'com.example.folder.JsonFolderSourceConnector',
  version: '1.0.0',
  summary: 'Reads the .json and .jsonl files of a folder in the order of their names; each line is a record.',
  delivery: 'At least once: it goes on behind the last line whose offset was stored. Files are read once, whole.',
  config: configDef({
    folder: {
      type: 'STRING',
      validator: nonEmptyString(),
      importance: 'HIGH',
      doc: 'The folder. Files are moved into it when they are complete, under names that come after those before.',
      displayName: 'Folder',
      width: 'LONG',
    },
    topic: {
      type: 'STRING',
      validator: nonEmptyString(),
      importance: 'HIGH',
      doc: 'The topic that records go to.',
      displayName: 'Topic',
    },
    'batch.size': {
      type: 'INT',
      default: 1000,
      validator: atLeast(1),
      importance: 'LOW',
      doc: 'The most records that are handed out at once.',
      displayName: 'Batch size',
    },
    'skip.bad.lines': {
      type: 'BOOLEAN',
      default: false,
      importance: 'MEDIUM',
      doc: 'Whether a line that is no JSON is left out with a warning, instead of ending the task.',
      displayName: 'Skip bad lines',
    },
  }),
  examples: [
    {
      title: 'What others put into a folder',
      config: { 'connector.class': 'JsonFolderSource', folder: '/var/spool/orders', topic: 'orders' },
    },
  ],
  async validate({ folder }) {
    const kind = await stat(folder).catch(() => null);
    return kind?.isDirectory() ? [] : [{ key: 'folder', message: `${folder} is no folder that can be read` }];
  },
  task: () => new JsonFolderTask(),
  alterOffsets(_config, offsets) {
    for (const { offset } of offsets)
      if (offset !== null && (typeof offset.file !== 'string' || offset.file !== basename(offset.file)))
        throw new ConnectException('An offset of a folder is {"file": "name of a file", "line": number}');
    return true;
  },
});
