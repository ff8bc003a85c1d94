import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SourceMap } from '../../../main/connect/api/records.ts';
import { CATALOGUE } from '../../../main/connect/catalogue.ts';
import { importJavaOffsets } from '../../../main/connect/java-offsets.ts';
import { type SqliteStores, sqliteStores } from '../../../main/connect/storage/index.ts';
import { MockTime } from '../../kit/mock-time.ts';
import { recordingLogger } from '../../kit/recording-logger.ts';
import { OFFSETS_FILES } from '../../kit/worker-oracle/cases.ts';
import { recordedOk } from '../../kit/worker-oracle/oracle.ts';

const java = (name: keyof typeof OFFSETS_FILES) => Buffer.from(recordedOk<string>(OFFSETS_FILES[name]), 'base64');
const time = new MockTime();

let folder: string;
let file: string;
let lines: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'java-offsets-'));
  file = join(folder, 'offsets');
  lines = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(): SqliteStores {
  return sqliteStores({ file: `${file}.sqlite`, secretKey: { bytes: () => new Uint8Array(32) }, time });
}

/** One start of a worker: what its store has then. */
async function start(then: (stores: SqliteStores) => void = () => {}): Promise<void> {
  const stores = open();
  const recording = recordingLogger();
  try {
    await importJavaOffsets({
      file,
      databasePath: `${file}.sqlite`,
      store: stores.javaOffsets,
      connectors: CATALOGUE.connectors,
      time,
      logger: recording.logger,
    });
    then(stores);
  } finally {
    lines.push(...recording.lines);
    stores.close();
  }
}

describe('the file of a Java worker', () => {
  test('is imported at the first start, told with its count, and left as it is', async () => {
    writeFileSync(file, java('several connectors, one reset'));
    await start((stores) => {
      expect(stores.offsets.all('jdbc ü')).toEqual([
        {
          partition: { protocol: '1', table: 'a.b' },
          offset: { incrementing: 968476484095610881n, ts: 1.5, snapshot: true, x: null },
        },
      ]);
      expect(stores.offsets.all('src')).toHaveLength(1);
    });
    expect(lines.join('\n')).toContain(
      'Imported the offsets of 3 source partitions of 3 connectors (MirrorSourceConnector, jdbc ü, src)',
    );
    expect(lines.join('\n')).toContain('1 were reset there');
    expect(readFileSync(file)).toEqual(java('several connectors, one reset'));
  });

  test('is not imported again: neither over newer offsets, nor when they were reset, nor when it has changed', async () => {
    writeFileSync(file, java('one connector'));
    const partition = { filename: '/tmp/in.txt' };
    await start((stores) => stores.offsets.set('src', [{ partition, offset: { position: 100n } }]));
    lines.length = 0;
    await start((stores) => {
      expect(stores.offsets.get('src', [partition])).toEqual([{ position: 100n }]);
      stores.offsets.clear('src');
    });
    expect(lines).toEqual([]);
    writeFileSync(file, java('several connectors, one reset'));
    await start((stores) => expect(stores.offsets.all('src')).toEqual([]));
    expect(lines.join('\n')).toMatch(/has come or changed since .* it is not read/);
  });

  test('that comes later than the store is not imported, and that is told', async () => {
    await start();
    writeFileSync(file, java('one connector'));
    await start((stores) => expect(stores.offsets.all('src')).toEqual([]));
    expect(lines.join('\n')).toContain('has come or changed since');
  });

  test('is not imported into a store that was used before there was an import', async () => {
    const stores = open();
    stores.configs.put('a', { name: 'a' }, { author: 'rest' });
    stores.close();
    writeFileSync(file, java('one connector'));
    await start((later) => expect(later.offsets.all('src')).toEqual([]));
  });

  test('when it is damaged no start succeeds, until a good one is in its place', async () => {
    writeFileSync(file, java('one connector').subarray(0, 60));
    for (const _ of [1, 2]) await expect(start()).rejects.toMatchObject({ code: 'DATA_UNREADABLE', key: file });
    writeFileSync(file, java('one connector'));
    await start((stores) => expect(stores.offsets.all('src')).toHaveLength(1));
  });

  test('a folder in its place is an error', async () => {
    file = folder;
    await expect(start()).rejects.toThrow('it is no regular file');
    rmSync(`${folder}.sqlite`, { force: true });
    for (const end of ['-wal', '-shm', '.lock']) rmSync(`${folder}.sqlite${end}`, { force: true });
  });
});

describe('a position of Java’s FileStreamSource', () => {
  const fileStreamSource = CATALOGUE.connectors.find(({ className }) =>
    className.endsWith('FileStreamSourceConnector'),
  );
  /** What a Java worker's position becomes for a file of this content. */
  const inBytes = async (content: string | Buffer, position: bigint): Promise<bigint> => {
    const filename = join(folder, 'in.txt');
    writeFileSync(filename, content);
    if (fileStreamSource?.kind !== 'source') throw new Error('no source');
    const { logger, lines: told } = recordingLogger();
    const offset = await fileStreamSource.offsetOfJava?.({ filename }, { position }, logger);
    lines.push(...told);
    return offset?.position as bigint;
  };

  test.each([
    ['ASCII', 'one\ntwo\nthree\n', 8n, 8n],
    ['two and three bytes a unit', 'grün\n€uro\nthree\n', 10n, 13n],
    ['four bytes, two units', '😀😀\nx\n', 5n, 9n],
    ['\\r\\n', 'ü\r\nü\r\nx\n', 6n, 8n],
    ['a lone \\r', 'ü\rü\rx\r', 4n, 6n],
    ['the beginning', 'ü\n', 0n, 0n],
    ['the end', 'ü\nü\n', 4n, 6n],
    ['behind characters that are not read yet', 'a\nü\n', 2n, 2n],
  ])('%s', async (_, content, position, bytes) => {
    expect(await inBytes(content, position)).toBe(bytes);
  });

  test('across the pieces in which the file is read', async () => {
    const line = `${'ä€😀x'.repeat(7)}\n`;
    const content = line.repeat(100_000);
    const units = BigInt(line.length * 90_000);
    expect(await inBytes(content, units)).toBe(BigInt(Buffer.byteLength(line) * 90_000));
  });

  test('at which no line ends goes back to the start of the line that holds the byte, and says so', async () => {
    // A Java worker had started again in the middle of the second line.
    expect(await inBytes('grün\ngrün\ngrün\n', 8n)).toBe(6n);
    expect(lines.join('\n')).toContain('at which no line ends: it goes on at byte 6, and lines may come again');
  });

  test('in bytes that are no UTF-8 goes back to the start of the line', async () => {
    expect(await inBytes(Buffer.from('a\xff\nbcd\n', 'latin1'), 5n)).toBe(3n);
  });

  test('past the end of the file, or of a file that is gone, stays', async () => {
    expect(await inBytes('ü\n', 100n)).toBe(100n);
    expect(lines.join('\n')).toContain("can't be looked up in the file");
  });

  test.each<[SourceMap, SourceMap]>([
    [{ filename: '/x', inode: 1n }, { position: 1n }],
    [{ table: 'x' }, { position: 1n }],
    [{ filename: '/x' }, { position: 1n, line: 2n }],
  ])('%o %o is of another connector', async (partition, offset) => {
    if (fileStreamSource?.kind !== 'source') throw new Error('no source');
    expect(await fileStreamSource.offsetOfJava?.(partition, offset, recordingLogger().logger)).toBeNull();
  });
});
