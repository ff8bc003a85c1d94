import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '../../../main/logging.ts';
import { restoreSandbox } from '../../../main/sandbox/archive/restore-sandbox.ts';
import { saveSandbox } from '../../../main/sandbox/archive/save-sandbox.ts';
import { encodeTarHeader, padding, TAR_END, tarEntries } from '../../../main/sandbox/archive/tar.ts';
import { startSandbox } from '../../../main/sandbox/start-sandbox.ts';
import { systemTime as time } from '../../../main/time.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sandbox-archive-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const META = 'version=1\ncluster.id=AAAAAAAAAAAAAAAAAAAAAA\nnode.id=1\ndirectory.id=BBBBBBBBBBBBBBBBBBBBBB\n';
const LONG_TOPIC = `${'t'.repeat(249)}-0`;

/** Files by path, as a sandbox has them; the folder. */
function write(name: string, files: Readonly<Record<string, string | Buffer>>): string {
  const folder = join(root, name);
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
  return folder;
}

const DATA = {
  'meta.properties': META,
  '__cluster_metadata-0/00000000000000000000.log': 'metadata',
  'a-0/00000000000000000000.log': Buffer.alloc(100_000, 'a'),
  'a-0/00000000000000000000.index': '',
  [`${LONG_TOPIC}/00000000000000000000.timeindex`]: 'long',
  '.kafka_cleanshutdown': '{}',
};

/** Content by path, without what is no data. */
function read(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
  return Object.fromEntries(
    names
      .filter((name) => name !== '.lock' && name !== 'disk-reserve')
      .map((name) => [name.replaceAll('\\', '/'), readFileSync(join(folder, name), 'latin1')]),
  );
}

type Entry = [header: Buffer, content?: Buffer];
const file = (name: string, content = 'x'): Entry => [
  encodeTarHeader({ name, type: 'file', size: content.length, modified: 0 }),
  Buffer.from(content),
];
const sound = [file('meta.properties', META), file('__cluster_metadata-0/0.log')];
const archiveOf = (...entries: Entry[]) =>
  Buffer.concat([
    ...entries.flatMap(([header, content = Buffer.alloc(0)]) => [header, content, padding(content.length)]),
    TAR_END,
  ]);
function written(archive: Buffer): string {
  writeFileSync(join(root, 'x.tar.gz'), archive);
  return join(root, 'x.tar.gz');
}
const restoring = (archive: string, replace = false) => restoreSandbox(join(root, 'there'), archive, { replace, time });

describe('a saved sandbox', () => {
  test('is the same when it is brought back, with the times of its files', async () => {
    const folder = write('here', { ...DATA, '.lock': '', 'disk-reserve': 'zeros' });
    const then = new Date('2026-01-02T03:04:05Z');
    utimesSync(join(folder, 'a-0/00000000000000000000.log'), then, then);
    const saved = await saveSandbox(folder, join(root, 'x.tar.gz'));
    expect(saved.files).toBe(Object.keys(DATA).length);
    const restored = await restoring(join(root, 'x.tar.gz'));
    expect(restored).toMatchObject({ ...saved, clusterId: 'AAAAAAAAAAAAAAAAAAAAAA', setAside: null });
    expect(read(join(root, 'there'))).toEqual(read(folder));
    expect(statSync(join(root, 'there/a-0/00000000000000000000.log')).mtime).toEqual(then);
    expect(readdirSync(root).sort()).toEqual(['here', 'there', 'x.tar.gz']);
  });

  test.skipIf(spawnSync('tar', ['--version']).status !== 0)(
    'is a plain archive: tar reads it, and what tar packs is read',
    async () => {
      const folder = write('here', DATA);
      await saveSandbox(folder, join(root, 'x.tar.gz'));
      mkdirSync(join(root, 'unpacked'));
      expect(spawnSync('tar', ['xzf', join(root, 'x.tar.gz'), '-C', join(root, 'unpacked')]).stderr.toString()).toBe(
        '',
      );
      expect(read(join(root, 'unpacked'))).toEqual(read(folder));
      const packed = ['czf', join(root, 'y.tar.gz'), '--format=pax', '-C', join(root, 'unpacked'), '.'];
      expect(spawnSync('tar', packed).status).toBe(0);
      await restoring(join(root, 'y.tar.gz'));
      expect(read(join(root, 'there'))).toEqual(read(folder));
    },
  );

  test('is never written over another file, nor into the sandbox, nor without one', async () => {
    const folder = write('here', DATA);
    await expect(saveSandbox(folder, written(Buffer.from('mine')))).rejects.toMatchObject({ code: 'FILE_EXISTS' });
    expect(readFileSync(join(root, 'x.tar.gz'), 'utf8')).toBe('mine');
    await expect(saveSandbox(folder, join(folder, 'y.tar.gz'))).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    await expect(saveSandbox(join(root, 'none'), join(root, 'y.tar.gz'))).rejects.toMatchObject({ code: 'NO_DATA' });
    await expect(saveSandbox(folder, join(root, 'none/y.tar.gz'))).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' });
    expect(readdirSync(root).sort()).toEqual(['here', 'x.tar.gz']);
  });
});

describe('restoring', () => {
  test('sets what is there aside on request only, and is not stopped by what an interrupted one has left', async () => {
    const folder = write('there', { 'meta.properties': 'old', 'a-0/x.log': 'old' });
    write('there.restoring', { 'a-0/x.log': 'half' });
    const archive = written(gzipSync(archiveOf(...sound)));
    await expect(restoring(archive)).rejects.toMatchObject({ code: 'DATA_EXISTS' });
    expect(read(folder)).toEqual({ 'meta.properties': 'old', 'a-0/x.log': 'old' });
    const { setAside } = await restoring(archive, true);
    expect(read(setAside as string)).toEqual({ 'meta.properties': 'old', 'a-0/x.log': 'old' });
    expect(read(folder)).toEqual({ 'meta.properties': META, '__cluster_metadata-0/0.log': 'x' });
    expect(existsSync(join(root, 'there.restoring'))).toBe(false);
  });

  test('and saving are refused while a sandbox runs there', async () => {
    const folder = join(root, 'there');
    const sandbox = await startSandbox({ dataDir: folder, port: 0, logger: silentLogger }, { time });
    const archive = written(gzipSync(archiveOf(...sound)));
    await expect(restoring(archive, true)).rejects.toMatchObject({ code: 'DATA_LOCKED' });
    await expect(saveSandbox(folder, join(root, 'y.tar.gz'))).rejects.toMatchObject({ code: 'DATA_LOCKED' });
    await sandbox.close();
  });

  const link = encodeTarHeader({ name: 'a-0', type: 'file', size: 0, modified: 0 });
  link.write('2', 156, 'latin1');
  let sum = 8 * 0x20;
  for (const [i, byte] of link.entries()) if (i < 148 || i >= 156) sum += byte;
  link.write(sum.toString(8).padStart(6, '0'), 148, 'latin1');

  test.each<[what: string, entries: Entry[], says: RegExp]>([
    ['a name above the folder', [...sound, file('../evil')], /no sandbox has: \.\.\/evil/],
    ['a name above it, further in', [...sound, file('a-0/../../evil')], /no sandbox has/],
    ['a folder that is the parent', [...sound, file('../evil/x.log')], /no sandbox has/],
    ['an absolute name', [...sound, file('/etc/evil')], /no sandbox has/],
    ['a name of Windows', [...sound, file('..\\evil')], /no sandbox has/],
    ['a drive of Windows', [...sound, file('C:evil')], /no sandbox has/],
    ['a folder in a folder', [...sound, file('a-0/b/x.log')], /no sandbox has/],
    ['an empty name', [...sound, file('')], /no sandbox has/],
    ['a lock of its own', [...sound, file('.lock')], /no sandbox has/],
    ['a link', [...sound, [link]], /neither a file nor a folder/],
    ['no meta.properties', [file('a-0/x.log')], /no saved sandbox/],
    ['a meta.properties that says nothing', [file('meta.properties', 'x=y'), ...sound.slice(1)], /no version/],
    ['no metadata log', sound.slice(0, 1), /no metadata log/],
    [
      'a file of impossible size',
      [...sound, [encodeTarHeader({ name: 'a-0/x.log', type: 'file', size: 2 ** 32 + 1, modified: 0 })]],
      /too large/,
    ],
  ])('an archive with %s is refused, and nothing is there afterwards', async (_, entries, says) => {
    await expect(restoring(written(gzipSync(archiveOf(...entries))))).rejects.toThrow(says);
    expect(readdirSync(root).filter((name) => !['there', 'x.tar.gz'].includes(name))).toEqual([]);
    expect(read(join(root, 'there'))).toEqual({});
    expect(existsSync(join(dirname(root), 'evil'))).toBe(false);
  });

  test('the same file twice is refused', async () => {
    const twice = written(gzipSync(archiveOf(...sound, file('a-0/x.log'), file('a-0/x.log'))));
    await expect(restoring(twice)).rejects.toThrow(/EEXIST/);
    expect(read(join(root, 'there'))).toEqual({});
  });

  test('more than the disk has room for is refused before it is full', async () => {
    const archive = written(gzipSync(archiveOf(...sound, file('a-0/x.log', 'x'.repeat(2000)))));
    const options = { replace: false, time, freeBytes: () => 64n * 1024n * 1024n + 2000n };
    const refused = restoreSandbox(join(root, 'there'), archive, options);
    await expect(refused).rejects.toMatchObject({ code: 'NO_SPACE' });
    expect(readdirSync(root).sort()).toEqual(['there', 'x.tar.gz']);
  });

  test('an archive that was cut before it was compressed is never taken', async () => {
    const whole = archiveOf(...sound, file('a-0/x.log', 'x'.repeat(700)));
    for (let length = 0; length <= whole.length - TAR_END.length; length += 128) {
      await expect(restoring(written(gzipSync(whole.subarray(0, length))))).rejects.toThrow(/ends too early/);
      expect(read(join(root, 'there'))).toEqual({});
    }
  });

  test('an archive that is cut anywhere, or has a bit turned that means anything, is never taken', async () => {
    await saveSandbox(
      write('here', { 'meta.properties': META, '__cluster_metadata-0/0.log': 'metadata' }),
      join(root, 'y.tar.gz'),
    );
    const whole = readFileSync(join(root, 'y.tar.gz'));
    for (let length = 0; length < whole.length; length += 7) {
      await expect(restoring(written(whole.subarray(0, length)))).rejects.toMatchObject({ code: 'ARCHIVE_UNREADABLE' });
    }
    await fc.assert(
      // The ten bytes at the front say nothing of the content.
      fc.asyncProperty(fc.integer({ min: 10 * 8, max: whole.length * 8 - 1 }), async (bit) => {
        const turned = Buffer.from(whole);
        turned[bit >> 3]! ^= 1 << (bit & 7);
        const isTaken = await restoring(written(turned)).then(
          () => true,
          () => false,
        );
        const there = read(join(root, 'there'));
        rmSync(join(root, 'there'), { recursive: true, force: true });
        mkdirSync(join(root, 'there'));
        // A few bits that fill up the last byte before the checksum mean nothing.
        if (isTaken) expect(gunzipSync(turned)).toEqual(gunzipSync(whole));
        else expect(there).toEqual({});
      }),
      { numRuns: 60 },
    );
    expect(gunzipSync(whole).length % 512).toBe(0);
  });
});

test('names, sizes and times come back from a header as they went in', async () => {
  const name = fc.stringMatching(/^[\w.-]{1,255}\/[\w.-]{1,60}$/);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ name, content: fc.uint8Array({ maxLength: 1200 }), modified: fc.nat(4_000_000_000) }), {
        maxLength: 5,
      }),
      fc.integer({ min: 1, max: 700 }),
      async (entries, piece) => {
        const bytes = archiveOf(
          ...entries.map(
            ({ name: its, content, modified }): Entry => [
              encodeTarHeader({ name: its, type: 'file', size: content.length, modified }),
              Buffer.from(content),
            ],
          ),
        );
        const pieces = async function* () {
          for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
        };
        const back = [];
        for await (const entry of tarEntries(pieces())) {
          const content: Buffer[] = [];
          for await (const chunk of entry.content) content.push(Buffer.from(chunk));
          back.push({ name: entry.name, content: new Uint8Array(Buffer.concat(content)), modified: entry.modified });
        }
        expect(back).toEqual(entries);
      },
    ),
    { numRuns: 60 },
  );
});
