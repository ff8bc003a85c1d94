import { describe, expect, test } from 'vitest';
import { BrokerConfig } from '../../../../main/broker/config/broker-config.ts';
import { type FileSystem, readWholeFile } from '../../../../main/broker/log/file-system.ts';
import { BrokerStorage } from '../../../../main/broker/metadata/broker-storage.ts';
import { Errors } from '../../../../main/protocol/messages/index.ts';
import { batchOf, readAll } from '../../../kit/log-environment.ts';
import { MockTime } from '../../../kit/mock-time.ts';
import { recordingLogger } from '../../../kit/recording-logger.ts';
import { diskError, type Operation, SimFileSystem } from '../../../kit/sim-file-system.ts';
import { StrictFileSystem } from '../../../kit/strict-file-system.ts';

let ids = 0;

interface Opened {
  storage: BrokerStorage;
  lines: string[];
  time: MockTime;
}

async function open(
  fileSystem: FileSystem,
  overrides: Record<string, string> = {},
  time = new MockTime(),
): Promise<Opened> {
  const { logger, lines } = recordingLogger();
  fileSystem.makeDirectory('/data');
  fileSystem.syncDirectoryNow('/');
  const storage = await BrokerStorage.open({
    directory: '/data',
    fileSystem,
    config: new BrokerConfig(overrides),
    time,
    logger,
    randomBytes: () => {
      const bytes = Buffer.alloc(16, 0xaa);
      bytes.writeInt32BE(++ids, 0);
      return bytes;
    },
  });
  return { storage, lines, time };
}

const nothing = new Map<string, string>();
const errorCode = (code: number) => expect.objectContaining({ errorCode: code });
/** The disk as it is when the process is killed: everything that was written is there. */
const killed = (disk: SimFileSystem) => disk.afterPowerLoss(() => 0);

async function append(storage: BrokerStorage, topic: string, value: string): Promise<void> {
  await storage.topics
    .get(topic)!
    .logs[0]!.append(batchOf([value]))
    .committed.wait();
}

describe('a start whose disk can not read', () => {
  /** A topic whose first two records were deleted, after a clean stop. */
  async function stopped(): Promise<SimFileSystem> {
    const disk = new SimFileSystem();
    const { storage } = await open(disk);
    await storage.topics.create('tweets', 2, nothing);
    for (const value of ['a', 'b', 'c']) await append(storage, 'tweets', value);
    storage.topics.get('tweets')!.logs[0]!.advanceLogStart(2n);
    await storage.close();
    return disk;
  }

  const readFails = (path: string) => (operation: Operation, at: string) =>
    operation === 'read' && at.startsWith(path) ? { error: diskError('EIO') } : undefined;

  /** Opens it while the clock goes on, `seconds` at most; after ten of them the disk may be well again. */
  async function openIn(disk: SimFileSystem, seconds: number, passes: boolean): Promise<Opened | Error> {
    const time = new MockTime();
    let result: Opened | Error | undefined;
    const opening = open(disk, {}, time).then(
      (opened) => (result = opened),
      (error: Error) => (result = error),
    );
    for (let second = 0; !result && second < seconds; second++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (second === 10 && passes) disk.fault = () => undefined;
      await time.advance(1000);
    }
    return opening;
  }

  test.each(['/data/__cluster_metadata-0/', '/data/tweets-0/'])(
    '%s for a moment, waits for it, and finds everything',
    async (path) => {
      const disk = await stopped();
      disk.fault = readFails(path);
      const opened = (await openIn(disk, 60, true)) as Opened;
      expect(opened.lines.filter((line) => line.startsWith('WARN'))[0]).toMatch(
        /can't be opened: .*EIO.* tried again in 1 s/,
      );
      const [log] = opened.storage.topics.get('tweets')!.logs;
      expect(readAll(log!).map(({ value }) => value)).toEqual(['c']);
      expect(log!.logEndOffset).toBe(3n);
    },
  );

  test('for longer gives up, and leaves everything as it was', async () => {
    const disk = await stopped();
    const path = '/data/tweets-0/';
    disk.fault = (operation, at) =>
      at.startsWith(path) && operation === 'open' ? { error: diskError('EIO') } : undefined;
    expect(await openIn(disk, 200, false)).toMatchObject({ code: 'EIO' });
    disk.fault = () => undefined;
    const { storage, lines } = await open(disk);
    expect(readAll(storage.topics.get('tweets')!.logs[0]!).map(({ value }) => value)).toEqual(['c']);
    expect(lines.filter((line) => /^(WARN|ERROR)/.test(line))).toEqual([]);
  });
});

test.each([
  ['open', '/data/tweets-0/00000000000000000000.log'],
  ['open', '/data/tweets-1/'],
  ['syncDirectory', '/data/tweets-0'],
] as const)(
  'a topic that the disk did not let be made (%s of %s) can be made afterwards, and is there after a start',
  async (operation, path) => {
    const disk = new SimFileSystem();
    const { storage } = await open(disk);
    disk.fault = (each, at) => (each === operation && at.startsWith(path) ? { error: diskError('EIO') } : undefined);
    const failed = await storage.topics.create('tweets', 2, nothing).then(
      (topic) => topic,
      (error: unknown) => error,
    );
    disk.fault = () => undefined;
    if (failed instanceof Error) {
      expect(failed).toEqual(errorCode(Errors.KAFKA_STORAGE_ERROR));
      expect(storage.topics.get('tweets')).toBeUndefined();
      await storage.topics.create('tweets', 2, nothing);
    }
    await append(storage, 'tweets', 'hello');
    const again = await open(killed(disk));
    const tweets = again.storage.topics.get('tweets')!;
    expect(tweets.id).toBe(storage.topics.get('tweets')!.id);
    expect(tweets.logs.map((log) => log.logEndOffset)).toEqual([1n, 0n]);
    expect(again.lines.filter((line) => /no topic of this broker/.test(line))).toEqual([]);
  },
);

describe.each([
  ['a clean stop', true],
  ['kill -9', false],
])('after %s', (_, isClean) => {
  async function again(disk: SimFileSystem, { storage }: Opened): Promise<Opened & { disk: SimFileSystem }> {
    if (isClean) await storage.close();
    const left = isClean ? disk : killed(disk);
    return { ...(await open(left)), disk: left };
  }

  test('topics, ids, settings, partitions and records are there', async () => {
    const disk = new SimFileSystem();
    const first = await open(disk);
    await first.storage.topics.create('tweets', 3, new Map([['retention.ms', '1000000']]));
    await first.storage.topics.create('other', 1, nothing);
    await first.storage.topics.addPartitions('other', 4);
    await first.storage.topics.changeConfigs('tweets', () => new Map([['segment.bytes', '2000000']]));
    await append(first.storage, 'tweets', 'hello');
    const second = await again(disk, first);
    const [tweets, other] = [second.storage.topics.get('tweets')!, second.storage.topics.get('other')!];
    expect(second.storage.clusterId).toBe(first.storage.clusterId);
    expect(tweets.id).toBe(first.storage.topics.get('tweets')!.id);
    expect(second.storage.topics.byId(tweets.id)).toBe(tweets);
    expect([...tweets.configs]).toEqual([['segment.bytes', '2000000']]);
    expect(tweets.logs[0]!.config.segmentBytes).toBe(2_000_000);
    expect([tweets.logs.length, other.logs.length]).toEqual([3, 4]);
    expect(readAll(tweets.logs[0]!)).toEqual([{ offset: 0n, value: 'hello' }]);
    expect(second.lines).toEqual([]);
  });

  test('a deleted topic stays deleted; one of its name has another id and begins at 0', async () => {
    const disk = new SimFileSystem();
    const first = await open(disk);
    await first.storage.topics.create('tweets', 2, nothing);
    const { id } = first.storage.topics.get('tweets')!;
    for (let i = 0; i < 20; i++) await append(first.storage, 'tweets', `old ${i}`);
    await first.storage.topics.delete('tweets');
    await first.storage.topics.create('tweets', 1, nothing);
    await append(first.storage, 'tweets', 'new');
    const second = await again(disk, first);
    const tweets = second.storage.topics.get('tweets')!;
    expect(tweets.id).not.toBe(id);
    expect(tweets.logs).toHaveLength(1);
    expect(readAll(tweets.logs[0]!)).toEqual([{ offset: 0n, value: 'new' }]);
  });

  test('no producer id is given twice', async () => {
    const disk = new SimFileSystem();
    const given = new Set<bigint>();
    let now = { ...(await open(disk)), disk };
    for (let life = 0; life < 3; life++) {
      for (let i = 0; i < 1500; i++) {
        const id = await now.storage.topics.next();
        expect(id).toBeGreaterThan(0n);
        expect(given.has(id)).toBe(false);
        given.add(id);
      }
      if (life < 2) now = await again(now.disk, now);
    }
  });

  test('a batch that an idempotent producer sends again is known', async () => {
    const disk = new SimFileSystem();
    const first = await open(disk);
    await first.storage.topics.create('tweets', 1, nothing);
    const batch = (sequence: number) =>
      batchOf([`${sequence}`], { producerId: 9n, producerEpoch: 0, baseSequence: sequence });
    for (let i = 0; i < 8; i++) {
      await first.storage.topics.get('tweets')!.logs[0]!.append(batch(i)).committed.wait();
    }
    const second = await again(disk, first);
    const log = second.storage.topics.get('tweets')!.logs[0]!;
    for (let i = 3; i < 8; i++)
      expect(log.append(batch(i))).toMatchObject({ isDuplicate: true, firstOffset: BigInt(i) });
    expect(() => log.append(batch(2))).toThrow(errorCode(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER));
    expect(() => log.append(batch(9))).toThrow(errorCode(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER));
    expect(log.append(batch(8)).isDuplicate).toBe(false);
    expect(() => log.append(batchOf(['x'], { producerId: 9n, producerEpoch: -1, baseSequence: 0 }))).toThrow();
    expect(log.append(batchOf(['x'], { producerId: 9n, producerEpoch: 1, baseSequence: 0 })).isDuplicate).toBe(false);
    expect(() => log.append(batch(9))).toThrow(errorCode(Errors.INVALID_PRODUCER_EPOCH));
  });

  test('records that were deleted by offset stay deleted, when the checkpoint was written', async () => {
    const disk = new SimFileSystem();
    const first = await open(disk);
    await first.storage.topics.create('tweets', 1, nothing);
    for (let i = 0; i < 10; i++) await append(first.storage, 'tweets', `${i}`);
    first.storage.topics.get('tweets')!.logs[0]!.advanceLogStart(6n);
    await first.time.advance(5000);
    await first.time.advance(0);
    await first.time.advance(0);
    const second = await again(disk, first);
    expect(second.storage.topics.get('tweets')!.logs[0]!.logStartOffset).toBe(6n);
  });
});

describe('a folder', () => {
  test('that is another broker’s is refused, and nothing of it changes', async () => {
    const disk = new SimFileSystem();
    const first = await open(disk);
    await first.storage.close();
    const before = readWholeFile(disk, '/data/meta.properties');
    await expect(open(disk, { 'node.id': '7' })).rejects.toMatchObject({
      code: 'INVALID_CONFIG',
      message: 'The data in /data belongs to broker 1, not to broker 7',
    });
    expect(readWholeFile(disk, '/data/meta.properties')).toEqual(before);
  });

  test.each(['', 'garbage', 'version=7\ncluster.id=x\nnode.id=1\n'])(
    'whose meta.properties is %j is not guessed at',
    async (text) => {
      const disk = new SimFileSystem();
      await (await open(disk)).storage.close();
      write(disk, '/data/meta.properties', text);
      await expect(open(disk)).rejects.toMatchObject({ code: 'DATA_UNREADABLE', key: '/data/meta.properties' });
    },
  );

  test('without meta.properties keeps its topics and gets a new cluster id', async () => {
    const disk = new SimFileSystem();
    const first = await open(disk);
    await first.storage.topics.create('tweets', 1, nothing);
    await first.storage.close();
    disk.removeFile('/data/meta.properties');
    const second = await open(disk);
    expect(second.storage.clusterId).not.toBe(first.storage.clusterId);
    expect(second.storage.topics.get('tweets')).toBeDefined();
  });

  test('without its metadata log keeps topics, ids and records, and says so', async () => {
    const disk = new SimFileSystem();
    const first = await open(disk);
    await first.storage.topics.create('tweets', 2, nothing);
    await append(first.storage, 'tweets', 'kept');
    await first.storage.close();
    for (const name of disk.list('/data/__cluster_metadata-0')) disk.removeFile(`/data/__cluster_metadata-0/${name}`);
    disk.removeDirectory('/data/__cluster_metadata-0');
    write(disk, '/data/recovery-point-offset-checkpoint', '0\n0\n');
    const second = await open(disk);
    const tweets = second.storage.topics.get('tweets')!;
    expect([tweets.id, tweets.logs.length]).toEqual([first.storage.topics.get('tweets')!.id, 2]);
    expect(readAll(tweets.logs[0]!)).toHaveLength(1);
    expect(second.lines.join()).toContain('The topic tweets was found by its directories (tweets-0, tweets-1)');
  });

  test('with a directory that is no topic’s: it is set aside, not opened and not removed', async () => {
    const disk = new SimFileSystem();
    const first = await open(disk);
    await first.storage.topics.create('tweets', 1, nothing);
    await first.storage.close();
    disk.makeDirectory('/data/stranger-0');
    write(disk, '/data/stranger-0/00000000000000000000.log', 'whatever');
    const second = await open(disk);
    expect(second.storage.topics.get('stranger')).toBeUndefined();
    const aside = disk.list('/data').find((name) => name.startsWith('stranger-0.') && name.endsWith('-stray'));
    expect(disk.list(`/data/${aside}`)).toEqual(['00000000000000000000.log']);
    expect(second.lines.join()).toContain('belongs to no topic of this broker');
    await second.storage.close();
    expect((await open(disk)).lines).toEqual([]);
  });

  test('left by a crash in the middle of deleting a topic: the deletion is finished', async () => {
    const disk = new SimFileSystem();
    const first = await open(disk);
    await first.storage.topics.create('tweets', 2, nothing);
    disk.fault = (operation) => (operation === 'rename' ? { error: new Error('killed here') } : undefined);
    await expect(first.storage.topics.delete('tweets')).rejects.toThrow(errorCode(Errors.KAFKA_STORAGE_ERROR));
    const after = killed(disk);
    const second = await open(after);
    expect(second.storage.topics.get('tweets')).toBeUndefined();
    expect(after.list('/data').filter((name) => name.startsWith('tweets'))).toEqual([]);
  });

  test('whose metadata log is long is begun anew with what is true now', async () => {
    const disk = new SimFileSystem();
    const first = await open(disk);
    await first.storage.topics.create('kept', 3, new Map([['retention.ms', '5000']]));
    await first.storage.topics.create('gone', 50, nothing);
    await first.storage.topics.delete('gone');
    for (let i = 0; i < 12_000; i++) {
      await first.storage.topics.changeConfigs('kept', () => new Map([['retention.ms', `${i % 2 ? 5000 : i}`]]));
    }
    const ids = await first.storage.topics.next();
    await first.storage.close();
    const size = () =>
      disk
        .list('/data/__cluster_metadata-0')
        .reduce((sum, name) => sum + disk.open(`/data/__cluster_metadata-0/${name}`, 'read').size(), 0);
    expect(size()).toBeGreaterThan(1024 * 1024);
    for (let start = 0; start < 2; start++) {
      const next = await open(disk);
      expect(next.storage.topics.all().map(({ name }) => name)).toEqual(['kept']);
      expect([...next.storage.topics.get('kept')!.configs]).toEqual([['retention.ms', '5000']]);
      expect(next.storage.topics.get('kept')!.logs).toHaveLength(3);
      expect(await next.storage.topics.next()).toBeGreaterThan(ids);
      await next.storage.close();
      expect(size()).toBeLessThan(10_000);
    }
  });

  test('leaves no file open after it was closed', async () => {
    const strict = new StrictFileSystem(new SimFileSystem());
    const { storage } = await open(strict);
    await storage.topics.create('tweets', 3, nothing);
    await append(storage, 'tweets', 'x');
    await storage.topics.delete('tweets');
    await storage.topics.create('tweets', 2, nothing);
    await storage.close();
    expect(strict.openFiles).toEqual([]);
  });
});

describe('names', () => {
  test.each([
    ['', Errors.INVALID_TOPIC_EXCEPTION],
    ['.', Errors.INVALID_TOPIC_EXCEPTION],
    ['..', Errors.INVALID_TOPIC_EXCEPTION],
    ['a/b', Errors.INVALID_TOPIC_EXCEPTION],
    ['/etc/passwd', Errors.INVALID_TOPIC_EXCEPTION],
    ['a\0b', Errors.INVALID_TOPIC_EXCEPTION],
    ['🙂', Errors.INVALID_TOPIC_EXCEPTION],
    ['x'.repeat(250), Errors.INVALID_TOPIC_EXCEPTION],
    ['a_b', Errors.INVALID_TOPIC_EXCEPTION],
    ['__cluster_metadata', Errors.INVALID_TOPIC_EXCEPTION],
    ['a.b', Errors.TOPIC_ALREADY_EXISTS],
  ])('%j is refused', async (name, code) => {
    const { storage } = await open(new SimFileSystem());
    await storage.topics.create('a.b', 1, nothing);
    await expect(storage.topics.create(name, 1, nothing)).rejects.toThrow(errorCode(code));
  });

  test('as long as Kafka allows work, from creation to deletion', async () => {
    const disk = new SimFileSystem();
    const { storage } = await open(disk);
    await storage.topics.create('x'.repeat(249), 2, nothing);
    await storage.topics.delete('x'.repeat(249));
    expect(disk.list('/data').filter((name) => name.startsWith('x'))).toEqual([]);
  });

  test('that a disk can’t tell apart are refused', async () => {
    const disk = new SimFileSystem();
    const { storage } = await open(disk);
    disk.makeDirectory('/data/A-0');
    await expect(storage.topics.create('A', 1, nothing)).rejects.toThrow(errorCode(Errors.INVALID_TOPIC_EXCEPTION));
  });
});

function write(disk: SimFileSystem, path: string, text: string): void {
  const file = disk.open(path, 'create');
  file.truncate(0);
  file.write([Buffer.from(text)], 0);
}
