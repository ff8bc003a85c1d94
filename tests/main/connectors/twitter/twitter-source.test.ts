import { expect, test } from 'vitest';
import { parseConfig } from '../../../../main/connect/api/config-validation.ts';
import type { ConfigMap } from '../../../../main/connect/api/connector.ts';
import type { SourceMap, SourceRecord } from '../../../../main/connect/api/records.ts';
import type { Struct } from '../../../../main/connect/api/struct.ts';
import { SourceTaskDriver } from '../../../../main/connect/testkit/source-task-driver.ts';
import { twitterSource } from '../../../../main/connectors/twitter/twitter-source.ts';

/** As it stands in the example that this connector is known from. */
const CLASSIC: ConfigMap = {
  'connector.class': 'com.eneco.trading.kafka.connect.twitter.TwitterSourceConnector',
  'tasks.max': '1',
  'track.terms': 'frankfurt',
  topic: 'twitter',
  'twitter.secret': '…',
  'twitter.token': '…',
  'twitter.consumersecret': '…',
  'twitter.consumerkey': '…',
};

async function records(config: ConfigMap, count: number, stored: SourceMap | null = null): Promise<SourceRecord[]> {
  const driver = await new SourceTaskDriver(twitterSource).start(config, stored);
  const all: SourceRecord[] = [];
  while (all.length < count) all.push(...(await driver.poll()));
  await driver.stop();
  return all.slice(0, count);
}
const problems = (config: ConfigMap) => twitterSource.validate?.(parseConfig(twitterSource.config, config));

test('the classic configuration runs unchanged and brings posts about Frankfurt', async () => {
  expect(problems(CLASSIC)).toEqual([]);
  for (const record of await records(CLASSIC, 100)) {
    const tweet = record.value as Struct;
    expect(record.topic).toBe('twitter');
    expect(record.key).toBe((tweet.get('user') as Struct).get('screen_name'));
    expect(String(tweet)).toMatch(
      /^Struct{id=\d{19},created_at=\d{4}-\d\d-\d\dT[\d:.]{12}\+0000,user=Struct{id=\d+,name=/,
    );
    expect(String(tweet).toLowerCase()).toContain('frankfurt');
    tweet.validate();
  }
});

test("the value's schema is that of Eneco's connector", async () => {
  const [record] = await records(CLASSIC, 1);
  const fields = (schema: NonNullable<SourceRecord['valueSchema']>): unknown =>
    schema.fields.map(({ name, schema: of }) => {
      const type = of.type === 'ARRAY' ? of.valueSchema : of;
      const mark = `${name}${of.optional ? '?' : ''} ${of.type}`;
      return type.type === 'STRUCT'
        ? [`${mark} ${type.name?.replace('com.eneco.trading.kafka.connect.twitter.', '')}`, fields(type)]
        : mark;
    });
  expect(record?.valueSchema?.name).toBe('com.eneco.trading.kafka.connect.twitter.Tweet');
  expect(fields(record?.valueSchema as never)).toEqual([
    'id INT64',
    'created_at? STRING',
    [
      'user STRUCT User',
      [
        'id INT64',
        'name? STRING',
        'screen_name? STRING',
        'location? STRING',
        'verified BOOLEAN',
        'friends_count INT32',
        'followers_count INT32',
        'statuses_count INT32',
      ],
    ],
    'text? STRING',
    'lang? STRING',
    'is_retweet BOOLEAN',
    [
      'entities STRUCT Entities',
      [
        ['hashtags? ARRAY Hashtag', ['text? STRING']],
        [
          'media? ARRAY Medium',
          ['display_url? STRING', 'expanded_url? STRING', 'id INT64', 'type? STRING', 'url? STRING'],
        ],
        ['urls? ARRAY Url', ['display_url? STRING', 'expanded_url? STRING', 'url? STRING']],
        ['user_mentions? ARRAY UserMention', ['id INT64', 'name? STRING', 'screen_name? STRING']],
      ],
    ],
  ]);
});

test('output.format=string brings the text alone, with the same key', async () => {
  const plain = await records({ ...CLASSIC, 'output.format': 'string' }, 20);
  const structured = await records(CLASSIC, 20);
  expect(plain.map((r) => r.value)).toEqual(structured.map((r) => (r.value as Struct).get('text')));
  expect(plain.map((r) => r.key)).toEqual(structured.map((r) => r.key));
  expect(plain[0]?.valueSchema?.type).toBe('STRING');
});

test('a restart goes on with the next post, and ids keep growing beyond 2^53 even if the clock went back', async () => {
  const all = await records(CLASSIC, 60);
  // The driver's clock begins at the same moment again.
  const rest = await records(CLASSIC, 20, all[39]?.sourceOffset ?? null);
  const texts = (some: SourceRecord[]) => some.map((r) => (r.value as Struct).get('text'));
  expect(texts(rest)).toEqual(texts(all).slice(40));
  const ids = [...all.slice(0, 40), ...rest].map((r) => r.sourceOffset.tweetId as bigint);
  for (const [i, id] of ids.entries()) expect(id > (ids[i - 1] ?? 2n ** 53n)).toBe(true);
  expect(ids).toEqual([...all.slice(0, 40), ...rest].map((r) => (r.value as Struct).get('id')));
});

test('posts come at the rate that was asked for, with the times at which they were due', async () => {
  const driver = await new SourceTaskDriver(twitterSource).start({ ...CLASSIC, 'runnel.twitter.rate': '20' });
  const begun = driver.time.milliseconds();
  const all: SourceRecord[] = [];
  while (driver.time.milliseconds() < begun + 10_000) all.push(...(await driver.poll()));
  await driver.stop();
  expect(Math.abs(all.length - 200)).toBeLessThanOrEqual(3);
  const times = all.map((record) => Number(record.timestamp) - begun);
  expect(times.slice(0, 4)).toEqual([0, 50, 100, 150]);
  expect(driver.time.pending).toBe(0);
});

test('fifty thousand a second come in full batches', async () => {
  const fast = { ...CLASSIC, 'runnel.twitter.rate': '50000', 'batch.size': '1000' };
  const driver = await new SourceTaskDriver(twitterSource).start(fast);
  const begun = driver.time.milliseconds();
  let count = 0;
  while (driver.time.milliseconds() < begun + 200) count += (await driver.poll()).length;
  await driver.stop();
  expect(count).toBeGreaterThan(9_000);
});

test('a machine that slept an hour is not flooded with what it missed', async () => {
  const driver = await new SourceTaskDriver(twitterSource).start(CLASSIC);
  await driver.poll();
  await driver.time.advance(3_600_000);
  let count = 0;
  const awake = driver.time.milliseconds();
  while (driver.time.milliseconds() < awake + 1_000) count += (await driver.poll()).length;
  await driver.stop();
  expect(count).toBeLessThan(40);
});

test('terms that no bundled post has are said in the log; the generator has posts for them', async () => {
  const driver = await new SourceTaskDriver(twitterSource).start({ ...CLASSIC, 'track.terms': 'xylophon' });
  expect(await driver.poll()).toEqual([]);
  await driver.stop();
  expect(driver.log).toEqual([expect.stringMatching(/^WARN None of the 5000 bundled posts passes track.terms/)]);
  const written = await records({ ...CLASSIC, 'track.terms': 'xylophon', 'runnel.twitter.source': 'generator' }, 20);
  for (const record of written) expect(String(record.value)).toContain('xylophon');
});

test('several tasks would send every post twice, so there is one', () => {
  const config = { ...CLASSIC, 'tasks.max': '4' };
  expect(twitterSource.taskConfigs?.(parseConfig(twitterSource.config, config), config, 4)).toEqual([config]);
});

test.each<[ConfigMap, string]>([
  [{ 'track.terms': '' }, 'At least one of the parameters track.terms, track.locations, track.follow'],
  [{ 'track.follow': 'mia' }, 'You should use numeric user IDs in track.follow'],
  [{ 'track.locations': '8,50,9' }, 'track.locations should have number of elements divisible by 4'],
  [{ 'track.locations': '8,50,9,north' }, 'You should use double numbers in track.locations'],
])('%o is refused', (change, message) => {
  expect(problems({ ...CLASSIC, ...change })).toEqual([
    expect.objectContaining({ message: expect.stringContaining(message) }),
  ]);
});

test.each<[string, string, string]>([
  ['runnel.twitter.source', 'x', 'connecting to X is not in this version'],
  ['runnel.twitter.source', 'mastodon', 'String must be one of: replay, generator'],
  ['runnel.twitter.rate', '50001', 'Value must be no more than 50000'],
  ['stream.type', 'firehose', 'String must be one of: filter, sample'],
  ['output.format', 'xml', 'String must be one of: structured, string'],
])('%s=%s is refused', (key, value, message) => {
  expect(() => parseConfig(twitterSource.config, { ...CLASSIC, [key]: value })).toThrow(message);
});

test('offsets can be altered to another id, not to anything else', () => {
  const alter = (offset: SourceMap | null, partition: SourceMap = { tweetSource: 'a' }) =>
    twitterSource.alterOffsets?.(CLASSIC, [{ partition, offset }]);
  expect(alter({ tweetId: 968476484095610881n })).toBe(true);
  expect(alter(null, {})).toBe(true);
  expect(() => alter({ tweetId: '7' })).toThrow("'tweetId'");
  expect(() => alter({ tweetId: 7n, count: -1n })).toThrow("'count'");
  expect(() => alter({ tweetId: 7n }, { source: 'a' })).toThrow("'tweetSource'");
});
