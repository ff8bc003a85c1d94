import type { InputRecord, Scenario, SinkScenario, SourceScenario } from './scenario.ts';

const T = 'org.apache.kafka.connect.transforms';
const C = 'org.apache.kafka.connect.converters';
const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';

const GOOD_ONES_FIRST =
  'the good records before a bad one reach the sink and are committed before the task fails; Connect drops the whole batch';
const CLIENT_WORDS = 'what a broker refuses has Kafka’s class of exception, with words of our own';
const REFUSED = [
  'org.apache.kafka.connect.errors.ConnectException: Unrecoverable exception from producer send callback',
  'Caused by: org.apache.kafka.common.errors.RecordTooLargeException: A record is larger than the broker accepts (max.message.bytes).',
];
const SKIPPED_ARE_DONE =
  'the offset of a record that is skipped is stored at once; Connect stores it with that of a later record';

interface FailingStage {
  name: string;
  config: Readonly<Record<string, string>>;
}

/** Where a record can fail on its way from a topic to a file; the second of three records does. */
const SINK_STAGES: readonly (FailingStage & { first: string; records: readonly InputRecord[] })[] = [
  {
    name: 'key',
    config: { 'key.converter': `${C}.IntegerConverter` },
    /** The first record’s line. */
    first: 'a',
    records: [
      { key: Buffer.from('00000001', 'hex'), value: 'a' },
      { key: Buffer.from('0102', 'hex'), value: 'b', headers: [['h', 'v']] },
      { key: null, value: 'c' },
    ],
  },
  {
    name: 'value',
    config: { 'value.converter': `${C}.LongConverter` },
    first: '1',
    records: [
      { key: 'k1', value: Buffer.from('0000000000000001', 'hex') },
      {
        key: 'k2',
        value: 'b',
        headers: [
          ['h', 'v'],
          ['h', null],
        ],
      },
      { key: 'k3', value: Buffer.from('0000000000000003', 'hex') },
    ],
  },
  {
    name: 'json',
    config: { 'value.converter': JSON_CONVERTER },
    first: 'a',
    records: [
      { value: '{"schema":{"type":"string"},"payload":"a"}' },
      { value: '{"no":"envelope"}' },
      { value: '{"schema":{"type":"int32"},"payload":3}' },
    ],
  },
  {
    name: 'header',
    config: { 'header.converter': `${C}.ShortConverter` },
    first: 'a',
    records: [
      { value: 'a', headers: [['n', Buffer.from('0001', 'hex')]] },
      {
        value: 'b',
        headers: [
          ['n', Buffer.from('0001', 'hex')],
          ['m', 'x'],
        ],
      },
      { value: 'c' },
    ],
  },
  {
    name: 'smt',
    config: { transforms: 'cast', 'transforms.cast.type': `${T}.Cast$Value`, 'transforms.cast.spec': 'int32' },
    first: '1',
    records: [{ value: '1' }, { key: 'k', value: 'two', headers: [['h', 'v']] }, { value: '3' }],
  },
  {
    name: 'second-smt',
    config: {
      transforms: 'route,extract',
      'transforms.route.type': `${T}.RegexRouter`,
      'transforms.route.regex': '.*',
      'transforms.route.replacement': 'other',
      'transforms.extract.type': `${T}.ExtractField$Value`,
      'transforms.extract.field': 'f',
      'value.converter': JSON_CONVERTER,
      'value.converter.schemas.enable': 'false',
    },
    first: '1',
    records: [{ value: '{"f":1}' }, { value: '[1]' }, { value: '{"f":3}' }],
  },
];

const SOURCE_STAGES: readonly FailingStage[] = [
  {
    name: 'smt',
    config: { transforms: 'cast', 'transforms.cast.type': `${T}.Cast$Value`, 'transforms.cast.spec': 'int32' },
  },
  {
    name: 'value',
    config: {
      'value.converter': `${C}.IntegerConverter`,
      transforms: 'hoist,cast',
      'transforms.hoist.type': `${T}.HoistField$Value`,
      'transforms.hoist.field': 'n',
      'transforms.cast.type': `${T}.Cast$Value`,
      'transforms.cast.spec': 'n:int32',
    },
  },
  {
    name: 'key',
    config: {
      'key.converter': `${C}.IntegerConverter`,
      transforms: 'hoist,key,extract',
      'transforms.hoist.type': `${T}.HoistField$Value`,
      'transforms.hoist.field': 'n',
      'transforms.key.type': `${T}.ValueToKey`,
      'transforms.key.fields': 'n',
      'transforms.extract.type': `${T}.ExtractField$Key`,
      'transforms.extract.field': 'n',
    },
  },
  {
    name: 'header',
    config: {
      'header.converter': `${C}.IntegerConverter`,
      transforms: 'hoist,from',
      'transforms.hoist.type': `${T}.HoistField$Value`,
      'transforms.hoist.field': 'n',
      'transforms.from.type': `${T}.HeaderFrom$Value`,
      'transforms.from.fields': 'n',
      'transforms.from.headers': 'n',
      'transforms.from.operation': 'copy',
    },
  },
];

const TOLERANCES = {
  none: {},
  all: { 'errors.tolerance': 'all' },
  'all-logged': { 'errors.tolerance': 'all', 'errors.log.enable': 'true', 'errors.log.include.messages': 'true' },
  'none-retried': { 'errors.retry.timeout': '2000', 'errors.retry.delay.max.ms': '100' },
} as const;

const QUEUES = {
  '': {},
  dlq: {
    'errors.deadletterqueue.topic.name': '{side}.NAME.dlq',
    'errors.deadletterqueue.topic.replication.factor': '1',
  },
  'dlq-context': {
    'errors.deadletterqueue.topic.name': '{side}.NAME.dlq',
    'errors.deadletterqueue.topic.replication.factor': '1',
    'errors.deadletterqueue.context.headers.enable': 'true',
  },
} as const;

function sinkOffsets(name: string, offset: number) {
  return [{ offset: { kafka_offset: offset }, partition: { kafka_partition: 0, kafka_topic: `in.${name}` } }];
}

function named(name: string, config: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, value.replace('NAME', name)]));
}

const sinkErrors = SINK_STAGES.flatMap(({ name: stage, config, records, first }) =>
  Object.entries(TOLERANCES).flatMap(([tolerance, handling]) =>
    Object.entries(QUEUES).map(([queue, dlq]): SinkScenario => {
      const name = ['e', stage, tolerance, queue].filter((part) => part !== '').join('-');
      const fails = tolerance.startsWith('none');
      return {
        kind: 'sink',
        name,
        config: { ...config, ...handling, ...named(name, dlq) },
        records,
        expect: fails ? 0 : 2,
        fails,
        deadLetters: queue === '' ? 0 : 1,
        ...(fails ? { differs: { why: GOOD_ONES_FIRST, ours: { file: [first], offsets: sinkOffsets(name, 1) } } } : {}),
      };
    }),
  ),
);

const sourceErrors = SOURCE_STAGES.flatMap(({ name: stage, config }) =>
  Object.entries(TOLERANCES).map(([tolerance, handling]): SourceScenario => {
    const fails = tolerance.startsWith('none');
    const all = stage === 'smt';
    const name = `e-source-${stage}-${tolerance}`;
    const done = [{ offset: { position: 8 }, partition: { filename: `<folder>/${name}.in` } }];
    return {
      kind: 'source',
      name,
      config: { ...config, ...handling },
      lines: '1\ntwo\n3\n',
      expect: fails ? 0 : all ? 2 : 0,
      fails,
      ...(fails || all ? {} : { differs: { why: SKIPPED_ARE_DONE, ours: { offsets: done } } }),
    };
  }),
);

const queues: readonly Scenario[] = [
  {
    kind: 'sink',
    name: 'e-dlq-replication',
    config: {
      'errors.tolerance': 'all',
      'errors.deadletterqueue.topic.name': '{side}.e-dlq-replication.dlq',
      'errors.deadletterqueue.topic.replication.factor': '3',
    },
    records: [{ value: 'a' }],
    expect: 0,
    fails: true,
  },
  {
    kind: 'sink',
    name: 'e-dlq-bad-name',
    config: {
      'errors.tolerance': 'all',
      'errors.deadletterqueue.topic.name': 'not a topic',
      'errors.deadletterqueue.topic.replication.factor': '1',
    },
    records: [{ value: 'a' }],
    expect: 0,
    fails: true,
  },
  {
    kind: 'sink',
    name: 'e-dlq-too-small',
    topics: [{ name: '{side}.e-dlq-too-small.dlq', partitions: 1, configs: { 'max.message.bytes': '200' } }],
    config: {
      'errors.tolerance': 'all',
      'value.converter': `${C}.IntegerConverter`,
      ...named('e-dlq-too-small', QUEUES.dlq),
    },
    records: [{ value: 'too long for the queue'.repeat(20) }],
    expect: 0,
    differs: {
      why: 'a dead letter that can’t be written fails the task, and its record is not committed; in Connect it is lost, with a line in the log',
      ours: {
        states: ['RUNNING', 'FAILED'],
        trace: [
          'org.apache.kafka.connect.errors.ConnectException: A failed record could not be reported, so it would be lost',
          'Caused by: org.apache.kafka.connect.errors.ConnectException: Could not produce message to dead letter queue. topic=side.e-dlq-too-small.dlq',
          'Caused by: org.apache.kafka.common.errors.RecordTooLargeException: A record is larger than the broker accepts (max.message.bytes).',
        ],
        offsets: [],
      },
    },
  },
  {
    kind: 'sink',
    name: 'e-all-bad',
    config: {
      'errors.tolerance': 'all',
      'value.converter': `${C}.IntegerConverter`,
      ...named('e-all-bad', QUEUES['dlq-context']),
    },
    records: Array.from({ length: 20 }, (_, i) => ({ key: `k${i}`, value: `${i}`, partition: i % 2 })),
    partitions: 2,
    expect: 0,
    deadLetters: 20,
  },
  {
    kind: 'sink',
    name: 'e-dlq-of-dlq',
    config: {
      'errors.tolerance': 'all',
      'value.converter': `${C}.IntegerConverter`,
      ...named('e-dlq-of-dlq', QUEUES['dlq-context']),
    },
    records: [
      {
        value: 'x',
        headers: [
          ['__connect.errors.topic', 'before'],
          ['__connect.errors.stage', 'TASK_PUT'],
        ],
      },
    ],
    expect: 0,
    deadLetters: 1,
  },
];

/** A line that the topic does not take; alone, for Java's producer divides a batch with it again and again without end. */
const refused: readonly SourceScenario[] = Object.entries(TOLERANCES).map(([tolerance, handling]) => {
  const name = `e-source-refused-${tolerance}`;
  const fails = tolerance.startsWith('none');
  return {
    kind: 'source',
    name,
    topics: [{ name: `{side}.${name}`, partitions: 1, configs: { 'max.message.bytes': '300' } }],
    config: handling,
    lines: `${'x'.repeat(500)}\n`,
    expect: 0,
    fails,
    ...(fails ? { differs: { why: CLIENT_WORDS, ours: { trace: REFUSED } } } : {}),
  };
});

const nulls: readonly Scenario[] = [
  {
    kind: 'sink',
    name: 'e-null-for-required',
    config: {
      'errors.tolerance': 'all',
      'value.converter': JSON_CONVERTER,
      ...named('e-null-for-required', QUEUES['dlq-context']),
    },
    records: [
      { value: '{"schema":{"type":"int32"},"payload":null}' },
      { value: '{"schema":{"type":"int32","optional":true},"payload":null}' },
    ],
    expect: 1,
    deadLetters: 1,
  },
  {
    kind: 'sink',
    name: 'e-not-json',
    config: {
      'errors.tolerance': 'all',
      'value.converter': JSON_CONVERTER,
      'value.converter.schemas.enable': 'false',
      ...named('e-not-json', QUEUES.dlq),
    },
    records: [{ value: 'no json' }, { value: '{"a":' }, { value: Buffer.from('ff00', 'hex') }, { value: '"fine"' }],
    expect: 1,
    deadLetters: 3,
  },
  {
    kind: 'sink',
    name: 'e-no-date',
    config: {
      'errors.tolerance': 'all',
      transforms: 'time',
      'transforms.time.type': `${T}.TimestampConverter$Value`,
      'transforms.time.target.type': 'Timestamp',
      'transforms.time.format': 'yyyy-MM-dd',
      ...named('e-no-date', QUEUES['dlq-context']),
    },
    records: [{ value: '2001-02-03' }, { value: 'no date' }, { value: null }],
    expect: 2,
    deadLetters: 1,
  },
];

/** What becomes of records that fail: topics, files, offsets, states and traces have to be equal. */
export const ERROR_SCENARIOS: readonly Scenario[] = [...sinkErrors, ...sourceErrors, ...refused, ...nulls, ...queues];
