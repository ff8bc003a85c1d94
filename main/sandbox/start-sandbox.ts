import { randomBytes } from 'node:crypto';
import { statfsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Logger } from '../../common/logger.ts';
import type { Time } from '../../common/time.ts';
import { BrokerConfig } from '../broker/config/broker-config.ts';
import { MemoryFileSystem } from '../broker/log/memory-file-system.ts';
import { Sandbox, type SharedListener } from '../broker/sandbox.ts';

export interface StartSandboxOptions {
  /** null: everything in memory, gone at the end. */
  dataDir: string | null;
  /** Absent: 9092, or the next free one. */
  port?: number;
  overrides?: Readonly<Record<string, string>>;
  /** Made where they are missing, with so many partitions. */
  topics?: ReadonlyMap<string, number | undefined>;
  shared?: SharedListener;
  logger: Logger;
}

/** A broker in this process. Another Runnel that is just ending is given a moment to let go of the folder. */
export async function startSandbox(
  { dataDir, ...options }: StartSandboxOptions,
  { time }: { time: Time },
): Promise<Sandbox> {
  const common = { ...options, time, randomBytes };
  if (dataDir === null) {
    const fileSystem = new MemoryFileSystem(
      time,
      new BrokerConfig(options.overrides).number('runnel.memory.max.bytes'),
    );
    return Sandbox.start({
      ...common,
      dataDir: resolve('/memory'),
      fileSystem,
      // Nobody else can see it.
      lock: () => ({ release: () => undefined }),
      volume: () => ({
        total: BigInt(fileSystem.maxBytes),
        usable: BigInt(fileSystem.maxBytes - fileSystem.usedBytes),
      }),
    });
  }
  // SQLite is loaded for it: a sandbox in memory does without.
  const { FileLock } = await import('../storage/file-lock.ts');
  return Sandbox.start({
    ...common,
    dataDir,
    lock: (path) => FileLock.acquire(path, LOCK_WAIT_MS),
    volume: () => {
      const { blocks, bavail, bsize } = statfsSync(dataDir, { bigint: true });
      return { total: blocks * bsize, usable: bavail * bsize };
    },
  });
}

const LOCK_WAIT_MS = 500;
