import { ConfigException, ConnectException } from '../../../common/errors.ts';
import { RUNNEL_VERSION } from '../../../common/version.ts';
import { configDef, type ParsedConfig } from '../../connect/api/config-def.ts';
import { sourceConnector } from '../../connect/api/connector.ts';
import { atLeast, between, nonEmptyString, validator, validString } from '../../connect/api/validators.ts';
import { filterProblems } from './stream-filter.ts';
import { TwitterSourceTask } from './twitter-source-task.ts';

const CREDENTIAL =
  'Accepted and kept secret, but not used: this version does not connect to X, so no account is needed.';

const config = configDef({
  'twitter.consumerkey': {
    type: 'STRING',
    default: '',
    importance: 'HIGH',
    group: 'Account',
    doc: `Consumer key of the account. ${CREDENTIAL}`,
    displayName: 'Consumer key',
  },
  'twitter.consumersecret': {
    type: 'PASSWORD',
    default: null,
    importance: 'HIGH',
    group: 'Account',
    doc: `Consumer secret of the account. ${CREDENTIAL}`,
    displayName: 'Consumer secret',
  },
  'twitter.token': {
    type: 'STRING',
    default: '',
    importance: 'HIGH',
    group: 'Account',
    doc: `Access token of the account. ${CREDENTIAL}`,
    displayName: 'Access token',
  },
  'twitter.secret': {
    type: 'PASSWORD',
    default: null,
    importance: 'HIGH',
    group: 'Account',
    doc: `Access token secret of the account. ${CREDENTIAL}`,
    displayName: 'Access token secret',
  },
  'stream.type': {
    type: 'STRING',
    default: 'filter',
    validator: validString('filter', 'sample'),
    importance: 'HIGH',
    group: 'Stream',
    doc: 'filter: posts that meet track.terms, track.follow or track.locations. sample: some of all posts.',
    displayName: 'Stream type',
  },
  'track.terms': {
    type: 'LIST',
    default: [],
    importance: 'MEDIUM',
    group: 'Stream',
    doc: 'Words to look for, in any case, in the text, hashtags, mentions and links; a post needs one of the terms. All words of a term have to be there.',
    displayName: 'Terms',
  },
  'track.follow': {
    type: 'LIST',
    default: [],
    importance: 'MEDIUM',
    group: 'Stream',
    doc: 'Ids of accounts whose posts are wanted, numbers.',
    displayName: 'Accounts',
  },
  'track.locations': {
    type: 'LIST',
    default: [],
    importance: 'MEDIUM',
    group: 'Stream',
    doc: 'Boxes on the map whose posts are wanted: four numbers each, longitude and latitude of the south-western corner, then of the north-eastern one.',
    displayName: 'Places',
  },
  language: {
    type: 'LIST',
    default: [],
    importance: 'MEDIUM',
    group: 'Stream',
    doc: 'Languages (en, de, …) that posts may be in, with either stream type. Empty: all.',
    displayName: 'Languages',
  },
  topic: {
    type: 'STRING',
    default: 'tweets',
    validator: nonEmptyString(),
    importance: 'HIGH',
    group: 'Records',
    doc: 'The topic that the posts go to.',
    displayName: 'Topic',
  },
  'output.format': {
    type: 'STRING',
    default: 'structured',
    validator: validString('structured', 'string'),
    importance: 'MEDIUM',
    group: 'Records',
    doc: 'structured: the whole post as a struct. string: its text alone. The key is the screen name in both.',
    displayName: 'Output format',
  },
  'batch.size': {
    type: 'INT',
    default: 100,
    validator: atLeast(1),
    importance: 'MEDIUM',
    group: 'Records',
    doc: 'A batch is sent when it has so many posts.',
    displayName: 'Batch size',
  },
  'batch.timeout': {
    type: 'DOUBLE',
    default: 0.1,
    validator: atLeast(0),
    importance: 'MEDIUM',
    group: 'Records',
    doc: 'A batch is sent after so many seconds, full or not.',
    displayName: 'Batch timeout in seconds',
  },
  'twitter.app.name': {
    type: 'STRING',
    default: 'KafkaConnectTwitterSource',
    validator: nonEmptyString(),
    importance: 'HIGH',
    group: 'Account',
    doc: 'Name of the client. Offsets are stored under it.',
    displayName: 'App name',
  },
  'runnel.twitter.source': {
    type: 'STRING',
    default: 'replay',
    validator: validator((name, value) => {
      if (value === 'x')
        throw ConfigException.invalidValue(
          name,
          value,
          'connecting to X is not in this version; replay (bundled posts) and generator (endless ones) are',
        );
      validString('replay', 'generator').ensureValid(name, value);
    }, '[replay, generator]'),
    importance: 'MEDIUM',
    group: 'Runnel',
    doc: 'Only in Runnel. replay: about 5,000 bundled posts, synthetic, round and round with new ids and times. generator: posts written as they go, without end, that meet whatever is tracked.',
    displayName: 'Where posts come from',
  },
  'runnel.twitter.rate': {
    type: 'DOUBLE',
    default: 20,
    validator: between(0.001, 50_000),
    importance: 'MEDIUM',
    group: 'Runnel',
    doc: 'Only in Runnel: posts per second.',
    displayName: 'Posts per second',
  },
  'runnel.twitter.seed': {
    type: 'LONG',
    default: 1n,
    validator: between(0n, 2n ** 52n),
    importance: 'LOW',
    group: 'Runnel',
    doc: 'Only in Runnel: the same seed gives the same posts in the same order.',
    displayName: 'Seed',
  },
});

export type TwitterSourceConfig = ParsedConfig<(typeof config)['keys']>;

/** Java: `com.eneco.trading.kafka.connect.twitter.TwitterSourceConnector`, the connector of the classic example. */
export const twitterSource = sourceConnector({
  className: 'com.eneco.trading.kafka.connect.twitter.TwitterSourceConnector',
  version: RUNNEL_VERSION,
  summary: 'Streams posts as the Twitter connector of the classic example did, from bundled or generated posts.',
  category: 'Sample data',
  worksOffline: true,
  runsOnKafkaConnect: true,
  delivery: 'At least once. Goes on after the last stored post; ids grow over restarts.',
  config,
  examples: [
    {
      title: 'The classic example',
      config: {
        name: 'twitter-source',
        'connector.class': 'com.eneco.trading.kafka.connect.twitter.TwitterSourceConnector',
        'tasks.max': '1',
        'track.terms': 'frankfurt',
        topic: 'twitter',
      },
    },
    {
      title: 'A thousand posts a second in every language, without end',
      config: {
        name: 'tweets-generator',
        'connector.class': 'TwitterSource',
        'tasks.max': '1',
        'stream.type': 'sample',
        topic: 'tweets',
        'runnel.twitter.source': 'generator',
        'runnel.twitter.rate': '1000',
      },
    },
  ],

  validate: filterProblems,

  /** One stream per account, as Twitter allowed: two tasks would send every post twice. */
  taskConfigs: (_config, raw) => [raw],

  task: () => new TwitterSourceTask(),

  alterOffsets(_raw, offsets) {
    for (const { partition, offset } of offsets) {
      if (offset === null) continue;
      if (typeof partition?.tweetSource !== 'string')
        throw new ConnectException("Partition objects should contain the key 'tweetSource', a text");
      for (const key of ['tweetId', 'count']) {
        const value = offset[key];
        if (value === undefined && key === 'count') continue;
        if (typeof value !== 'bigint' || value < 0n)
          throw new ConnectException(
            `Offset objects should either be null or contain the key '${key}', a non-negative integer`,
          );
      }
    }
    return true;
  },
});
