import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { KafkaException } from '../../common/errors.ts';
import { dataFolderPath } from '../data-folder.ts';

/** The data folder that the app would have too; made when it is missing, for this user alone. */
export function openRoot(dataDir: string | undefined): string {
  const root = dataFolderPath({ dataDir, env: process.env, platform: process.platform, home: homedir() });
  try {
    mkdirSync(root, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new KafkaException(`The data folder ${root} can't be made: ${(error as Error).message}`, {
      code: 'DATA_UNREADABLE',
      key: root,
      hint: 'Choose a folder that you may write to (--data-dir).',
      cause: error,
    });
  }
  return root;
}
