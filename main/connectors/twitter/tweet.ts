import { Schema } from '../../connect/api/schema.ts';
import { SchemaBuilder } from '../../connect/api/schema-builder.ts';
import { Struct } from '../../connect/api/struct.ts';
import { hashtagsOf, type Person, type Post } from './post.ts';
import { photoUrl } from './writer.ts';

const NAMESPACE = 'com.eneco.trading.kafka.connect.twitter';
const { INT32_SCHEMA, INT64_SCHEMA, BOOLEAN_SCHEMA, OPTIONAL_STRING_SCHEMA } = Schema;

const HASHTAG = struct('Hashtag').field('text', OPTIONAL_STRING_SCHEMA).build();
const MEDIUM = struct('Medium')
  .field('display_url', OPTIONAL_STRING_SCHEMA)
  .field('expanded_url', OPTIONAL_STRING_SCHEMA)
  .field('id', INT64_SCHEMA)
  .field('type', OPTIONAL_STRING_SCHEMA)
  .field('url', OPTIONAL_STRING_SCHEMA)
  .build();
const URL = struct('Url')
  .field('display_url', OPTIONAL_STRING_SCHEMA)
  .field('expanded_url', OPTIONAL_STRING_SCHEMA)
  .field('url', OPTIONAL_STRING_SCHEMA)
  .build();
const USER_MENTION = struct('UserMention')
  .field('id', INT64_SCHEMA)
  .field('name', OPTIONAL_STRING_SCHEMA)
  .field('screen_name', OPTIONAL_STRING_SCHEMA)
  .build();
const ENTITIES = struct('Entities')
  .field('hashtags', SchemaBuilder.array(HASHTAG).optional().build())
  .field('media', SchemaBuilder.array(MEDIUM).optional().build())
  .field('urls', SchemaBuilder.array(URL).optional().build())
  .field('user_mentions', SchemaBuilder.array(USER_MENTION).optional().build())
  .build();
const USER = struct('User')
  .field('id', INT64_SCHEMA)
  .field('name', OPTIONAL_STRING_SCHEMA)
  .field('screen_name', OPTIONAL_STRING_SCHEMA)
  .field('location', OPTIONAL_STRING_SCHEMA)
  .field('verified', BOOLEAN_SCHEMA)
  .field('friends_count', INT32_SCHEMA)
  .field('followers_count', INT32_SCHEMA)
  .field('statuses_count', INT32_SCHEMA)
  .build();

/** The value's schema, field by field that of Eneco's connector. */
export const TWEET_SCHEMA = struct('Tweet')
  .field('id', INT64_SCHEMA)
  .field('created_at', OPTIONAL_STRING_SCHEMA)
  .field('user', USER)
  .field('text', OPTIONAL_STRING_SCHEMA)
  .field('lang', OPTIONAL_STRING_SCHEMA)
  .field('is_retweet', BOOLEAN_SCHEMA)
  .field('entities', ENTITIES)
  .build();

function struct(name: string): SchemaBuilder {
  return SchemaBuilder.struct().name(`${NAMESPACE}.${name}`);
}

/** What of a post stays the same however often it is sent, made once for each of the bundled ones. */
export class TweetMaker {
  readonly #users = new WeakMap<Person, Struct>();
  readonly #entities = new WeakMap<Post, Struct>();
  #createdAt = { milliseconds: Number.NaN, text: '' };

  /** `milliseconds`: when it was posted, since 1970. */
  tweet(post: Post, id: bigint, milliseconds: number): Struct {
    return new Struct(TWEET_SCHEMA)
      .put('id', id)
      .put('created_at', this.#timeText(milliseconds))
      .put('user', remember(this.#users, post.person, user))
      .put('text', post.text)
      .put('lang', post.lang)
      .put('is_retweet', post.retweet)
      .put('entities', remember(this.#entities, post, entities));
  }

  /** At high rates many posts share a millisecond. */
  #timeText(milliseconds: number): string {
    if (this.#createdAt.milliseconds !== milliseconds)
      this.#createdAt = { milliseconds, text: createdAt(milliseconds) };
    return this.#createdAt.text;
  }
}

function remember<K extends object, V>(known: WeakMap<K, V>, key: K, make: (key: K) => V): V {
  let value = known.get(key);
  if (value === undefined) known.set(key, (value = make(key)));
  return value;
}

/** Java's `yyyy-MM-dd'T'HH:mm:ss.SSSZ` in UTC: `2026-11-23T10:42:18.177+0000`. */
function createdAt(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '+0000');
}

function user(person: Person): Struct {
  return new Struct(USER)
    .put('id', person.id)
    .put('name', person.name)
    .put('screen_name', person.screenName)
    .put('location', person.location)
    .put('verified', person.verified)
    .put('friends_count', person.friends)
    .put('followers_count', person.followers)
    .put('statuses_count', person.statuses);
}

function entities(post: Post): Struct {
  const first = post.photos[0];
  return new Struct(ENTITIES)
    .put(
      'hashtags',
      hashtagsOf(post.text).map((text) => new Struct(HASHTAG).put('text', text)),
    )
    .put(
      'media',
      post.photos.map((id, i) => {
        const url = photoUrl(first as bigint);
        return new Struct(MEDIUM)
          .put('display_url', url.replace('https://', 'pic.'))
          .put('expanded_url', `https://social.example/${post.person.screenName}/photo/${id}/${i + 1}`)
          .put('id', id)
          .put('type', 'photo')
          .put('url', url);
      }),
    )
    .put(
      'urls',
      post.links.map((link) =>
        new Struct(URL).put('display_url', link.displayUrl).put('expanded_url', link.expandedUrl).put('url', link.url),
      ),
    )
    .put(
      'user_mentions',
      post.mentions.map((person) =>
        new Struct(USER_MENTION).put('id', person.id).put('name', person.name).put('screen_name', person.screenName),
      ),
    );
}
