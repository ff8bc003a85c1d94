import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ConnectException } from '../../../common/errors.ts';
import { Database } from '../../../main/storage/database.ts';
import type { Migration } from '../../../main/storage/migration.ts';
import { MockTime } from '../../kit/mock-time.ts';

const V1: Migration = {
  version: 1,
  minReaderVersion: 1,
  sql: 'CREATE TABLE item (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT',
};
const V2: Migration = { version: 2, minReaderVersion: 1, sql: 'ALTER TABLE item ADD COLUMN size INTEGER' };
const V3: Migration = {
  version: 3,
  minReaderVersion: 3,
  sql: 'ALTER TABLE item RENAME TO thing',
};

let folder: string;
let file: string;
const time = new MockTime();
const opened: Database[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runnel-database-'));
  file = join(folder, 'store.sqlite');
});
afterEach(() => {
  for (const database of opened.splice(0)) database.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(migrations: readonly Migration[] = [V1]): Database {
  const database = Database.open({ file, migrations, time, lockWaitMs: 0 });
  opened.push(database);
  return database;
}

function refusal(migrations: readonly Migration[] = [V1]): ConnectException {
  try {
    open(migrations).close();
  } catch (error) {
    return error as ConnectException;
  }
  throw new Error('The store was opened');
}

function filled(rows = 50): void {
  const database = open();
  const insert = database.prepare('INSERT INTO item (text) VALUES (?)');
  for (let i = 0; i < rows; i++) insert.run(`row ${i} ${'x'.repeat(200)}`);
  database.close();
}

/** Reading a store may leave an empty -wal and a -shm beside it; those hold nothing. */
const sums = () =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => !/-shm$|\.lock$/.test(name) && statSync(join(folder, name)).size > 0)
      .map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex'),
      ]),
  );

describe('a new store', () => {
  test('is only for its owner and commits durably', () => {
    file = join(folder, 'made', 'store.sqlite');
    const database = open();
    expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2n });
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    if (process.platform !== 'win32') {
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(statSync(join(folder, 'made')).mode & 0o777).toBe(0o700);
      database.prepare('INSERT INTO item (text) VALUES (?)').run('a');
      expect(statSync(`${file}-wal`).mode & 0o777).toBe(0o600);
    }
  });

  test('half-made by a killed process is made anew', () => {
    writeFileSync(`${file}.new`, 'half');
    writeFileSync(`${file}.new-wal`, 'half');
    open();
    expect(existsSync(`${file}.new`)).toBe(false);
  });

  test('still commits durably after it was opened again', () => {
    filled();
    const database = open();
    database.prepare('INSERT INTO item (text) VALUES (?)').run('a');
    expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2n });
  });
});

test('integers are exact to the last of 64 bits', () => {
  const database = open();
  for (const id of [968476484095610881n, 2n ** 63n - 1n, -(2n ** 63n), 7n]) {
    database.prepare('INSERT INTO item VALUES (?, ?)').run(id, 'x');
    expect(database.prepare('SELECT id FROM item WHERE id = ?').get(id)).toEqual({ id });
  }
});

test('a transaction that throws leaves nothing', () => {
  const database = open();
  const insert = database.prepare('INSERT INTO item (text) VALUES (?)');
  expect(() =>
    database.transaction(() => {
      insert.run('a');
      database.transaction(() => insert.run('b'));
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(database.prepare('SELECT count(*) AS n FROM item').get()).toEqual({ n: 0n });
});

test('a full disk is an error that says so; reading goes on, and writing after there is room again', () => {
  const database = open();
  const insert = database.prepare('INSERT INTO item (text) VALUES (?)');
  insert.run('a');
  const { page_count: pages } = database.prepare<{ page_count: bigint }>('PRAGMA page_count').get() as never;
  database.prepare(`PRAGMA max_page_count = ${pages}`).get();
  let failure: ConnectException | undefined;
  for (let i = 0; i < 100 && failure === undefined; i++) {
    try {
      insert.run('x'.repeat(2_000));
    } catch (error) {
      failure = error as ConnectException;
    }
  }
  expect(failure).toMatchObject({ code: 'DISK_FULL', hint: 'Free some space; Runnel goes on by itself.' });
  expect(failure?.message).toContain(`State store ${file}: the disk is full`);
  expect(database.prepare('SELECT text FROM item WHERE id = 1').get()).toEqual({ text: 'a' });
  database.prepare('PRAGMA max_page_count = 10000').get();
  insert.run('b');
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
});

describe('one process per store', () => {
  test('a second opening is refused with a sentence', () => {
    open();
    const error = refusal();
    expect(error.code).toBe('DATA_LOCKED');
    expect(error.message).toContain(`${file} is in use by another process (process ${process.pid} since`);
    expect(error.hint).toContain('End that process first');
  });

  test('a lock left by kill -9 is no obstacle', async () => {
    const child = await holder();
    expect(refusal().message).toContain(`process ${child.pid}`);
    await kill(child);
    open();
  });

  test('it can be opened again once it is closed', () => {
    open().close();
    open();
  });
});

describe('damage is an error, never an empty store', () => {
  test.each([
    ['no bytes', () => truncateSync(file, 0), 'it is empty'],
    ['a text file', () => writeFileSync(file, 'key=value\n'.repeat(900)), 'damaged or not a SQLite database'],
    [
      'a zeroed header',
      () => {
        const bytes = readFileSync(file);
        bytes.fill(0, 0, 100);
        writeFileSync(file, bytes);
      },
      'damaged or not a SQLite database',
    ],
    [
      'garbage in a page',
      () => {
        const bytes = readFileSync(file);
        bytes.fill(0xa5, 4096 * 2, 4096 * 3);
        writeFileSync(file, bytes);
      },
      'damaged',
    ],
    ['a missing tail', () => truncateSync(file, 4096 * 3), 'damaged'],
    [
      'a directory',
      () => {
        rmSync(file);
        mkdirSync(file);
      },
      'not a regular file',
    ],
    [
      'a file that is gone but for its -wal',
      () => {
        rmSync(file);
        writeFileSync(`${file}-wal`, 'x');
      },
      'the file is gone but its -wal file is there',
    ],
    [
      'the database of another program',
      () => {
        rmSync(file);
        const other = new BetterSqlite3(file);
        other.exec('CREATE TABLE t (a)');
        other.close();
      },
      'not made by Runnel',
    ],
  ])('%s', (_, damage, message) => {
    filled();
    damage();
    const before = existsSync(file) && statSync(file).isFile() ? sums() : undefined;
    const error = refusal();
    expect(error.code).toBe('DATA_UNREADABLE');
    expect(error.message).toContain(message);
    expect(error.message).toContain(file);
    expect(error.hint).toBeTruthy();
    if (before) expect(sums()).toEqual(before);
  });
});

describe('what a crash leaves of the -wal', () => {
  const COMMITS = 20;

  /** A store as a killed process left it, and the state after each of its commits. */
  async function crashed(): Promise<void> {
    const child = await holder(COMMITS);
    await kill(child);
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(4096 * COMMITS);
  }

  test('any part of it is an earlier committed state', async () => {
    await crashed();
    const wal = readFileSync(`${file}-wal`);
    const main = readFileSync(file);
    const step = process.env.RUNNEL_TESTS === 'night' ? 64 : 64 * 61;
    let states = 0;
    for (let size = 0; size <= wal.length; size += step) {
      writeFileSync(file, main);
      writeFileSync(`${file}-wal`, wal.subarray(0, size));
      writeFileSync(`${file}-shm`, Buffer.alloc(32_768, 0xa5));
      const database = open();
      const rows = database.prepare<{ text: string }>('SELECT text FROM item ORDER BY id').all();
      database.close();
      expect(rows.map((row) => row.text)).toEqual(Array.from({ length: rows.length }, (_, i) => `row ${i}`));
      expect(rows.length).toBeLessThanOrEqual(COMMITS);
      states++;
    }
    expect(states).toBeGreaterThan(10);
  });

  test.each<[string, (wal: Buffer) => Buffer | null]>([
    ['deleted', () => null],
    ['random bytes', (wal) => randomBytes(wal.length)],
    ['a good head and random bytes behind it', (wal) => Buffer.concat([wal.subarray(0, 32), randomBytes(wal.length)])],
    ['zeros', (wal) => Buffer.alloc(wal.length)],
  ])('%s, it leaves the state that is in the file', async (_, damage) => {
    await crashed();
    const damaged = damage(readFileSync(`${file}-wal`));
    rmSync(`${file}-wal`);
    if (damaged !== null) writeFileSync(`${file}-wal`, damaged);
    writeFileSync(`${file}-shm`, randomBytes(32_768));
    const database = open();
    expect(database.prepare('SELECT text FROM item').all()).toEqual([]);
    database.prepare('INSERT INTO item (text) VALUES (?)').run('it goes on');
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  });

  test('a byte changed in it never makes a mixed state', async () => {
    await crashed();
    const wal = readFileSync(`${file}-wal`);
    const main = readFileSync(file);
    const step = process.env.RUNNEL_TESTS === 'night' ? 97 : 4001;
    for (let at = 0; at < wal.length; at += step) {
      writeFileSync(file, main);
      const damaged = Buffer.from(wal);
      damaged[at] = (damaged[at] as number) ^ 0x10;
      writeFileSync(`${file}-wal`, damaged);
      rmSync(`${file}-shm`, { force: true });
      const database = open();
      const rows = database.prepare<{ text: string }>('SELECT text FROM item ORDER BY id').all();
      database.close();
      expect(rows.map((row) => row.text)).toEqual(Array.from({ length: rows.length }, (_, i) => `row ${i}`));
    }
  });
});

describe('migrations', () => {
  test('run one after another and leave a verified backup', () => {
    filled(3);
    const database = open([V1, V2]);
    expect(database.prepare('SELECT size FROM item WHERE id = 1').get()).toEqual({ size: null });
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 2n });
    const backups = readdirSync(folder).filter((name) => name.includes('.backup-v1-'));
    expect(backups).toHaveLength(1);
    const backup = new BetterSqlite3(join(folder, backups[0] as string), { readonly: true });
    expect(backup.prepare('SELECT count(*) AS n FROM item').get()).toEqual({ n: 3 });
    backup.close();
  });

  test('one that fails leaves the state before it', () => {
    filled(3);
    const broken: Migration = { version: 2, minReaderVersion: 1, sql: 'CREATE TABLE a (x); CREATE TABLE item (y);' };
    expect(() => open([V1, broken])).toThrow('already exists');
    const database = open();
    expect(database.prepare(`SELECT name FROM sqlite_schema WHERE name = 'a'`).all()).toEqual([]);
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1n });
  });

  test('killed before any call of SQLite a migration leaves the old or the new schema, row for row', async () => {
    filled(20);
    const files = Object.fromEntries(
      readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))] as const),
    );
    const outcomes = new Set<number>();
    let finished = false;
    for (let call = 1; !finished; call++) {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder);
      for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
      finished = await openKilledAt(call, [V1, V2]);
      const after = new BetterSqlite3(file);
      const version = after.pragma('user_version', { simple: true }) as number;
      const columns = (after.pragma('table_info(item)') as { name: string }[]).map((it) => it.name);
      expect(columns).toEqual(version === 1 ? ['id', 'text'] : ['id', 'text', 'size']);
      expect(after.prepare('SELECT count(*) AS n FROM item').get()).toEqual({ n: 20 });
      after.close();
      outcomes.add(version);
      expect(open([V1, V2]).prepare('SELECT count(*) AS n FROM item').get()).toEqual({ n: 20n });
      for (const database of opened.splice(0)) database.close();
      if (call > 100) throw new Error('It never finished');
    }
    expect([...outcomes].sort()).toEqual([1, 2]);
  }, 60_000);

  test('only the last three backups stay', async () => {
    filled(1);
    const steps = [V1, V2];
    for (let version = 3; version <= 6; version++) {
      steps.push({ version, minReaderVersion: 1, sql: `CREATE TABLE t${version} (a)` });
      await time.advance(1_000);
      open(steps).close();
    }
    const backups = readdirSync(folder).filter((name) => name.includes('.backup-v'));
    expect(backups.map((name) => /backup-v(\d)/.exec(name)?.[1]).sort()).toEqual(['3', '4', '5']);
  });

  test('a backup is made once a day at most, never of a new store, and is what a damaged one points to', async () => {
    const openDaily = () => {
      Database.open({ file, migrations: [V1], time, lockWaitMs: 0, backUpEveryMs: 86_400_000 }).close();
      return readdirSync(folder).filter((name) => name.includes('.backup-v1-'));
    };
    expect(openDaily()).toHaveLength(0);
    const [first] = openDaily();
    expect(first).toBeDefined();
    await time.advance(80_000_000);
    expect(openDaily()).toEqual([first]);
    await time.advance(10_000_000);
    expect(openDaily()).toHaveLength(2);
    await time.advance(-200_000_000);
    expect(openDaily()).toHaveLength(3);
    writeFileSync(file, 'damaged');
    expect(refusal().hint).toMatch(
      /^The newest good backup is .*\.backup-v1-.*: `runnel restore-backup .*store\.sqlite` puts it in its place\.$/,
    );
  });

  test('an older program reads what an additive step wrote', () => {
    open([V1, V2]).close();
    const older = open([V1]);
    older.prepare('INSERT INTO item (text) VALUES (?)').run('by the older');
    older.close();
    expect(open([V1, V2]).prepare('SELECT text, size FROM item').all()).toEqual([{ text: 'by the older', size: null }]);
  });

  test('an older program refuses what it could not read, names the backup and changes no byte', () => {
    filled(3);
    open([V1, V2, V3]).close();
    const before = sums();
    const error = refusal([V1, V2]);
    expect(error.message).toContain('written by a newer Runnel (schema 3, this one knows 2)');
    expect(error.hint).toContain('.backup-v1-');
    expect(sums()).toEqual(before);
  });

  test('it refuses that also while the newer schema is still in the -wal', async () => {
    const child = await holder(0, 3);
    await kill(child);
    const before = sums();
    expect(refusal([V1, V2]).code).toBe('DATA_UNREADABLE');
    expect(sums()).toEqual(before);
  });

  test('a list with a hole in it is refused', () => {
    expect(() => open([V1, V3])).toThrow('Migration 2 is numbered 3');
  });
});

/** Opens the store in a process that dies in front of its n-th call of SQLite; true when it came to its end before. */
async function openKilledAt(call: number, migrations: readonly Migration[]): Promise<boolean> {
  const child = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import BetterSqlite3 from 'better-sqlite3';
       import { Database } from ${JSON.stringify(join(import.meta.dirname, '../../../main/storage/database.ts'))};
       let calls = 0;
       const counted = (prototype, name) => {
         const original = prototype[name];
         prototype[name] = function (...args) {
           if (++calls === ${call}) process.kill(process.pid, 'SIGKILL');
           return original.apply(this, args);
         };
       };
       for (const name of ['exec', 'pragma', 'close']) counted(BetterSqlite3.prototype, name);
       const probe = new BetterSqlite3(':memory:');
       counted(Object.getPrototypeOf(probe.prepare('SELECT 1')), 'run');
       const time = { milliseconds: () => 0 };
       Database.open({ file: ${JSON.stringify(file)}, migrations: ${JSON.stringify(migrations)}, time }).close();`,
    ],
    { stdio: ['ignore', 'inherit', 'inherit'], cwd: join(import.meta.dirname, '../../..') },
  );
  return new Promise((resolve) => child.once('exit', (code) => resolve(code === 0)));
}

/** A process that has the store open, wrote rows in as many commits, and waits to be killed. */
async function holder(commits = 0, versions = 1): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { Database } from ${JSON.stringify(join(import.meta.dirname, '../../../main/storage/database.ts'))};
       const migrations = ${JSON.stringify([V1, V2, V3].slice(0, versions))};
       const time = { milliseconds: () => 0 };
       const database = Database.open({ file: ${JSON.stringify(file)}, migrations, time });
       for (let i = 0; i < ${commits}; i++) database.prepare('INSERT INTO item (text) VALUES (?)').run('row ' + i);
       console.log('ready');
       setInterval(() => {}, 1e6);`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await new Promise((resolve, reject) => {
    child.stdout?.once('data', resolve);
    child.once('exit', () => reject(new Error('The child ended early')));
  });
  return child;
}

function kill(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.removeAllListeners('exit');
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}
