import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** How long a sync takes after a record was written behind the end of a file in `folder`, ms, so often. */
export function fdatasyncMs(folder: string, count: number): number[] {
  const file = openSync(join(folder, 'fdatasync'), 'w');
  const record = Buffer.alloc(170);
  try {
    return Array.from({ length: count }, () => {
      writeSync(file, record);
      const began = performance.now();
      fdatasyncSync(file);
      return performance.now() - began;
    });
  } finally {
    closeSync(file);
  }
}
