import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LogEntry } from '../../common/logger.ts';
import { logFile } from '../../main/log-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runnel-log-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const entry = (text: string): LogEntry => ({ time: 1_763_892_138_177, level: 'WARN', logger: 'runtime.Worker', text });

test('an entry is one line of JSON that only its owner can read', () => {
  const path = join(folder, 'worker.log');
  const write = logFile(path);
  write({ ...entry('two\nlines'), context: 'tweets|task-0' });
  const lines = readFileSync(path, 'utf8').split('\n');
  expect(lines.length).toBe(2);
  expect(JSON.parse(lines[0] as string)).toEqual({
    time: '2025-11-23T10:02:18.177Z',
    level: 'WARN',
    logger: 'runtime.Worker',
    context: 'tweets|task-0',
    text: 'two\nlines',
  });
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a full file is put aside and the oldest goes; a new start goes on with the file it finds', () => {
  const path = join(folder, 'worker.log');
  for (let start = 0; start < 5; start++) {
    const write = logFile(path, { maxBytes: 1_000, keep: 2 });
    for (let i = 0; i < 20; i++) write(entry(`start ${start}, line ${i}`));
  }
  expect(readdirSync(folder).sort()).toEqual(['worker.log', 'worker.log.1', 'worker.log.2']);
  const lines = ['worker.log.2', 'worker.log.1', 'worker.log'].flatMap((name) =>
    readFileSync(join(folder, name), 'utf8').trim().split('\n'),
  );
  const texts = lines.map((line) => JSON.parse(line).text as string);
  expect(texts.at(-1)).toBe('start 4, line 19');
  expect(texts).toEqual([...texts].sort((a, b) => a.localeCompare(b, undefined, { numeric: true })));
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).size).toBeLessThan(1_200);
});
