import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseConfig } from '../../../../main/connect/api/config-validation.ts';
import type { SourceMap, SourceRecord } from '../../../../main/connect/api/records.ts';
import { SourceTaskDriver } from '../../../../main/connect/testkit/source-task-driver.ts';
import { fileStreamSource } from '../../../../main/connectors/file/file-stream-source.ts';
import { FileStreamSourceTask } from '../../../../main/connectors/file/file-stream-source-task.ts';

let folder: string;
let file: string;
const running: SourceTaskDriver[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runnel-source-'));
  file = join(folder, 'app.log');
});
afterEach(async () => {
  for (const driver of running.splice(0)) await driver.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(stored: SourceMap | null = null, config: Record<string, string> = {}): Promise<SourceTaskDriver> {
  const driver = new SourceTaskDriver(fileStreamSource);
  running.push(driver);
  return driver.start({ file, topic: 't', ...config }, stored);
}

const values = (records: readonly SourceRecord[]) => records.map((record) => record.value);
const lastOffset = (records: readonly SourceRecord[]) => records.at(-1)?.sourceOffset ?? null;
const lines = (from: number, to: number, text = 'line') =>
  Array.from({ length: to - from }, (_, i) => `${text} ${from + i}`);
const text = (all: readonly string[]) => all.map((line) => `${line}\n`).join('');

describe('lines and positions', () => {
  test('a record is a line with the byte after it as its offset', async () => {
    writeFileSync(file, 'Grüße\nzwei\r\nhalf');
    const driver = await start();
    const records = await driver.drain();
    expect(records).toMatchObject([
      {
        topic: 't',
        key: null,
        value: 'Grüße',
        sourcePartition: { filename: file },
        sourceOffset: { position: 8n },
        timestamp: 1_700_000_000_000n,
      },
      { value: 'zwei', sourceOffset: { position: 14n } },
    ]);
    expect(records[0]?.valueSchema?.type).toBe('STRING');
    appendFileSync(file, ' done\n');
    expect(values(await driver.drain())).toEqual(['half done']);
  });

  test('all lines that are there are delivered, also those beyond a full batch', async () => {
    writeFileSync(file, text(lines(0, 2_005)));
    const driver = await start();
    const first = await driver.poll();
    expect(first.length).toBe(2_000);
    expect(values(await driver.poll())).toEqual(lines(2_000, 2_005));
  });

  test('a non-ASCII file resumes at the very byte after any stored offset', async () => {
    const all = ['ä', '日本語', '😀😀', 'plain', 'é'.repeat(5_000), 'ß'];
    writeFileSync(file, text(all));
    const records = await (await start()).drain();
    for (const [i, record] of records.entries())
      expect(values(await (await start(record.sourceOffset)).drain())).toEqual(all.slice(i + 1));
  });

  test("an offset of Connect's, which has the position alone, is used", async () => {
    writeFileSync(file, 'a\nb\nc\n');
    expect(values(await (await start({ position: 2n })).drain())).toEqual(['b', 'c']);
  });

  test('a position of the wrong type is refused in the words of Connect', async () => {
    await expect(start({ position: '7' })).rejects.toThrow('Offset position is the incorrect type');
  });

  test('lines longer than the buffer, and a pair of CR and LF split over two reads, arrive whole', async () => {
    const long = 'x'.repeat(262_143);
    writeFileSync(file, `${long}\r\n${'y'.repeat(700_000)}\nz\n`);
    const records = await (await start()).drain();
    expect(values(records).map((value) => (value as string).length)).toEqual([262_143, 700_000, 1]);
    expect(lastOffset(records)).toMatchObject({ position: 262_145n + 700_001n + 2n });
  });

  test('a line over the limit fails the task and names file and position; what stood before it is delivered', async () => {
    writeFileSync(file, `ok\n${'x'.repeat(300_000)}\nafter\n`);
    const driver = await start(null, { 'runnel.max.line.bytes': '1000' });
    expect(values(await driver.poll())).toEqual(['ok']);
    await expect(driver.poll()).rejects.toThrow(`The line at byte 3 of ${file} has more than 1000 bytes`);
    await expect(driver.poll()).rejects.toThrow('The line at byte 3');
  });

  test('with errors.tolerance=all a line over the limit is logged and left out', async () => {
    writeFileSync(file, `ok\n${'x'.repeat(300_000)}\nafter\n`);
    const driver = await start(null, { 'runnel.max.line.bytes': '1000', 'errors.tolerance': 'all' });
    expect(values(await driver.drain())).toEqual(['ok', 'after']);
    expect(driver.log).toEqual([expect.stringContaining(`ERROR The line at byte 3 of ${file}`)]);
  });

  test('bytes that are not UTF-8 are sent as U+FFFD and said once', async () => {
    writeFileSync(file, Buffer.from([0x61, 0xfe, 0x0a, 0xfe, 0x0a]));
    const driver = await start();
    expect(values(await driver.drain())).toEqual(['a\ufffd', '\ufffd']);
    expect(driver.log).toEqual([expect.stringMatching(/^WARN .* not UTF-8, first in the line that ends at byte 3/)]);
  });
});

describe('files that are not there yet, rotated, cut or written anew', () => {
  test('a missing file is waited for, said once, and a poll gives up after a second', async () => {
    const driver = await start();
    const before = driver.time.hiResMilliseconds();
    expect(await driver.poll()).toEqual([]);
    expect(driver.time.hiResMilliseconds() - before).toBe(1_000);
    await driver.poll();
    expect(driver.log).toEqual([
      `WARN Couldn't find file ${file} for FileStreamSourceTask, sleeping to wait for it to be created`,
    ]);
    writeFileSync(file, 'now\n');
    expect(values(await driver.drain())).toEqual(['now']);
  });

  test('rename and new file: the rest of the old one first, its unfinished line too, then the new one from 0', async () => {
    writeFileSync(file, 'a\n');
    const driver = await start();
    expect(values(await driver.drain())).toEqual(['a']);
    renameSync(file, `${file}.1`);
    appendFileSync(`${file}.1`, 'b\nno end');
    writeFileSync(file, 'new 1\nnew 2\n');
    const records = await driver.drain(4);
    expect(values(records)).toEqual(['b', 'no end', 'new 1', 'new 2']);
    expect(lastOffset(records)).toMatchObject({ position: 12n });
    expect(driver.log).toContainEqual(expect.stringContaining('was replaced by another file'));
  });

  test('a renamed file is followed while its writer still holds it', async () => {
    writeFileSync(file, 'a\n');
    const driver = await start();
    await driver.drain();
    renameSync(file, `${file}.1`);
    writeFileSync(file, 'new\n');
    await driver.poll();
    appendFileSync(`${file}.1`, 'late\n');
    expect(values(await driver.drain(4))).toEqual(['late', 'new']);
  });

  test('renamed while nobody read: the rest is found under the new name, then the new file is read', async () => {
    writeFileSync(file, text(lines(0, 100)));
    const stopped = await start();
    const offset = (await stopped.drain())[59]?.sourceOffset ?? null;
    renameSync(file, join(folder, 'app.log.1'));
    writeFileSync(file, text(lines(0, 500, 'new')));
    const driver = await start(offset);
    expect(values(await driver.drain(4))).toEqual([...lines(60, 100), ...lines(0, 500, 'new')]);
    expect(driver.log[0]).toMatch(/INFO .*app\.log was renamed to .*app\.log\.1 at byte \d+: its rest is read first/);
  });

  test('delete and recreate: the old one to its end, then the new one', async () => {
    writeFileSync(file, 'a\nb');
    const driver = await start();
    await driver.drain();
    unlinkSync(file);
    await driver.poll();
    writeFileSync(file, 'c\n');
    expect(values(await driver.drain(4))).toEqual(['b', 'c']);
    expect(driver.log[0]).toContain('was renamed or deleted at byte 3: waiting for its successor');
  });

  test('cut to nothing in place (copytruncate): read from the beginning, said so', async () => {
    writeFileSync(file, text(lines(0, 10)));
    const driver = await start();
    await driver.drain();
    copyFileSync(file, `${file}.1`);
    truncateSync(file, 0);
    appendFileSync(file, 'fresh\n');
    expect(values(await driver.drain())).toEqual(['fresh']);
    expect(driver.log[0]).toMatch(/WARN .* was cut to 6 bytes after it was read up to byte 70/);
  });

  test('shrunk and grown past the old size between two looks: nothing of the new contents is skipped', async () => {
    writeFileSync(file, text(lines(0, 10)));
    const driver = await start();
    await driver.drain();
    writeFileSync(file, text(lines(0, 50, 'other')));
    expect(values(await driver.drain())).toEqual(lines(0, 50, 'other'));
    expect(driver.log[0]).toContain('was written anew');
  });

  test.each([
    ['the same inode', (path: string, contents: string) => writeFileSync(path, contents)],
    [
      'another inode',
      (path: string, contents: string) => {
        writeFileSync(`${path}.tmp`, contents);
        renameSync(`${path}.tmp`, path);
      },
    ],
  ])('written anew while nobody read, with %s: read from the beginning, said so', async (_, rewrite) => {
    writeFileSync(file, text(lines(0, 10)));
    const offset = lastOffset(await (await start()).drain());
    await running.pop()?.stop();
    rewrite(file, text(lines(0, 50, 'other')));
    const driver = await start(offset);
    expect(values(await driver.drain())).toEqual(lines(0, 50, 'other'));
    expect(driver.log[0]).toMatch(/WARN .* isn't the file that was read up to byte 70/);
  });

  test('shorter than the stored position: read from the beginning', async () => {
    writeFileSync(file, 'short\n');
    const driver = await start({ position: 1_000n });
    expect(values(await driver.drain())).toEqual(['short']);
    expect(driver.log[0]).toContain('it has 6 bytes');
  });

  test('an editor saves by a new file that begins as the old one did: only what is new is read', async () => {
    writeFileSync(file, text(lines(0, 10)));
    const driver = await start();
    await driver.drain();
    writeFileSync(`${file}.tmp`, text([...lines(0, 10), 'added']));
    renameSync(`${file}.tmp`, file);
    expect(values(await driver.drain(4))).toEqual(['added']);
    expect(driver.log).toContainEqual(expect.stringContaining('begins with the same 70 bytes: reading goes on there'));
  });

  test('the same with an unfinished last line: it is read again with its rest, not sent in two', async () => {
    writeFileSync(file, 'a\nunfin');
    const driver = await start();
    expect(values(await driver.drain())).toEqual(['a']);
    writeFileSync(`${file}.tmp`, 'a\nunfinished no more\n');
    renameSync(`${file}.tmp`, file);
    expect(values(await driver.drain(4))).toEqual(['unfinished no more']);
  });

  test('a new file that only ends like the old one did is read from its beginning', async () => {
    writeFileSync(file, text(lines(0, 10)));
    const driver = await start();
    await driver.drain();
    const changed = ['LINE 0', ...lines(1, 10), 'added'];
    writeFileSync(`${file}.tmp`, text(changed));
    renameSync(`${file}.tmp`, file);
    expect(values(await driver.drain(4))).toEqual(changed);
  });

  test('a symbolic link that moves to another file is a rotation', async () => {
    writeFileSync(join(folder, 'one'), '1\n');
    writeFileSync(join(folder, 'two'), '2\n');
    symlinkSync('one', file);
    const driver = await start();
    expect(values(await driver.drain())).toEqual(['1']);
    symlinkSync('two', `${file}.new`);
    renameSync(`${file}.new`, file);
    expect(values(await driver.drain(4))).toEqual(['2']);
  });

  test('a large file is known again at a restart by its head and by what stands before the position', async () => {
    const big = text(Array.from({ length: 200_000 }, (_, i) => `${'x'.repeat(99)}${i}`));
    writeFileSync(file, big);
    const offset = lastOffset(await (await start()).drain());
    await running.pop()?.stop();
    appendFileSync(file, 'appended\n');
    expect(values(await (await start(offset)).drain())).toEqual(['appended']);
    await running.pop()?.stop();
    // The head stays, the end differs: the tail tells.
    writeFileSync(file, `${big.slice(0, -70)}${'y'.repeat(69)}\nmore\n`);
    const driver = await start(offset);
    expect((await driver.poll()).length).toBeGreaterThan(1_000);
    expect(driver.log[0]).toContain('other contents');
  });
});

describe('what is no file', () => {
  const messages = async (path: string) => {
    const config = { file: path, topic: 't' };
    const found = await fileStreamSource.validate?.(parseConfig(fileStreamSource.config, config));
    return found?.map((one) => one.message) ?? [];
  };
  const bothRefuse = async (path: string, reason: string) => {
    expect(await messages(path)).toEqual([expect.stringContaining(`${path} ${reason}`)]);
    const driver = new SourceTaskDriver(fileStreamSource);
    running.push(driver);
    await driver.start({ file: path, topic: 't' });
    await expect(driver.poll()).rejects.toThrow(`${path} ${reason}`);
  };

  test('a directory is refused by validation and by the task', () => bothRefuse(folder, 'is a directory'));
  test('a device that never ends is refused', () => bothRefuse('/dev/zero', 'is a device'));
  test('a part of the path that is no folder is refused', async () => {
    writeFileSync(file, '');
    await bothRefuse(join(file, 'x'), "can't exist: a part of the path is no folder");
  });
  test('symbolic links in a circle are refused', async () => {
    symlinkSync('b', join(folder, 'a'));
    symlinkSync('a', join(folder, 'b'));
    await bothRefuse(join(folder, 'a'), 'leads through symbolic links that never end');
  });
  test('a socket is refused', async () => {
    const path = join(folder, 'socket');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    try {
      await bothRefuse(path, 'is a socket');
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
  test.skipIf(process.platform !== 'linux')('files of the system without a size are refused', async () => {
    const driver = new SourceTaskDriver(fileStreamSource);
    running.push(driver);
    await driver.start({ file: '/proc/self/status', topic: 't' });
    await expect(driver.poll()).rejects.toThrow('/proc/self/status has bytes but no size');
    const memory = new SourceTaskDriver(fileStreamSource);
    running.push(memory);
    await memory.start({ file: '/proc/self/mem', topic: 't' });
    await expect(memory.poll()).rejects.toThrow('/proc/self/mem');
  });
  test('a file that does not exist yet is no error', async () => expect(await messages(file)).toEqual([]));

  test.skipIf(process.platform === 'win32')('a named pipe is read without blocking, writer after writer', async () => {
    mkdirSync(join(folder, 'pipes'));
    const pipe = join(folder, 'pipes', 'p');
    spawnSync('mkfifo', [pipe]);
    const driver = new SourceTaskDriver(fileStreamSource);
    running.push(driver);
    await driver.start({ file: pipe, topic: 't' });
    expect(await driver.poll()).toEqual([]);
    for (const round of ['one', 'two']) {
      appendFileSync(pipe, `${round}\n`);
      const records = await driver.drain();
      expect(values(records)).toEqual([round]);
      expect(records[0]?.sourceOffset).not.toHaveProperty('fingerprint');
    }
  });
});

test('without a file the standard input is read, its unfinished last line too, and no position is kept', async () => {
  const stdin = new PassThrough();
  const driver = new SourceTaskDriver(fileStreamSource, new FileStreamSourceTask(stdin));
  running.push(driver);
  await driver.start({ topic: 't' });
  expect(await driver.poll()).toEqual([]);
  stdin.write('a\nb');
  expect(values(await driver.drain())).toEqual(['a']);
  stdin.end();
  const records = await driver.drain();
  expect(values(records)).toEqual(['b']);
  expect(records[0]).toMatchObject({ sourcePartition: { filename: null }, sourceOffset: { position: null } });
});

test('an abort ends a waiting poll at once, and after stop nothing is left that waits', async () => {
  writeFileSync(file, '');
  const driver = await start();
  const abort = new AbortController();
  const poll = driver.task.poll(abort.signal);
  while (driver.time.pending === 0) await new Promise((resolve) => setImmediate(resolve));
  abort.abort();
  expect(await poll).toBeNull();
  await driver.stop();
  expect(driver.time.pending).toBe(0);
});

test.each<[SourceMap | null, SourceMap, string | null]>([
  [{ position: 3n }, { filename: 'x' }, null],
  [null, { garbage: 'x' }, null],
  [{ pos: 3n }, { filename: 'x' }, "Offset objects should either be null or contain the key 'position'"],
  [
    { position: 'x' },
    { filename: 'x' },
    "The value for the 'position' key in the offset is expected to be a Long value",
  ],
  [
    { position: -1n },
    { filename: 'x' },
    "The value for the 'position' key in the offset should be a non-negative value",
  ],
  [{ position: 1n }, { file: 'x' }, "Partition objects should contain the key 'filename'"],
])('altering offsets: %o of %o', (offset, partition, message) => {
  const alter = () => fileStreamSource.alterOffsets?.({ file: 'x' }, [{ partition, offset }]);
  if (message === null) expect(alter()).toBe(true);
  else expect(alter).toThrow(message);
});

test('offsets of the standard input cannot be altered', () => {
  expect(() => fileStreamSource.alterOffsets?.({}, [])).toThrow(
    "Offsets cannot be modified if the 'file' configuration is unspecified.",
  );
});
