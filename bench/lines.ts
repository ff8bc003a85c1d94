import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { finished } from 'node:stream/promises';

/** Writes numbered lines of 99 bytes and a newline. */
export async function writeLines(path: string, count: number): Promise<void> {
  const out = createWriteStream(path);
  const filler = 'x'.repeat(90);
  for (let first = 0; first < count; first += 10_000) {
    let block = '';
    for (let i = first; i < Math.min(count, first + 10_000); i++) block += `${String(i).padStart(8, '0')} ${filler}\n`;
    if (!out.write(block)) await once(out, 'drain');
  }
  out.end();
  await finished(out);
}

/** Lines of so many bytes each, its newline among them: kcat sends a record of each without it. */
export async function writeRecords(path: string, count: number, bytes: number): Promise<void> {
  const out = createWriteStream(path);
  const line = `${'x'.repeat(bytes - 1)}\n`;
  for (let left = count; left > 0; left -= 1000) {
    if (!out.write(line.repeat(Math.min(1000, left)))) await once(out, 'drain');
  }
  out.end();
  await finished(out);
}

export async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

/** Bytes; 0 while there is no such file. */
export const size = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Polls an outcome that no event announces: a file of another process has grown to a size. */
export async function until(condition: () => boolean | Promise<boolean>, everyMs: number): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, everyMs));
}
