import type { SourceScenario } from './scenario.ts';

const T = 'org.apache.kafka.connect.transforms';
const P = `${T}.predicates`;
const C = 'org.apache.kafka.connect.converters';
const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';

const LINES = 'one\ntwo words\nGrüße, Welt 😀\n\n{"a":1}\nlast "quoted" \\ line\n';
const NUMBERS = '1\n-2\n2147483647\n0\n';

/** `chain(['HoistField$Value', { field: 'line' }], …)`: named a, b, c… */
function chain(...stages: readonly (readonly [type: string, settings: Readonly<Record<string, string>>])[]) {
  const config: Record<string, string> = { transforms: stages.map((_, i) => 'abcdefgh'[i]).join(',') };
  for (const [i, [type, settings]] of stages.entries()) {
    const prefix = `transforms.${'abcdefgh'[i]}.`;
    config[`${prefix}type`] = `${T}.${type}`;
    for (const [key, value] of Object.entries(settings)) config[prefix + key] = value;
  }
  return config;
}

function lines(
  name: string,
  config: Readonly<Record<string, string>>,
  more: Partial<SourceScenario> = {},
): SourceScenario {
  const text = more.lines ?? LINES;
  return { kind: 'source', name, config, lines: text, expect: text.split('\n').length - 1, ...more };
}

const JSON_PLAIN = { 'value.converter': JSON_CONVERTER, 'value.converter.schemas.enable': 'false' };
const JSON_SCHEMA = { 'value.converter': JSON_CONVERTER };
const HOIST = ['HoistField$Value', { field: 'line' }] as const;
const FIXED = { format: 'yyyy-MM-dd', field: 'at' };

function numbered(count: number): string {
  return Array.from({ length: count }, (_, i) => `line ${i}\n`).join('');
}

const CAUSE_ITSELF =
  'the trace of a task that can’t start begins with the cause itself, without a ConnectException around it';

/** A file to topics: what arrives has to be equal, byte for byte. */
export const SOURCE_SCENARIOS: readonly SourceScenario[] = [
  lines('plain', {}),
  lines('line-ends', {}, { lines: 'a\r\nb\rc\n\r\nd\n', expect: 5 }),
  lines('no-file-end', {}, { lines: 'a\nb\nnot finished', expect: 2 }),
  lines('latin-1', { 'value.converter': 'String', 'value.converter.converter.encoding': 'ISO-8859-1' }),
  lines('utf-16', { 'value.converter': 'String', 'value.converter.converter.encoding': 'UTF-16' }),
  lines('json', JSON_PLAIN),
  lines('json-with-schema', JSON_SCHEMA),
  lines('hoist', { ...JSON_PLAIN, ...chain(HOIST) }),
  lines('hoist-with-schema', { ...JSON_SCHEMA, ...chain(HOIST) }),
  lines('hoist-as-text', chain(HOIST)),
  lines('hoist-key', { 'key.converter': JSON_CONVERTER, ...chain(['HoistField$Key', { field: 'k' }]) }),
  lines('insert-static', {
    ...JSON_SCHEMA,
    ...chain(HOIST, ['InsertField$Value', { 'static.field': 'from', 'static.value': 'a file' }]),
  }),
  lines('insert-topic', { ...JSON_PLAIN, ...chain(HOIST, ['InsertField$Value', { 'topic.field': 'topic!' }]) }),
  lines('insert-partition', { ...JSON_SCHEMA, ...chain(HOIST, ['InsertField$Value', { 'partition.field': 'p?' }]) }),
  lines(
    'insert-offset',
    { ...JSON_PLAIN, ...chain(HOIST, ['InsertField$Value', { 'offset.field': 'o' }]) },
    { fails: true, expect: 0 },
  ),
  lines('value-to-key', {
    ...JSON_PLAIN,
    'key.converter': JSON_CONVERTER,
    'key.converter.schemas.enable': 'false',
    ...chain(HOIST, ['ValueToKey', { fields: 'line' }]),
  }),
  lines('key-by-field', {
    ...JSON_PLAIN,
    ...chain(HOIST, ['ValueToKey', { fields: 'line' }], ['ExtractField$Key', { field: 'line' }]),
  }),
  lines(
    'keyed-partitions',
    {
      ...chain(
        HOIST,
        ['ValueToKey', { fields: 'line' }],
        ['ExtractField$Key', { field: 'line' }],
        ['ExtractField$Value', { field: 'line' }],
      ),
    },
    { topics: [{ name: '{side}.keyed-partitions', partitions: 4 }] },
  ),
  lines(
    'keyed-struct-partitions',
    { ...JSON_PLAIN, 'key.converter': JSON_CONVERTER, ...chain(HOIST, ['ValueToKey', { fields: 'line' }]) },
    { topics: [{ name: '{side}.keyed-struct-partitions', partitions: 4 }] },
  ),
  lines('route', chain(['RegexRouter', { regex: '(.*)', replacement: '$1.routed' }])),
  lines('route-by-time', chain(['TimestampRouter', { 'topic.format': '$\x7btopic}.y', 'timestamp.format': 'yyyy' }])),
  lines('headers', {
    ...chain(
      ['InsertHeader', { header: 'number', 'value.literal': '007' }],
      ['InsertHeader', { header: 'text', 'value.literal': 'a b' }],
      ['InsertHeader', { header: 'list', 'value.literal': '[1, 2, 3]' }],
      ['InsertHeader', { header: 'map', 'value.literal': '{"a": 1.5}' }],
      ['InsertHeader', { header: 'number', 'value.literal': 'true' }],
    ),
  }),
  lines('headers-json', {
    'header.converter': JSON_CONVERTER,
    ...chain(['InsertHeader', { header: 'n', 'value.literal': '12' }]),
  }),
  lines('headers-json-plain', {
    'header.converter': JSON_CONVERTER,
    'header.converter.schemas.enable': 'false',
    ...chain(['InsertHeader', { header: 'n', 'value.literal': '2001-01-01T00:00:00.000Z' }]),
  }),
  lines('headers-string', {
    'header.converter': 'String',
    ...chain(['InsertHeader', { header: 'n', 'value.literal': '1.50' }]),
  }),
  lines('headers-dropped', {
    ...chain(
      ['InsertHeader', { header: 'a', 'value.literal': '1' }],
      ['InsertHeader', { header: 'b', 'value.literal': '2' }],
      ['DropHeaders', { headers: 'a' }],
    ),
  }),
  lines('header-from', {
    ...JSON_PLAIN,
    ...chain(
      HOIST,
      ['InsertField$Value', { 'static.field': 's', 'static.value': 'v' }],
      ['HeaderFrom$Value', { fields: 'line,s', headers: 'l,s', operation: 'move' }],
    ),
  }),
  lines('cast-int', { ...JSON_SCHEMA, ...chain(['Cast$Value', { spec: 'int32' }]) }, { lines: NUMBERS }),
  lines(
    'cast-numbers',
    { ...JSON_SCHEMA, ...chain(HOIST, ['Cast$Value', { spec: 'line:float64' }]) },
    { lines: '1\n1.5\n-0.1\n1e10\n' },
  ),
  lines(
    'cast-boolean',
    { ...JSON_PLAIN, ...chain(HOIST, ['Cast$Value', { spec: 'line:boolean' }]) },
    { lines: 'true\nfalse\nyes\nTRUE\n' },
  ),
  lines(
    'int32',
    { 'value.converter': `${C}.IntegerConverter`, ...chain(['Cast$Value', { spec: 'int32' }]) },
    { lines: NUMBERS },
  ),
  lines(
    'int64',
    { 'value.converter': `${C}.LongConverter`, ...chain(['Cast$Value', { spec: 'int64' }]) },
    { lines: '1\n-9223372036854775808\n9223372036854775807\n' },
  ),
  lines(
    'int16',
    { 'value.converter': `${C}.ShortConverter`, ...chain(['Cast$Value', { spec: 'int16' }]) },
    { lines: '1\n-32768\n' },
  ),
  lines(
    'float32',
    { 'value.converter': `${C}.FloatConverter`, ...chain(['Cast$Value', { spec: 'float32' }]) },
    { lines: '1\n0.1\n-3.4e38\n' },
  ),
  lines(
    'float64',
    { 'value.converter': `${C}.DoubleConverter`, ...chain(['Cast$Value', { spec: 'float64' }]) },
    { lines: '1\n0.1\n-1e308\n' },
  ),
  lines(
    'boolean',
    { 'value.converter': `${C}.BooleanConverter`, ...chain(['Cast$Value', { spec: 'boolean' }]) },
    { lines: 'true\nfalse\n' },
  ),
  lines('masked', { ...JSON_SCHEMA, ...chain(HOIST, ['MaskField$Value', { fields: 'line' }]) }),
  lines('masked-with', { ...JSON_PLAIN, ...chain(HOIST, ['MaskField$Value', { fields: 'line', replacement: '***' }]) }),
  lines('renamed', { ...JSON_SCHEMA, ...chain(HOIST, ['ReplaceField$Value', { renames: 'line:text' }]) }),
  lines('flattened', {
    ...JSON_PLAIN,
    ...chain(HOIST, ['HoistField$Value', { field: 'outer' }], ['Flatten$Value', { delimiter: '_' }]),
  }),
  lines('named', {
    ...JSON_SCHEMA,
    ...chain(HOIST, ['SetSchemaMetadata$Value', { 'schema.name': 'Line', 'schema.version': '3' }]),
  }),
  lines(
    'timestamps',
    {
      ...JSON_SCHEMA,
      ...chain(HOIST, [
        'TimestampConverter$Value',
        { field: 'line', format: 'yyyy-MM-dd HH:mm:ss', 'target.type': 'Timestamp' },
      ]),
    },
    { lines: '2001-02-03 04:05:06\n1969-12-31 23:59:59\n2024-02-30 00:00:00\n' },
  ),
  lines(
    'unix-times',
    {
      ...JSON_PLAIN,
      ...chain(HOIST, [
        'TimestampConverter$Value',
        { field: 'line', format: "yyyy'T'DDD", 'target.type': 'unix', 'unix.precision': 'seconds' },
      ]),
    },
    { lines: '2001T001\n1999T365\n' },
  ),
  lines(
    'date-strings',
    {
      ...chain(
        ['Cast$Value', { spec: 'int64' }],
        [
          'TimestampConverter$Value',
          { format: 'EEE, d MMM yyyy HH:mm:ss.SSS Z', 'target.type': 'string', 'unix.precision': 'milliseconds' },
        ],
      ),
    },
    { lines: '0\n1000000000123\n-1\n' },
  ),
  lines('filtered', {
    ...chain(['InsertHeader', { header: 'h', 'value.literal': '1' }], ['Filter', { predicate: 'p' }]),
    predicates: 'p',
    'predicates.p.type': `${P}.TopicNameMatches`,
    'predicates.p.pattern': 'nothing',
  }),
  lines('predicate-negated', {
    ...chain(
      ['InsertHeader', { header: 'h', 'value.literal': '1', predicate: 'p', negate: 'true' }],
      ['RegexRouter', { regex: '(.*)', replacement: '$1.b', predicate: 'h' }],
    ),
    predicates: 'p,h',
    'predicates.p.type': `${P}.TopicNameMatches`,
    'predicates.p.pattern': 'nothing',
    'predicates.h.type': `${P}.HasHeaderKey`,
    'predicates.h.name': 'h',
  }),
  lines('tombstones', { ...JSON_PLAIN, ...chain(HOIST, ['ReplaceField$Value', { exclude: 'line' }]) }),
  lines('created-topic', {
    'topic.creation.default.partitions': '3',
    'topic.creation.default.replication.factor': '1',
    'topic.creation.default.cleanup.policy': 'compact',
    ...chain(HOIST, ['ValueToKey', { fields: 'line' }], ['ExtractField$Key', { field: 'line' }]),
  }),
  lines(
    'bad-date-format',
    {
      ...JSON_PLAIN,
      ...chain(HOIST, ['TimestampConverter$Value', { ...FIXED, 'target.type': 'string', format: 'bbbb' }]),
    },
    {
      fails: true,
      expect: 0,
      differs: {
        why: CAUSE_ITSELF,
        ours: {
          trace: [
            "org.apache.kafka.common.config.ConfigException: TimestampConverter requires a SimpleDateFormat-compatible pattern for string timestamps: bbbb (Illegal pattern character 'b')",
          ],
        },
      },
    },
  ),
  lines(
    'undefined-predicate',
    { ...chain(['Filter', { predicate: 'nope' }]) },
    {
      fails: true,
      expect: 0,
      differs: {
        why: CAUSE_ITSELF,
        ours: {
          trace: ["org.apache.kafka.common.config.ConfigException: Unknown configuration 'predicates.nope.type'"],
        },
      },
    },
  ),
  lines('long-lines', {}, { lines: `${'x'.repeat(100_000)}\n${'ü'.repeat(50_000)}\nend\n` }),
  lines('many-lines', {}, { lines: numbered(1_900) }),
  lines(
    'beyond-a-batch',
    { 'batch.size': '5' },
    {
      lines: numbered(12),
      expectAtConnect: 5,
      differs: {
        why: 'FileStreamSource sends what it has read; Connect’s keeps the rest behind a full batch until the file grows',
        ours: {
          offsets: [
            { offset: { position: numbered(12).length }, partition: { filename: '<folder>/beyond-a-batch.in' } },
          ],
          topics: {
            'side.beyond-a-batch': numbered(12)
              .trimEnd()
              .split('\n')
              .map((value) => ({ partition: 0, key: null, value, headers: [] })),
          },
        },
      },
    },
  ),
  lines('compressed', { 'producer.override.compression.type': 'gzip' }),
];
