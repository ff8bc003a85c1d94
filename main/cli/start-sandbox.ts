import { randomBytes } from 'node:crypto';
import { statfsSync } from 'node:fs';
import type { Logger } from '../../common/logger.ts';
import { Sandbox, type SharedListener } from '../broker/sandbox.ts';
import { FileLock } from '../storage/file-lock.ts';
import type { CommandContext } from './command-context.ts';

export interface StartSandboxOptions {
  dataDir: string;
  /** Absent: 9092, or the next free one. */
  port?: number;
  overrides?: Readonly<Record<string, string>>;
  shared?: SharedListener;
  logger: Logger;
}

/** A broker in this process. Another Runnel that is just ending is given a moment to let go of the folder. */
export function startSandbox(options: StartSandboxOptions, { time }: CommandContext): Promise<Sandbox> {
  return Sandbox.start({
    ...options,
    time,
    randomBytes,
    lock: (path) => FileLock.acquire(path, LOCK_WAIT_MS),
    volume: () => {
      const { blocks, bavail, bsize } = statfsSync(options.dataDir, { bigint: true });
      return { total: blocks * bsize, usable: bavail * bsize };
    },
  });
}

const LOCK_WAIT_MS = 500;
