import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseConfig } from '../../../../main/connect/api/config-validation.ts';
import { Schema } from '../../../../main/connect/api/schema.ts';
import { SchemaBuilder } from '../../../../main/connect/api/schema-builder.ts';
import { Struct } from '../../../../main/connect/api/struct.ts';
import { fileStreamSink } from '../../../../main/connectors/file/file-stream-sink.ts';
import { FileStreamSinkTask } from '../../../../main/connectors/file/file-stream-sink-task.ts';
import { sinkRecord, startSinkTask } from '../../../kit/sink-records.ts';

const PROCESS = join(import.meta.dirname, 'sink-process.ts');
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runnel-sink-'));
  file = join(folder, 'out.txt');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function write(...values: unknown[]): Promise<string[]> {
  const { task, log } = await startSinkTask(fileStreamSink, { file });
  await task.put(values.map((value) => sinkRecord(value)));
  await task.flush?.([]);
  await task.stop();
  return log;
}

test('each value is a line as Java prints it, appended to what is there', async () => {
  writeFileSync(file, 'before\n');
  const schema = SchemaBuilder.struct().field('id', Schema.INT64_SCHEMA).field('x', Schema.FLOAT64_SCHEMA).build();
  const struct = new Struct(schema).put('id', 9007199254740993n).put('x', 1);
  const { task } = await startSinkTask(fileStreamSink, { file });
  await task.put([
    sinkRecord('Grüße', Schema.STRING_SCHEMA),
    sinkRecord(struct, schema),
    sinkRecord(new Map<string, unknown>([['a', 1n]])),
    sinkRecord(null),
    sinkRecord(''),
  ]);
  await task.flush?.([]);
  await task.stop();
  expect(readFileSync(file, 'utf8')).toBe('before\nGrüße\nStruct{id=9007199254740993,x=1.0}\n{a=1}\nnull\n\n');
});

test('without a file the lines go to the standard output', async () => {
  const stdout = new PassThrough();
  const { task } = await startSinkTask(fileStreamSink, {}, new FileStreamSinkTask(stdout));
  await task.put([sinkRecord('a'), sinkRecord('b')]);
  await task.flush?.([]);
  await task.stop();
  expect(stdout.read().toString()).toBe('a\nb\n');
});

describe('what a crash left', () => {
  test('the beginning of a line is moved out, so that it does not pass for a line', async () => {
    writeFileSync(file, 'whole\nha');
    const log = await write('half');
    expect(readFileSync(file, 'utf8')).toBe('whole\nhalf\n');
    expect(readFileSync(`${file}.unfinished`, 'utf8')).toBe('ha\n');
    expect(log).toEqual([expect.stringContaining(`WARN ${file} ended in 2 bytes without a line end`)]);
  });

  test('a file of one unfinished line is emptied the same way', async () => {
    writeFileSync(file, 'ha');
    await write('half');
    expect(readFileSync(file, 'utf8')).toBe('half\n');
  });

  test('a file that can be no file of lines is left alone', async () => {
    writeFileSync(file, Buffer.alloc((16 << 20) + 1));
    await expect(write('a')).rejects.toThrow('so it is no file of lines');
    expect(statSync(file).size).toBe((16 << 20) + 1);
  });

  test('killed while it writes: every committed line is there, none in part', async () => {
    const kills = process.env.RUNNEL_TESTS === 'night' ? 200 : 5;
    let committed = 0;
    for (let kill = 0; kill < kills; kill++) {
      const child = spawn(process.execPath, [PROCESS, file, String(committed), '5000']);
      let out = '';
      child.stdout.on('data', (chunk: Buffer) => {
        out += chunk;
        if (out.split('\n').length > 2) child.kill('SIGKILL');
      });
      await new Promise((resolve) => child.on('close', resolve));
      const [count = '', size = ''] = (out.trimEnd().split('\n').at(-1) as string).split(' ');
      committed = Number(count);
      // A kill rarely falls inside the kernel's write; a power cut does: any part of what was not synced is missing.
      const uncommitted = statSync(file).size - Number(size);
      truncateSync(file, Number(size) + (uncommitted > 0 ? (kill * 104_729) % uncommitted : 0));
      if (uncommitted === 0) appendFileSync(file, `${committed} xxx`);
    }
    await write('end');
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -2);
    expect(lines.filter((line) => !/^\d+ x{5000}\.$/.test(line))).toEqual([]);
    const numbers = new Set(lines.map((line) => Number.parseInt(line, 10)));
    for (let n = 0; n < committed; n++) expect(numbers.has(n)).toBe(true);
    expect(committed).toBeGreaterThanOrEqual(kills * 40);
  });
});

describe('what goes wrong names the path', () => {
  const messages = async (path: string) =>
    (await fileStreamSink.validate?.(parseConfig(fileStreamSink.config, { file: path })))?.map((one) => one.message);
  const refuses = async (path: string, reason: string) => {
    expect(await messages(path)).toEqual([`${path} ${reason}`]);
    await expect(startSinkTask(fileStreamSink, { file: path })).rejects.toThrow(
      `Couldn't find or create file '${path}' for FileStreamSinkTask: ${path} ${reason}`,
    );
  };

  test('a missing folder', () => refuses(join(folder, 'no', 'out.txt'), "can't be made: its folder doesn't exist"));
  test('a directory', () => refuses(folder, 'is a directory: only regular files are written'));
  test('a device', () => refuses('/dev/full', 'is a device: only regular files are written'));
  test.skipIf(process.platform === 'win32')('an unwritable folder', async () => {
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: 0o500 });
    chmodSync(folder, 0o755);
    // Root may write everywhere, so root's tests become somebody else for a moment.
    if (process.getuid?.() === 0) process.seteuid?.(65534);
    try {
      await expect(startSinkTask(fileStreamSink, { file: join(closed, 'out.txt') })).rejects.toThrow(
        `${join(closed, 'out.txt')} can't be opened: this user has no permission for it`,
      );
    } finally {
      if (process.getuid?.() === 0) process.seteuid?.(0);
    }
  });
  test('a file that can be made is no error', async () => expect(await messages(file)).toEqual([]));

  test.skipIf(process.platform === 'win32')('a write that fails half-way leaves no half line', () => {
    // The largest file may be 1 MiB: a batch of 40 lines doesn't fit.
    const run = spawnSync('sh', ['-c', `ulimit -f 2048; exec "${process.execPath}" "${PROCESS}" "${file}" 0 20000`], {
      encoding: 'utf8',
    });
    expect(run.stderr).toContain(`ConnectException: ${file} can't be used: EFBIG`);
    const lines = readFileSync(file, 'utf8').split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.length).toBe(40 * (run.stdout.trim().split('\n').length || 0));
  });

  const tmpfs = process.platform === 'linux' && spawnSync('unshare', ['-Urm', 'true']).status === 0;
  test.skipIf(!tmpfs)('a full disk can be tried again, and nothing of the batch is in the file', () => {
    const script = `mount -t tmpfs -o size=1m none "${folder}"; "${process.execPath}" "${PROCESS}" "${file}" 0 20000; tail -c 2 "${file}" | od -c`;
    const run = spawnSync('unshare', ['-Urm', 'sh', '-c', script], { encoding: 'utf8' });
    expect(run.stderr).toContain(`RetriableException: ${file} can't be written: its disk is full`);
    expect(run.stdout).toMatch(/\. {2}\\n/);
  });
});

describe('syncing behind what is written', () => {
  const MANY = Array.from({ length: 3_000 }, () => sinkRecord('x'.repeat(999)));
  const datasync = async () => {
    const handle = await open(file, 'a');
    await handle.close();
    return vi.spyOn(Object.getPrototypeOf(handle), 'datasync');
  };
  afterEach(() => vi.restoreAllMocks());

  test('begins before the flush when there is much to sync, and the flush still syncs the rest', async () => {
    const spy = await datasync();
    const { task } = await startSinkTask(fileStreamSink, { file });
    for (let i = 0; i < 9; i++) await task.put(MANY);
    expect(spy.mock.calls.length).toBeGreaterThanOrEqual(1);
    const before = spy.mock.calls.length;
    await task.flush?.([]);
    expect(spy.mock.calls.length).toBe(before + 1);
    await task.stop();
    expect(statSync(file).size).toBe(9 * 3_000_000);
  });

  test('that fails ends the task, though the next sync may seem to work', async () => {
    const spy = await datasync();
    spy.mockRejectedValueOnce(Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' }));
    const { task } = await startSinkTask(fileStreamSink, { file });
    for (let i = 0; i < 3; i++) await task.put(MANY);
    await expect(task.flush?.([])).rejects.toThrow("can't be read or written: its device reports an error");
    await expect(task.put(MANY)).rejects.toThrow('its device reports an error');
    await task.stop();
  });
});

describe('others at the same file', () => {
  test('a second sink on the file is warned of, once', async () => {
    const one = await startSinkTask(fileStreamSink, { file });
    const two = await startSinkTask(fileStreamSink, { file });
    for (let i = 0; i < 3; i++) {
      await one.task.put([sinkRecord(`one ${i}`)]);
      await two.task.put([sinkRecord(`two ${i}`)]);
      await one.task.flush?.([]);
      await two.task.flush?.([]);
    }
    await one.task.stop();
    await two.task.stop();
    expect(readFileSync(file, 'utf8').trimEnd().split('\n').length).toBe(6);
    for (const { log } of [one, two]) expect(log).toEqual([expect.stringContaining('Somebody else appends to')]);
  });

  test('a renamed or deleted file is followed by a new one', async () => {
    const { task, log } = await startSinkTask(fileStreamSink, { file });
    await task.put([sinkRecord('a')]);
    renameSync(file, `${file}.1`);
    await task.flush?.([]);
    await task.put([sinkRecord('b')]);
    await task.flush?.([]);
    unlinkSync(file);
    await task.flush?.([]);
    await task.put([sinkRecord('c')]);
    await task.flush?.([]);
    await task.stop();
    expect(readFileSync(`${file}.1`, 'utf8')).toBe('a\n');
    expect(readFileSync(file, 'utf8')).toBe('c\n');
    expect(log).toEqual([expect.stringContaining('was renamed'), expect.stringContaining('was deleted')]);
  });

  test('a file that another program cut is gone on with', async () => {
    const { task, log } = await startSinkTask(fileStreamSink, { file });
    await task.put([sinkRecord('a'), sinkRecord('b')]);
    writeFileSync(file, '');
    appendFileSync(file, '');
    await task.flush?.([]);
    await task.put([sinkRecord('c')]);
    await task.flush?.([]);
    await task.stop();
    expect(readFileSync(file, 'utf8')).toBe('c\n');
    expect(log).toEqual([expect.stringContaining('was cut from 4 to 0 bytes')]);
    expect(existsSync(`${file}.unfinished`)).toBe(false);
  });
});
