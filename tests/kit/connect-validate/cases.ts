import type { Client } from '../../../main/kafka/settings/setting.ts';
import { SETTING_NAMES, settingDefinition } from '../../../main/kafka/settings/setting-definitions.ts';

/** A configuration whose whole validation is compared: `PUT /connector-plugins/<class>/config/validate`. */
export interface ValidateCase {
  /** What it is about, for the reader of a failure. */
  about: string;
  config: Readonly<Record<string, unknown>>;
  /** The errors of a key are meant to be others here, and why. */
  differs?: { why: string; key: string; errors: readonly string[] };
}

const T = 'org.apache.kafka.connect.transforms';
const P = `${T}.predicates`;
const C = 'org.apache.kafka.connect.converters';
const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';

const BATCH_SIZE = '`batch.size` of FileStreamSource has to be at least 1; Connect takes 0 and then reads nothing';
const NO_JAVA = 'a message has no Java exception, class or null pointer inside';
const ANSWERED = 'what is wrong with a configuration is an error of its key, where Connect fails with 500';

const notFound = (name: string, version: string) =>
  `Plugin org.apache.kafka.connect.${name} not found that matches the version range [${version},${version}], available versions: [4.3.1]`;

type Settings = Readonly<Record<string, unknown>>;

const SOURCE = { name: 'x', 'connector.class': 'FileStreamSource', topic: 't', file: '/in.txt' };
const SINK = { name: 'x', 'connector.class': 'FileStreamSink', topics: 't', file: '/out.txt' };

function source(about: string, settings: Settings = {}, more: Partial<ValidateCase> = {}): ValidateCase {
  return { about, config: { ...SOURCE, ...settings }, ...more };
}

function sink(about: string, settings: Settings = {}, more: Partial<ValidateCase> = {}): ValidateCase {
  return { about, config: { ...SINK, ...settings }, ...more };
}

/** One transformation named `a`. */
function smt(type: string, settings: Settings = {}, more: Partial<ValidateCase> = {}): ValidateCase {
  return source(
    `transformation ${type} ${JSON.stringify(settings)}`,
    stage('transforms', 'a', `${T}.${type}`, settings),
    more,
  );
}

function predicate(type: string, settings: Settings = {}, more: Partial<ValidateCase> = {}): ValidateCase {
  return source(
    `predicate ${type} ${JSON.stringify(settings)}`,
    stage('predicates', 'p', `${P}.${type}`, settings),
    more,
  );
}

function stage(list: string, alias: string, type: string, settings: Settings): Settings {
  const own = Object.entries(settings).map(([key, value]) => [`${list}.${alias}.${key}`, value]);
  return { [list]: alias, [`${list}.${alias}.type`]: type, ...Object.fromEntries(own) };
}

function converter(key: string, name: string, settings: Settings = {}): ValidateCase {
  const own = Object.entries(settings).map(([option, value]) => [`${key}.${option}`, value]);
  return sink(`${key} ${name} ${JSON.stringify(settings)}`, { [key]: name, ...Object.fromEntries(own) });
}

const connectors: readonly ValidateCase[] = [
  source('a source that is right'),
  sink('a sink that is right'),
  { about: 'a source of the standard input', config: { name: 'x', 'connector.class': 'FileStreamSource', topic: 't' } },
  { about: 'a sink to the standard output', config: { name: 'x', 'connector.class': 'FileStreamSink', topics: 't' } },
  {
    about: 'a source by its full name',
    config: { ...SOURCE, 'connector.class': 'org.apache.kafka.connect.file.FileStreamSourceConnector' },
  },
  { about: 'a source with nothing', config: { 'connector.class': 'FileStreamSource' } },
  { about: 'a sink with nothing', config: { 'connector.class': 'FileStreamSink' } },
  source('an empty topic', { topic: '' }),
  source('a topic of blanks', { topic: '  ' }),
  source('a topic and another', { topic: 'a,b' }),
  source('an empty file', { file: '' }),
  sink('an empty file of a sink', { file: '' }),
  source('a batch size', { 'batch.size': '10' }),
  source(
    'a batch size that is no number',
    { 'batch.size': 'many' },
    {
      differs: {
        why: BATCH_SIZE,
        key: 'batch.size',
        errors: [
          'Invalid value many for configuration batch.size: Not a number of type INT',
          'Invalid value null for configuration batch.size: Value must be non-null',
        ],
      },
    },
  ),
  source(
    'a batch size of 0',
    { 'batch.size': '0' },
    {
      differs: {
        why: BATCH_SIZE,
        key: 'batch.size',
        errors: ['Invalid value 0 for configuration batch.size: Value must be at least 1'],
      },
    },
  ),
  source(
    'a batch size beyond int32',
    { 'batch.size': '2147483648' },
    {
      differs: {
        why: BATCH_SIZE,
        key: 'batch.size',
        errors: [
          'Invalid value 2147483648 for configuration batch.size: Not a number of type INT',
          'Invalid value null for configuration batch.size: Value must be non-null',
        ],
      },
    },
  ),
  source('unknown keys', { 'no.such.key': '1', __proto: 'x', constructor: 'y' }),
  source('numbers and booleans', { 'batch.size': 5, 'errors.log.enable': true }),
  source('white space around values', { topic: ' t ', 'batch.size': ' 7 ', 'tasks.max': ' 2 ' }),
];

const common: readonly ValidateCase[] = [
  source('an empty name', { name: '' }),
  source('a name with a control character', { name: 'a\u0007b' }),
  source('a name with others than ASCII', { name: 'Größe 😀' }),
  source('tasks.max 3', { 'tasks.max': '3' }),
  source('tasks.max 0', { 'tasks.max': '0' }),
  source('tasks.max -1', { 'tasks.max': '-1' }),
  source('tasks.max no number', { 'tasks.max': '1.5' }),
  source('tasks.max empty', { 'tasks.max': '' }),
  source('tasks.max.enforce false', { 'tasks.max.enforce': 'false' }),
  source('tasks.max.enforce wrong', { 'tasks.max.enforce': 'no' }),
  source('config.action.reload none', { 'config.action.reload': 'none' }),
  source('config.action.reload wrong', { 'config.action.reload': 'RESTART' }),
  source('errors.* set', {
    'errors.tolerance': 'all',
    'errors.retry.timeout': '-1',
    'errors.retry.delay.max.ms': '5',
    'errors.log.enable': 'TRUE',
    'errors.log.include.messages': 'true',
  }),
  source('errors.* wrong', {
    'errors.tolerance': 'ALL',
    'errors.retry.timeout': '1s',
    'errors.retry.delay.max.ms': 'x',
    'errors.log.enable': '1',
    'errors.log.include.messages': '',
  }),
  source('errors.retry.timeout -5', { 'errors.retry.timeout': '-5', 'errors.retry.delay.max.ms': '-1' }),
  sink('a dead letter queue', {
    'errors.tolerance': 'all',
    'errors.deadletterqueue.topic.name': 'dlq',
    'errors.deadletterqueue.topic.replication.factor': '1',
    'errors.deadletterqueue.context.headers.enable': 'true',
  }),
  sink('a dead letter queue that is wrong', {
    'errors.deadletterqueue.topic.name': '',
    'errors.deadletterqueue.topic.replication.factor': '70000',
    'errors.deadletterqueue.context.headers.enable': 'maybe',
  }),
  sink('a dead letter queue with replication factor 0', {
    'errors.deadletterqueue.topic.name': 'd',
    'errors.deadletterqueue.topic.replication.factor': '0',
  }),
  sink('a dead letter queue among the topics', { topics: 'a,b', 'errors.deadletterqueue.topic.name': 'b' }),
  sink('a dead letter queue that topics.regex matches', {
    topics: '',
    'topics.regex': 'a|b',
    'errors.deadletterqueue.topic.name': 'b',
  }),
  source('a dead letter queue of a source', { 'errors.deadletterqueue.topic.name': 'dlq' }),
  sink('both topics and topics.regex', { 'topics.regex': 't.*' }),
  sink('neither topics nor topics.regex', { topics: '' }),
  sink('topics of blanks', { topics: ' , ' }),
  sink('topics twice', { topics: 'a,a' }),
  sink('topics with an empty one', { topics: 'a,,b' }),
  sink('topics with blanks', { topics: ' a , b ' }),
  sink('topics.regex', { topics: '', 'topics.regex': 'a.*' }),
  sink('topics.regex that is none', { topics: '', 'topics.regex': 'a(' }),
  sink(
    'topics.regex that is none, with a dead letter queue',
    { topics: '', 'topics.regex': '[', 'errors.deadletterqueue.topic.name': 'd' },
    {
      differs: {
        why: ANSWERED,
        key: 'topics.regex',
        errors: [
          'Invalid value [ for configuration topics.regex: Invalid regex: Unclosed character class near index 1\n[',
        ],
      },
    },
  ),
  sink('keys of a source in a sink', {
    'topic.creation.groups': 'a',
    'exactly.once.support': 'x',
    'offsets.storage.topic': '',
  }),
];

const sources: readonly ValidateCase[] = [
  source('exactly.once.support required', { 'exactly.once.support': 'required' }),
  source('exactly.once.support in capitals', { 'exactly.once.support': 'REQUESTED' }),
  source('exactly.once.support wrong', { 'exactly.once.support': 'never' }),
  source('transaction.boundary connector', { 'transaction.boundary': 'connector' }),
  source('transaction.boundary interval', {
    'transaction.boundary': 'Interval',
    'transaction.boundary.interval.ms': '1000',
  }),
  source('transaction.boundary wrong', { 'transaction.boundary': 'x', 'transaction.boundary.interval.ms': '-1' }),
  source('transaction.boundary.interval.ms no number', { 'transaction.boundary.interval.ms': 'x' }),
  source('offsets.storage.topic', { 'offsets.storage.topic': 'my-offsets' }),
  source('offsets.storage.topic empty', { 'offsets.storage.topic': '' }),
  source('offsets.storage.topic of blanks', { 'offsets.storage.topic': '  ' }),
  source('topic creation by default', {
    'topic.creation.default.partitions': '3',
    'topic.creation.default.replication.factor': '1',
  }),
  source('topic creation by the broker’s defaults', {
    'topic.creation.default.partitions': '-1',
    'topic.creation.default.replication.factor': '-1',
  }),
  source('topic creation with settings of topics', {
    'topic.creation.default.partitions': '3',
    'topic.creation.default.replication.factor': '1',
    'topic.creation.default.cleanup.policy': 'compact',
  }),
  source('topic creation groups', {
    'topic.creation.groups': 'a,b',
    'topic.creation.default.partitions': '3',
    'topic.creation.default.replication.factor': '1',
    'topic.creation.a.include': 'x.*,y',
    'topic.creation.a.exclude': 'xx',
    'topic.creation.b.include': 'z',
    'topic.creation.b.partitions': '5',
    'topic.creation.b.replication.factor': '2',
    'topic.creation.b.retention.ms': '1',
  }),
];

const transformations: readonly ValidateCase[] = [
  source('no transformations', { transforms: '' }),
  source('a transformation without type', { transforms: 'a' }),
  source('a transformation of an empty type', { transforms: 'a', 'transforms.a.type': '' }),
  source('a transformation of an unknown type', { transforms: 'a', 'transforms.a.type': 'com.example.Nope' }),
  source('a transformation twice', { transforms: 'a,a', 'transforms.a.type': `${T}.Filter` }),
  source('a converter as a transformation', { transforms: 'a', 'transforms.a.type': JSON_CONVERTER }),
  source('a transformation by its alias', {
    transforms: 'a',
    'transforms.a.type': 'RegexRouter',
    'transforms.a.regex': 'x',
    'transforms.a.replacement': 'y',
  }),
  source('a transformation by a short name that is no alias', {
    transforms: 'a',
    'transforms.a.type': 'Cast$Value',
    'transforms.a.spec': 'int8',
  }),
  source('a transformation without Key or Value', {
    transforms: 'a',
    'transforms.a.type': `${T}.Cast`,
    'transforms.a.spec': 'int8',
  }),
  source('two transformations, one wrong', {
    transforms: 'a, b',
    'transforms.a.type': `${T}.HoistField$Value`,
    'transforms.a.field': 'line',
    'transforms.b.type': `${T}.InsertField$Key`,
    'transforms.b.static.field': 's',
    'transforms.b.unknown': 'u',
  }),
  source('a transformation that is not in the list', { 'transforms.z.type': `${T}.Filter` }),
  source('a predicate that is not defined', { ...stage('transforms', 'a', `${T}.Filter`, { predicate: 'nope' }) }),
  source('a predicate and its negation', {
    ...stage('transforms', 'a', `${T}.Filter`, { predicate: 'p', negate: 'true' }),
    ...stage('predicates', 'p', `${P}.RecordIsTombstone`, {}),
  }),
  source('negate without a predicate', stage('transforms', 'a', `${T}.Filter`, { negate: 'true' })),
  source('negate that is no boolean', {
    ...stage('transforms', 'a', `${T}.Filter`, { predicate: 'p', negate: 'not' }),
    ...stage('predicates', 'p', `${P}.RecordIsTombstone`, {}),
  }),
  source('the version of a transformation', stage('transforms', 'a', `${T}.Filter`, { 'plugin.version': '4.3.1' })),
  smt('Cast$Value', { spec: 'a:int8,b:string' }),
  smt('Cast$Key', {}),
  smt('Cast$Value', { spec: '' }),
  smt(
    'Cast$Value',
    { spec: 'a:nope' },
    { differs: { why: NO_JAVA, key: 'transforms.a.spec', errors: ['Invalid type found in casting spec: nope'] } },
  ),
  smt('Cast$Value', { spec: 'a:int8:x', 'replace.null.with.default': 'x' }),
  smt('DropHeaders', { headers: 'a,b' }),
  smt('DropHeaders', {}),
  smt('DropHeaders', { headers: '' }),
  smt('ExtractField$Key', { field: 'a.b', 'field.syntax.version': 'V2', 'replace.null.with.default': 'false' }),
  smt('ExtractField$Value', { 'field.syntax.version': 'V3' }),
  smt('ExtractField$Value', { field: '', 'field.syntax.version': 'v2' }),
  smt('Filter', {}),
  smt('Flatten$Value', { delimiter: '_' }),
  smt('Flatten$Key', {}),
  smt('HeaderFrom$Value', { fields: 'a', headers: 'h', operation: 'copy' }),
  smt('HeaderFrom$Key', { operation: 'swap' }),
  smt('HeaderFrom$Value', { fields: '', headers: '', operation: 'MOVE', 'replace.null.with.default': 'no' }),
  smt('HoistField$Value', { field: 'x' }),
  smt('HoistField$Key', {}),
  smt('InsertField$Value', {
    'topic.field': 't!',
    'partition.field': 'p?',
    'offset.field': 'o',
    'timestamp.field': 'ts',
    'static.field': 's',
    'static.value': 'v',
  }),
  smt('InsertField$Key', { 'replace.null.with.default': 'maybe' }),
  smt('InsertHeader', { header: 'h', 'value.literal': '1' }),
  smt('InsertHeader', {}),
  smt('InsertHeader', { header: '', 'value.literal': '' }),
  smt('MaskField$Value', { fields: 'a', replacement: 'x', 'replace.null.with.default': 'true' }),
  smt('MaskField$Key', {}),
  smt('MaskField$Value', { fields: '', replacement: '' }),
  smt('RegexRouter', { regex: '(', replacement: '' }),
  smt(
    'RegexRouter',
    {},
    {
      differs: {
        why: NO_JAVA,
        key: 'transforms.a.regex',
        errors: [
          'Missing required configuration "transforms.a.regex" which has no default value.',
          'Invalid value null for configuration regex: Invalid regex: null',
        ],
      },
    },
  ),
  smt('ReplaceField$Value', { include: 'a', exclude: 'b', renames: 'c:d' }),
  smt('ReplaceField$Key', { renames: 'c' }),
  smt('ReplaceField$Value', { renames: 'a:b:c', whitelist: 'x', blacklist: 'y' }),
  smt('SetSchemaMetadata$Value', { 'schema.name': 'n', 'schema.version': '1' }),
  smt('SetSchemaMetadata$Key', { 'schema.version': 'one', 'replace.null.with.default': '0' }),
  smt('TimestampConverter$Value', { 'target.type': 'string', field: 'a', format: 'yyyy', 'unix.precision': 'seconds' }),
  smt('TimestampConverter$Key', {}),
  smt('TimestampConverter$Value', { 'target.type': 'nope', 'unix.precision': 'hours' }),
  smt('TimestampRouter', {}),
  smt('TimestampRouter', { 'topic.format': '$\x7btopic}', 'timestamp.format': 'q' }),
  smt('ValueToKey', { fields: 'a,b' }),
  smt('ValueToKey', {}),
  smt('ValueToKey', { fields: '', 'replace.null.with.default': 'n' }),
  predicate('HasHeaderKey', { name: 'h' }),
  predicate('HasHeaderKey', {}),
  predicate('HasHeaderKey', { name: '' }),
  predicate('RecordIsTombstone', {}),
  predicate('TopicNameMatches', { pattern: 'a.*' }),
  predicate('TopicNameMatches', { pattern: '(' }),
  predicate(
    'TopicNameMatches',
    {},
    {
      differs: {
        why: NO_JAVA,
        key: 'predicates.p.pattern',
        errors: [
          'Missing required configuration "predicates.p.pattern" which has no default value.',
          'Invalid value null for configuration pattern: Invalid regex: null',
        ],
      },
    },
  ),
  source('a predicate without type', { predicates: 'p' }),
  source('a predicate of an unknown type', { predicates: 'p', 'predicates.p.type': 'Nope' }),
  source('a predicate by its alias', {
    predicates: 'p',
    'predicates.p.type': 'HasHeaderKey',
    'predicates.p.name': 'n',
  }),
  source('a predicate twice', { predicates: 'p,p', 'predicates.p.type': 'RecordIsTombstone' }),
  source('a predicate with its version', {
    predicates: 'p',
    'predicates.p.type': 'RecordIsTombstone',
    'predicates.p.plugin.version': '4.3.1',
  }),
];

const converters: readonly ValidateCase[] = [
  converter('value.converter', JSON_CONVERTER),
  converter('value.converter', JSON_CONVERTER, {
    'schemas.enable': 'false',
    'schemas.cache.size': '5',
    'decimal.format': 'numeric',
    'replace.null.with.default': 'false',
    'schema.content': '{"type":"string"}',
  }),
  converter('key.converter', JSON_CONVERTER, {
    'schemas.enable': 'maybe',
    'schemas.cache.size': '-1',
    'decimal.format': 'hex',
    'replace.null.with.default': 'x',
  }),
  converter('key.converter', JSON_CONVERTER, { 'schema.content': 'no json', 'converter.type': 'value' }),
  converter('key.converter', 'org.apache.kafka.connect.storage.StringConverter', { 'converter.encoding': 'utf-16' }),
  converter('key.converter', 'String', { 'converter.encoding': 'no-such' }),
  converter('value.converter', `${C}.ByteArrayConverter`),
  converter('value.converter', `${C}.BooleanConverter`),
  converter('value.converter', `${C}.ShortConverter`),
  converter('value.converter', `${C}.IntegerConverter`),
  converter('value.converter', `${C}.LongConverter`),
  converter('value.converter', `${C}.FloatConverter`),
  converter('value.converter', `${C}.DoubleConverter`, { unknown: '1' }),
  converter('value.converter', 'com.example.Nope', { 'schemas.enable': 'x' }),
  converter('value.converter', ''),
  converter('value.converter', `${T}.Filter`),
  converter('header.converter', 'org.apache.kafka.connect.storage.SimpleHeaderConverter'),
  converter('header.converter', 'Simple'),
  converter('header.converter', JSON_CONVERTER, { 'schemas.enable': 'wrong' }),
  converter('header.converter', 'String', { 'converter.encoding': 'x', 'converter.type': 'key' }),
  converter('header.converter', `${C}.LongConverter`),
  converter('header.converter', 'Nope'),
  converter('value.converter', JSON_CONVERTER, { 'plugin.version': '4.3.1' }),
  source('versions of plugins', {
    'connector.plugin.version': '4.3.1',
    'key.converter.plugin.version': '',
    'header.converter.plugin.version': 'x',
  }),
  source(
    'the version of a connector that is not there',
    { 'connector.plugin.version': '1.0.0' },
    {
      differs: {
        why: ANSWERED,
        key: 'connector.plugin.version',
        errors: [notFound('file.FileStreamSourceConnector', '1.0.0')],
      },
    },
  ),
  source('a range of versions of a connector', { 'connector.plugin.version': '[4.0,5.0)' }),
  source(
    'a range of versions of a connector that is none',
    { 'connector.plugin.version': '[4.0' },
    {
      differs: { why: ANSWERED, key: 'connector.plugin.version', errors: ['Unbounded range: [4.0'] },
    },
  ),
  ...['5', '[5,6)', '[4.0', '[4.3.1]', 'latest', '(4.3.1]', '[5,4]', '[1],[4,5]', '[4,6],[5,7]', '[1],x', ''].flatMap(
    (version) => [
      source(`version ${version} of a converter`, {
        'key.converter': 'String',
        'key.converter.plugin.version': version,
      }),
      source(
        `version ${version} of a transformation`,
        stage('transforms', 'a', `${T}.Filter`, { 'plugin.version': version }),
      ),
      source(
        `version ${version} of a predicate`,
        stage('predicates', 'p', 'RecordIsTombstone', { 'plugin.version': version }),
      ),
    ],
  ),
  source('version 5 of a header converter', { 'header.converter': 'Simple', 'header.converter.plugin.version': '5' }),
  source('version 5 of the worker’s converter', { 'value.converter.plugin.version': '5' }),
];

/** Every key of a client that is for people, with its own default, but for classes and what has none. */
const everyKey = (client: Client) =>
  Object.fromEntries(
    SETTING_NAMES.flatMap((name) => {
      const definition = settingDefinition(client, name);
      const value = definition?.default;
      if (!value || definition.type === 'CLASS' || value.startsWith('class ') || name.startsWith('internal.'))
        return [];
      return [[`${client}.override.${name}`, value]];
    }),
  );

const overrides: readonly ValidateCase[] = [
  source('every key of the producer', everyKey('producer')),
  sink('every key of the consumer', everyKey('consumer')),
  sink('every key of the admin client', { 'errors.deadletterqueue.topic.name': 'd', ...everyKey('admin') }),
  source('overrides of the producer', {
    'producer.override.acks': '1',
    'producer.override.linger.ms': '5',
    'consumer.override.max.poll.records': '1',
  }),
  sink('overrides of the consumer', {
    'consumer.override.max.poll.records': '1',
    'consumer.override.group.id': 'g',
    'producer.override.acks': '1',
  }),
  sink('overrides of a dead letter queue’s clients', {
    'errors.deadletterqueue.topic.name': 'd',
    'producer.override.acks': '1',
    'admin.override.retries': '1',
  }),
  source('overrides of the admin client', {
    'admin.override.retries': '1',
    'topic.creation.default.partitions': '1',
    'topic.creation.default.replication.factor': '1',
  }),
  source('an override that no client knows', { 'producer.override.no.such': '1' }),
];

export const VALIDATE_CASES: readonly ValidateCase[] = [
  ...connectors,
  ...common,
  ...sources,
  ...transformations,
  ...converters,
  ...overrides,
];
