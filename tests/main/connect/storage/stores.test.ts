import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SourceMap } from '../../../../main/connect/api/records.ts';
import { type ConnectStores, memoryStores, sqliteStores } from '../../../../main/connect/storage/index.ts';
import { fileSecretKey } from '../../../../main/connect/storage/secret-key.ts';
import { silentLogger } from '../../../../main/logging.ts';
import { MockTime } from '../../../kit/mock-time.ts';

const folder = mkdtempSync(join(tmpdir(), 'runnel-stores-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const time = new MockTime();
let files = 0;
const newFile = () => join(folder, `${files++}.sqlite`);
const open = (file: string) =>
  sqliteStores({ file, secretKey: fileSecretKey(join(folder, 'secret.key'), silentLogger), time });

const implementations: [string, () => ConnectStores][] = [
  ['memory', () => memoryStores(time)],
  ['sqlite', () => open(newFile())],
];

describe.each(implementations)('stores in %s', (_, make) => {
  let stores: ConnectStores;
  beforeEach(() => {
    stores = make();
  });
  afterEach(() => stores.close());

  describe('source offsets', () => {
    const file = (name: string): SourceMap => ({ filename: name });

    test('are found by partition, whatever the order of its fields', () => {
      stores.offsets.set('c', [{ partition: { db: 'd', table: 't' }, offset: { position: 5n } }]);
      expect(stores.offsets.get('c', [{ table: 't', db: 'd' }, file('a')])).toEqual([{ position: 5n }, null]);
      expect(stores.offsets.get('other', [{ table: 't', db: 'd' }])).toEqual([null]);
    });

    test('keep every digit and every type', () => {
      const offset: SourceMap = {
        a: 968476484095610881n,
        b: 2n ** 63n - 1n,
        c: -(2n ** 63n),
        d: 5,
        e: 1.5,
        f: '5',
        g: true,
        h: null,
        i: -0,
        j: 1e300,
        ['__proto__']: 'x',
      };
      stores.offsets.set('c', [{ partition: {}, offset }]);
      expect(stores.offsets.get('c', [{}])).toEqual([offset]);
      expect(Object.keys(stores.offsets.get('c', [{}])[0] as SourceMap).sort()).toEqual(Object.keys(offset).sort());
    });

    test('are all set or none', () => {
      stores.offsets.set('c', [{ partition: file('a'), offset: { position: 1n } }]);
      const nested = { position: { x: 1n } } as unknown as SourceMap;
      expect(() =>
        stores.offsets.set('c', [
          { partition: file('a'), offset: { position: 2n } },
          { partition: file('b'), offset: nested },
        ]),
      ).toThrow("Offsets may only contain primitive types as values, but field 'position' contains object");
      expect(stores.offsets.all('c')).toEqual([{ partition: file('a'), offset: { position: 1n } }]);
    });

    test.each([
      [{ x: Number.NaN }, 'NaN'],
      [{ x: 2n ** 63n }, 'beyond int64'],
    ])('refuse %o', (offset, message) => {
      expect(() => stores.offsets.set('c', [{ partition: {}, offset: offset as SourceMap }])).toThrow(message);
    });

    test('null forgets one, clear forgets all of a connector', () => {
      for (const connector of ['c', 'd']) {
        stores.offsets.set(connector, [
          { partition: file('a'), offset: { position: 1n } },
          { partition: file('b'), offset: { position: 2n } },
        ]);
      }
      stores.offsets.set('c', [{ partition: file('a'), offset: null }]);
      expect(stores.offsets.all('c')).toEqual([{ partition: file('b'), offset: { position: 2n } }]);
      stores.offsets.clear('c');
      expect(stores.offsets.all('c')).toEqual([]);
      expect(stores.offsets.all('d')).toHaveLength(2);
    });

    test('have a history, newest first, bounded', async () => {
      for (let i = 0; i < 1_250; i++)
        stores.offsets.set('c', [{ partition: file('a'), offset: { position: BigInt(i) } }]);
      const history = stores.offsets.history('c', 5_000);
      expect(history[0]).toEqual({
        partition: file('a'),
        offset: { position: 1_249n },
        time: time.milliseconds(),
      });
      expect(history.length).toBeGreaterThanOrEqual(1_000);
      expect(history.length).toBeLessThan(1_101);
      expect(stores.offsets.history('c', 2)).toHaveLength(2);
      expect(stores.offsets.history('d', 2)).toEqual([]);
    });
  });

  describe('connectors', () => {
    test('keep their configuration as received, in its order', () => {
      const config = Object.fromEntries([
        ['name', 'c'],
        ['zeta', 'ü 🚰 \u0000'],
        ['alpha', ''],
        ['__proto__', 'x'],
      ]);
      const stored = stores.configs.put('c', config, { author: 'rest' });
      expect(stored).toEqual({ name: 'c', config, targetState: 'STARTED', version: 1 });
      expect(stores.configs.get('c')).toEqual(stored);
      expect(Object.entries(stores.configs.get('c')?.config ?? {})).toEqual(Object.entries(config));
    });

    test('are listed as they were created; a change keeps place and target state', () => {
      for (const name of ['b', 'a', 'c']) stores.configs.put(name, { name }, { author: 'rest' });
      stores.configs.putTargetState('b', 'PAUSED');
      stores.configs.put('b', { name: 'b', x: '1' }, { author: 'window' });
      expect(stores.configs.connectors()).toEqual(['b', 'a', 'c']);
      expect(stores.configs.get('b')).toMatchObject({ targetState: 'PAUSED', version: 2, config: { x: '1' } });
      stores.configs.remove('a');
      expect(stores.configs.connectors()).toEqual(['b', 'c']);
      expect(stores.configs.get('a')).toBeNull();
    });

    test('can begin in another state', () => {
      stores.configs.put('c', {}, { author: 'rest', targetState: 'STOPPED' });
      expect(stores.configs.get('c')?.targetState).toBe('STOPPED');
      stores.configs.putTargetState('gone', 'PAUSED');
      expect(stores.configs.get('gone')).toBeNull();
    });

    test('keep their versions, also when they are gone', () => {
      stores.configs.put('c', { x: '1' }, { author: 'rest' });
      stores.configs.put('c', { x: '2' }, { author: 'window' });
      stores.configs.remove('c');
      expect(stores.configs.put('c', { x: '3' }, { author: 'cli' }).version).toBe(3);
      expect(stores.configs.versions('c').map(({ version, author, config }) => [version, author, config])).toEqual([
        [3, 'cli', { x: '3' }],
        [2, 'window', { x: '2' }],
        [1, 'rest', { x: '1' }],
      ]);
    });

    test('keep a bounded number of versions', () => {
      for (let i = 1; i <= 130; i++) stores.configs.put('c', { x: String(i) }, { author: 'rest' });
      expect(stores.configs.versions('c').map((v) => v.version)).toEqual(
        Array.from({ length: 100 }, (_, i) => 130 - i),
      );
    });

    test.each(['a/b', '%2e%2e', '🚰', '\u202eabc', 'x'.repeat(10_000), '-x', "'; DROP TABLE connector; --"])(
      'any name is kept: %s',
      (name) => {
        stores.configs.put(name, { name }, { author: 'rest' });
        expect(stores.configs.connectors()).toEqual([name]);
        expect(stores.configs.get(name)?.config).toEqual({ name });
      },
    );
  });

  describe('secrets', () => {
    const secretKeys = new Set(['password', 'token']);

    test('leave the configuration and are found behind their placeholder', () => {
      const { config } = stores.configs.put(
        'c',
        { user: 'u', password: 'p\u00fc', token: '' },
        { author: 'rest', secretKeys },
      );
      expect(config).toEqual({ user: 'u', password: `\${runnel:c/password}`, token: '' });
      expect(stores.configs.secret('c', 'password')).toBe('pü');
      expect(stores.configs.secret('c', 'token')).toBeNull();
      expect(stores.configs.secret('d', 'password')).toBeNull();
    });

    test('stay while the placeholder comes back, change with a new text, go with their key', () => {
      const put = (config: Record<string, string>) => stores.configs.put('c', config, { author: 'rest', secretKeys });
      put({ password: 'one', token: 'two' });
      put({ password: `\${runnel:c/password}`, token: 'three' });
      expect([stores.configs.secret('c', 'password'), stores.configs.secret('c', 'token')]).toEqual(['one', 'three']);
      put({ token: `\${runnel:c/token}` });
      expect([stores.configs.secret('c', 'password'), stores.configs.secret('c', 'token')]).toEqual([null, 'three']);
      stores.configs.remove('c');
      expect(stores.configs.secret('c', 'token')).toBeNull();
    });
  });

  describe('statuses', () => {
    const running = { state: 'RUNNING', workerId: 'w' } as const;
    const failed = { state: 'FAILED', workerId: 'w', trace: 'org.x: y\n\tat z' } as const;

    test('are those of the connector and of each task', () => {
      stores.statuses.putConnector('c', running);
      stores.statuses.putTask('c', 10, running);
      stores.statuses.putTask('c', 2, failed);
      stores.statuses.putTask('c', 2, running);
      stores.statuses.putTask('c', 2, failed);
      expect(stores.statuses.connector('c')).toEqual(running);
      expect([...stores.statuses.tasks('c')]).toEqual([
        [2, failed],
        [10, running],
      ]);
      stores.statuses.removeTask('c', 2);
      expect([...stores.statuses.tasks('c').keys()]).toEqual([10]);
      stores.statuses.remove('c');
      expect(stores.statuses.connector('c')).toBeNull();
      expect(stores.statuses.tasks('c').size).toBe(0);
    });

    test('topics stay when the statuses go', () => {
      for (const topic of ['b', 'a', 'b']) stores.statuses.addTopic('c', topic);
      stores.statuses.remove('c');
      expect(stores.statuses.topics('c')).toEqual(['a', 'b']);
      stores.statuses.resetTopics('c');
      expect(stores.statuses.topics('c')).toEqual([]);
    });
  });

  test('any offsets, set in any order, are read back as the last ones set', () => {
    const value = fc.oneof(
      fc.string(),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
    );
    const map = fc.dictionary(fc.string(), value, { maxKeys: 4 }) as fc.Arbitrary<SourceMap>;
    const partition = fc.constantFrom<SourceMap>({ a: 1n }, { a: 1 }, { a: '1' }, { a: 1n, b: null }, {});
    fc.assert(
      fc.property(fc.array(fc.record({ partition, offset: fc.option(map) }), { maxLength: 12 }), (sets) => {
        stores.offsets.clear('p');
        const model = new Map<SourceMap, SourceMap | null>();
        for (const set of sets) {
          stores.offsets.set('p', [set]);
          model.set(set.partition, set.offset);
        }
        for (const [key, offset] of model) expect(stores.offsets.get('p', [key])).toEqual([offset]);
      }),
      { numRuns: process.env.RUNNEL_TESTS === 'night' ? 2_000 : 100 },
    );
  });
});

describe('the worker’s SQLite file', () => {
  test('gives everything back after it was closed', () => {
    const file = newFile();
    const first = open(file);
    first.configs.put('c', { password: 'p' }, { author: 'rest', secretKeys: new Set(['password']) });
    first.configs.putTargetState('c', 'PAUSED');
    first.offsets.set('c', [{ partition: { f: 'a' }, offset: { p: 1n } }]);
    first.statuses.putConnector('c', { state: 'PAUSED', workerId: 'w' });
    first.statuses.addTopic('c', 't');
    first.close();
    const second = open(file);
    expect(second.configs.get('c')).toMatchObject({
      targetState: 'PAUSED',
      config: { password: `\${runnel:c/password}` },
    });
    expect(second.configs.secret('c', 'password')).toBe('p');
    expect(second.offsets.all('c')).toEqual([{ partition: { f: 'a' }, offset: { p: 1n } }]);
    expect(second.statuses.connector('c')).toEqual({ state: 'PAUSED', workerId: 'w' });
    expect(second.statuses.topics('c')).toEqual(['t']);
    second.close();
  });

  test('holds no secret in any of its files', () => {
    const file = newFile();
    const stores = open(file);
    const canary = 'CANARY-6f1c0a';
    stores.configs.put('c', { password: canary }, { author: 'rest', secretKeys: new Set(['password']) });
    const wal = readFileSync(`${file}-wal`);
    stores.close();
    for (const bytes of [wal, readFileSync(file)]) expect(bytes.includes(canary)).toBe(false);
  });

  test('a secret sealed with another key is an error that names connector and key; the rest goes on', () => {
    const file = newFile();
    const first = open(file);
    first.configs.put('c', { password: 'p' }, { author: 'rest', secretKeys: new Set(['password']) });
    first.close();
    const second = sqliteStores({
      file,
      secretKey: fileSecretKey(join(folder, 'other.key'), silentLogger),
      time,
    });
    expect(() => second.configs.secret('c', 'password')).toThrow(
      "The stored value of password of connector c can't be decrypted",
    );
    expect(second.configs.connectors()).toEqual(['c']);
    second.close();
  });

  test('a row moved under another connector can’t be decrypted', () => {
    const file = newFile();
    const first = open(file);
    for (const name of ['a', 'b'])
      first.configs.put(name, { password: name }, { author: 'rest', secretKeys: new Set(['password']) });
    first.close();
    const raw = new BetterSqlite3(file);
    raw.exec(`UPDATE secret SET sealed = (SELECT sealed FROM secret WHERE connector = 'a') WHERE connector = 'b'`);
    raw.close();
    const second = open(file);
    expect(second.configs.secret('a', 'password')).toBe('a');
    expect(() => second.configs.secret('b', 'password')).toThrow("can't be decrypted");
    second.close();
  });

  test('the schema of each released version is as it was released', () => {
    const file = newFile();
    open(file).close();
    const raw = new BetterSqlite3(file, { readonly: true });
    const rows = raw.prepare('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name').all() as {
      sql: string;
    }[];
    const dump = `${rows.map((row) => row.sql).join(';\n\n')};\n`;
    raw.close();
    const fixture = join(import.meta.dirname, '../../../fixtures/connect-schema/v1.sql');
    expect(dump).toBe(readFileSync(fixture, 'utf8'));
  });
});

describe('the key for secrets', () => {
  test('a damaged key file is an error, not a new key', () => {
    const file = join(folder, 'damaged.key');
    writeFileSync(file, 'abc\n');
    expect(() => fileSecretKey(file, silentLogger).bytes()).toThrow(`${file}, can't be read`);
  });

  test('it stays the same and only its owner reads it', () => {
    const file = join(folder, 'same.key');
    const key = fileSecretKey(file, silentLogger).bytes();
    expect(fileSecretKey(file, silentLogger).bytes()).toEqual(key);
    expect(key).toHaveLength(32);
  });
});
