import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ConnectException } from '../../../common/errors.ts';
import { Database } from '../../../main/storage/database.ts';
import type { Migration } from '../../../main/storage/migration.ts';
import { restoreBackup } from '../../../main/storage/restore-backup.ts';
import { MockTime } from '../../kit/mock-time.ts';

const A_DAY_MS = 86_400_000;
const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    minReaderVersion: 1,
    sql: 'CREATE TABLE item (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT',
  },
];
const NEWER: readonly Migration[] = [
  ...MIGRATIONS,
  { version: 2, minReaderVersion: 2, sql: 'ALTER TABLE item RENAME TO thing' },
];

let folder: string;
let file: string;
const time = new MockTime();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runnel-restore-'));
  file = join(folder, 'store.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (migrations = MIGRATIONS) => Database.open({ file, migrations, time, backUpEveryMs: A_DAY_MS });

function add(text: string): void {
  const database = open();
  database.prepare('INSERT INTO item (text) VALUES (?)').run(text);
  database.close();
}

function texts(): string[] {
  const database = open();
  const rows = database.prepare<{ text: string }>('SELECT text FROM item ORDER BY id').all();
  database.close();
  return rows.map((row) => row.text);
}

/** A store with rows a and b, a backup that has a only. */
async function backedUp(): Promise<void> {
  add('a');
  await time.advance(A_DAY_MS);
  add('b');
}

const backups = () => readdirSync(folder).filter((name) => /\.backup-v\d+-\w+$/.test(name));

function refusal(work: () => unknown): ConnectException {
  try {
    work();
  } catch (error) {
    return error as ConnectException;
  }
  throw new Error('It was not refused');
}

describe('a store that can’t be used gives way to its newest backup, and is kept', () => {
  test.each<[string, () => void]>([
    ['zeros in place of its header', () => writeFileSync(file, Buffer.alloc(8_192))],
    ['no bytes', () => truncateSync(file, 0)],
    ['a page of garbage', () => writeFileSync(file, readFileSync(file).fill(0xa5, 4_096, 8_192))],
    [
      'a directory',
      () => {
        rmSync(file);
        mkdirSync(file);
      },
    ],
    [
      'nothing but a -wal',
      () => {
        rmSync(file);
        writeFileSync(`${file}-wal`, 'frames of the store that is gone');
      },
    ],
  ])('%s', async (_, damage) => {
    await backedUp();
    damage();
    expect(refusal(open).code).toBe('DATA_UNREADABLE');
    const { backup, setAside } = restoreBackup(file, MIGRATIONS, time);
    expect(backup).toBe(join(folder, backups()[0] as string));
    expect(setAside).toMatch(/store\.sqlite\.damaged-\d{8}T\d{9}Z$/);
    expect(existsSync(setAside as string) || existsSync(`${setAside}-wal`)).toBe(true);
    expect(texts()).toEqual(['a']);
    expect(backups()).not.toEqual([]);
  });

  test('the -wal of the damaged one is not written into the backup', async () => {
    await backedUp();
    const database = open();
    database.prepare('INSERT INTO item (text) VALUES (?)').run('c');
    const wal = readFileSync(`${file}-wal`);
    database.close();
    writeFileSync(file, 'damaged');
    writeFileSync(`${file}-wal`, wal);
    const { setAside } = restoreBackup(file, MIGRATIONS, time);
    expect(readFileSync(`${setAside}-wal`)).toEqual(wal);
    expect(texts()).toEqual(['a']);
  });

  test('a store of a newer program gives way to what was backed up before its migration', async () => {
    await backedUp();
    open(NEWER).close();
    expect(refusal(open).hint).toMatch(/^Use the newer Runnel\. The newest good backup is .*\.backup-v1-/);
    restoreBackup(file, MIGRATIONS, time);
    expect(texts()).toEqual(['a', 'b']);
  });
});

test('a backup that is damaged itself is passed over', async () => {
  await backedUp();
  await time.advance(A_DAY_MS);
  add('c');
  const [older, newer] = backups().sort();
  writeFileSync(join(folder, newer as string), 'damaged too');
  writeFileSync(file, 'damaged');
  expect(refusal(open).hint).toContain(older as string);
  expect(restoreBackup(file, MIGRATIONS, time).backup).toContain(older as string);
  expect(texts()).toEqual(['a']);
});

test('without a good backup nothing is touched', async () => {
  add('a');
  writeFileSync(file, 'damaged');
  expect(refusal(open).hint).toContain('There is no backup of it that can be used');
  expect(refusal(() => restoreBackup(file, MIGRATIONS, time)).message).toContain('There is no backup of');
  expect(readFileSync(file, 'utf8')).toBe('damaged');
});

test('a store that is gone comes back', async () => {
  await backedUp();
  rmSync(file);
  expect(restoreBackup(file, MIGRATIONS, time).setAside).toBeNull();
  expect(texts()).toEqual(['a']);
});

test('a store that is as it should be stays', async () => {
  await backedUp();
  expect(refusal(() => restoreBackup(file, MIGRATIONS, time)).code).toBe('DATA_USABLE');
  expect(texts()).toEqual(['a', 'b']);
});

test('a store that is in use is left alone', async () => {
  await backedUp();
  const database = open();
  expect(refusal(() => restoreBackup(file, MIGRATIONS, time)).code).toBe('DATA_LOCKED');
  database.close();
});

test('a restore that was cut short leaves no store that passes for a new one; the next restore ends it', async () => {
  await backedUp();
  const [backup] = backups();
  // As it is between the damaged store's going and the backup's coming.
  rmSync(file);
  writeFileSync(`${file}.restoring`, readFileSync(join(folder, backup as string)).subarray(0, 5_000));
  const error = refusal(open);
  expect(error.code).toBe('DATA_UNREADABLE');
  expect(error.hint).toBe(`Run \`runnel restore-backup ${file}\` again.`);
  expect(existsSync(file)).toBe(false);
  restoreBackup(file, MIGRATIONS, time);
  expect(texts()).toEqual(['a']);
  expect(existsSync(`${file}.restoring`)).toBe(false);
});
