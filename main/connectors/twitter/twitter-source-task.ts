import { ConnectException } from '../../../common/errors.ts';
import { sleep, type Time } from '../../../common/time.ts';
import type { SourceTask, SourceTaskContext } from '../../connect/api/connector.ts';
import type { SourceMap, SourceRecord } from '../../connect/api/records.ts';
import { Schema } from '../../connect/api/schema.ts';
import { loadBundledPosts } from './bundled-posts.ts';
import type { Feed } from './feed.ts';
import { generatorFeed } from './generator-feed.ts';
import { Pace } from './pace.ts';
import { postFilter } from './post-filter.ts';
import { seededRandom } from './random.ts';
import { replayFeed } from './replay-feed.ts';
import { SnowflakeIds } from './snowflake.ts';
import { streamFilter } from './stream-filter.ts';
import { TWEET_SCHEMA, TweetMaker } from './tweet.ts';
import type { TwitterSourceConfig } from './twitter-source.ts';

/** How long a poll waits at the most. */
const POLL_MS = 1_000;

/**
 * Java: `com.eneco.trading.kafka.connect.twitter.TwitterSourceTask`. Partition `{"tweetSource": app name}`, offset
 * `{"tweetId": id}`; ours adds `count`, the number of posts sent, and unlike Eneco's goes on there: ids grow over
 * restarts and no post comes before the feed has been through.
 */
export class TwitterSourceTask implements SourceTask {
  #config!: TwitterSourceConfig;
  #time!: Time;
  #partition: SourceMap = {};
  #feed!: Feed;
  #pace!: Pace;
  #ids!: SnowflakeIds;
  #count = 0;
  readonly #scatter = seededRandom(1, 1);
  readonly #tweets = new TweetMaker();

  async start(config: TwitterSourceConfig, context: SourceTaskContext): Promise<void> {
    this.#config = config;
    this.#time = context.time;
    this.#partition = { tweetSource: config['twitter.app.name'] };
    const [stored] = await context.offsets([this.#partition]);
    this.#ids = new SnowflakeIds(integer(stored ?? {}, 'tweetId'));
    this.#count = Number(integer(stored ?? {}, 'count'));
    this.#feed = await openFeed(config);
    if (this.#feed.warning !== null) context.logger.warn(this.#feed.warning);
    this.#pace = new Pace(context.time, config['runnel.twitter.rate']);
  }

  async poll(signal: AbortSignal): Promise<readonly SourceRecord[] | null> {
    if (this.#feed.post(this.#count) === null) {
      await sleep(this.#time, POLL_MS, signal);
      return null;
    }
    const limit = this.#config['batch.size'];
    // A batch is full, or as old as batch.timeout; the first post of it starts the clock.
    const fill = Math.min(this.#pace.wait(limit), this.#pace.wait(1) + this.#config['batch.timeout'] * 1_000, POLL_MS);
    if (fill > 0) await sleep(this.#time, fill, signal);
    if (signal.aborted) return null;
    const records = this.#pace.take(limit).map((milliseconds) => this.#record(milliseconds));
    return records.length > 0 ? records : null;
  }

  stop(): void {
    // Nothing is open: the feeds are in memory.
  }

  #record(milliseconds: number): SourceRecord {
    const post = this.#feed.post(this.#count) as NonNullable<ReturnType<Feed['post']>>;
    const id = this.#ids.next(milliseconds, this.#scatter.next());
    this.#count++;
    const structured = this.#config['output.format'] === 'structured';
    return {
      sourcePartition: this.#partition,
      sourceOffset: { tweetId: id, count: BigInt(this.#count) },
      topic: this.#config.topic,
      kafkaPartition: null,
      keySchema: Schema.STRING_SCHEMA,
      key: post.person.screenName,
      valueSchema: structured ? TWEET_SCHEMA : Schema.STRING_SCHEMA,
      value: structured ? this.#tweets.tweet(post, id, milliseconds) : post.text,
      timestamp: BigInt(milliseconds),
      headers: NO_HEADERS,
    };
  }
}

async function openFeed(config: TwitterSourceConfig): Promise<Feed> {
  const filter = streamFilter(config);
  const sample = config['stream.type'] === 'sample';
  const seed = Number(config['runnel.twitter.seed']);
  if (config['runnel.twitter.source'] === 'generator') return generatorFeed(filter, sample, seed);
  return replayFeed(await loadBundledPosts(), postFilter(filter, sample), seed);
}

function integer(offset: SourceMap, key: string): bigint {
  const value = offset[key] ?? 0n;
  if (typeof value !== 'bigint') throw new ConnectException(`The stored offset's '${key}' is no integer: ${value}`);
  return value;
}

const NO_HEADERS: SourceRecord['headers'] = [];
