import { ask, base64, type Case, differs, type Question } from './cases.ts';
import type { TypedSchema, TypedValue } from './typed-values.ts';

const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';
const STRING_CONVERTER = 'org.apache.kafka.connect.storage.StringConverter';
const CONVERTERS = 'org.apache.kafka.connect.converters';

const DECIMAL: TypedSchema = {
  type: 'BYTES',
  name: 'org.apache.kafka.connect.data.Decimal',
  version: 1,
  parameters: [['scale', '2']],
};
const DATE: TypedSchema = { type: 'INT32', name: 'org.apache.kafka.connect.data.Date', version: 1 };
const TIME: TypedSchema = { type: 'INT32', name: 'org.apache.kafka.connect.data.Time', version: 1 };
const TIMESTAMP: TypedSchema = { type: 'INT64', name: 'org.apache.kafka.connect.data.Timestamp', version: 1 };

export const TWEET: TypedSchema = {
  type: 'STRUCT',
  name: 'com.example.Tweet',
  version: 3,
  doc: 'A post',
  fields: [
    ['id', { type: 'INT64' }],
    ['text', { type: 'STRING', optional: true }],
    [
      'user',
      {
        type: 'STRUCT',
        name: 'User',
        fields: [
          ['name', { type: 'STRING', optional: true }],
          ['verified', { type: 'BOOLEAN' }],
        ],
      },
    ],
    ['tags', { type: 'ARRAY', items: { type: 'STRING' } }],
    ['counts', { type: 'MAP', keys: { type: 'STRING' }, values: { type: 'INT32' }, optional: true }],
    ['score', { type: 'FLOAT64', optional: true }],
  ],
};

export const A_TWEET: TypedValue = [
  'struct',
  TWEET,
  [
    ['int64', '968476484095610881'],
    ['string', 'Grüße, "Welt" 😀\n'],
    [
      'struct',
      TWEET.fields![2]![1],
      [
        ['string', 'Jane'],
        ['boolean', true],
      ],
    ],
    [
      'array',
      [
        ['string', 'a'],
        ['string', 'b'],
      ],
    ],
    null,
    ['float64', '1.0E10'],
  ],
];

/** Values of every type, for printing, writing and reading back. */
const TYPED: readonly (readonly [TypedSchema, TypedValue])[] = [
  [{ type: 'INT8' }, ['int8', '-128']],
  [{ type: 'INT16' }, ['int16', '32767']],
  [{ type: 'INT32' }, ['int32', '-2147483648']],
  [{ type: 'INT64' }, ['int64', '9223372036854775807']],
  [{ type: 'INT64' }, ['int64', '-9223372036854775808']],
  [{ type: 'INT64' }, ['int64', '9007199254740993']],
  [{ type: 'FLOAT32' }, ['float32', '0.1']],
  [{ type: 'FLOAT32' }, ['float32', '1.6777216E7']],
  [{ type: 'FLOAT32' }, ['float32', 'NaN']],
  [{ type: 'FLOAT64' }, ['float64', '1.0E10']],
  [{ type: 'FLOAT64' }, ['float64', '0.1']],
  [{ type: 'FLOAT64' }, ['float64', '-0.0']],
  [{ type: 'FLOAT64' }, ['float64', '100']],
  [{ type: 'FLOAT64' }, ['float64', 'Infinity']],
  [{ type: 'FLOAT64' }, ['float64', '-Infinity']],
  [{ type: 'BOOLEAN' }, ['boolean', true]],
  [{ type: 'BOOLEAN' }, ['boolean', false]],
  [{ type: 'STRING' }, ['string', '']],
  [{ type: 'STRING' }, ['string', 'plain']],
  [{ type: 'STRING' }, ['string', 'é \u2028 \u007f " \\ / \b\f\n\r\t \u0000\u001f 😀 𝄞']],
  [{ type: 'STRING' }, ['string', '\\u0041 \\\u0001']],
  [{ type: 'ARRAY', items: { type: 'INT32' } }, ['array', []]],
  [
    { type: 'ARRAY', items: { type: 'INT32' } },
    [
      'array',
      [
        ['int32', '1'],
        ['int32', '2'],
      ],
    ],
  ],
  [{ type: 'ARRAY', items: { type: 'FLOAT32', optional: true } }, ['array', [['float32', '1'], null]]],
  [
    { type: 'ARRAY', items: { type: 'ARRAY', items: { type: 'STRING' } } },
    [
      'array',
      [
        ['array', [['string', 'x']]],
        ['array', []],
      ],
    ],
  ],
  [
    { type: 'MAP', keys: { type: 'STRING' }, values: { type: 'INT64' } },
    [
      'map',
      [
        [
          ['string', 'b'],
          ['int64', '1'],
        ],
        [
          ['string', 'a'],
          ['int64', '2'],
        ],
      ],
    ],
  ],
  [
    { type: 'MAP', keys: { type: 'STRING' }, values: { type: 'INT64', optional: true } },
    ['map', [[['string', '__proto__'], null]]],
  ],
  [
    { type: 'MAP', keys: { type: 'INT32' }, values: { type: 'STRING' } },
    [
      'map',
      [
        [
          ['int32', '1'],
          ['string', 'x'],
        ],
      ],
    ],
  ],
  [{ type: 'MAP', keys: { type: 'STRING' }, values: { type: 'STRING' } }, ['map', []]],
  [DECIMAL, ['decimal', '12345', 2]],
  [DECIMAL, ['decimal', '-1', 2]],
  [DECIMAL, ['decimal', '0', 2]],
  [DECIMAL, ['decimal', '123456789012345678901234567890', 2]],
  [DATE, ['date', '0']],
  [DATE, ['date', '1794528000000']],
  [DATE, ['date', '-86400000']],
  [TIME, ['date', '84690123']],
  [TIMESTAMP, ['date', '1794612690000']],
  [TIMESTAMP, ['date', '-1']],
  [TIMESTAMP, ['date', '-12219292800000']],
  [TIMESTAMP, ['date', '-12219292800001']],
  [TIMESTAMP, ['date', '-62135769600000']],
  [TIMESTAMP, ['date', '-62198755200000']],
  [TIMESTAMP, ['date', '253402300799999']],
  [TWEET, A_TWEET],
  [{ type: 'STRUCT', fields: [] }, ['struct', { type: 'STRUCT', fields: [] }, []]],
];

/** Without a schema: Long, Double, String, Boolean, byte[], List, Map. */
const SCHEMALESS: readonly TypedValue[] = [
  ['int64', '968476484095610881'],
  ['int64', '-1'],
  ['float64', '1'],
  ['float64', '1.0E10'],
  ['float64', '1.5E-7'],
  ['float64', 'NaN'],
  ['string', 'a"b😀'],
  ['boolean', true],
  ['bytes', base64('abc')],
  ['bytes', ''],
  ['array', [['int64', '1'], ['float64', '1'], null, ['string', 'x'], ['array', []]]],
  ['map', []],
  [
    'map',
    [
      [
        ['string', 'a'],
        ['int64', '1'],
      ],
      [
        ['string', 'b'],
        ['map', [[['string', 'c'], null]]],
      ],
    ],
  ],
  [
    'map',
    [
      [
        ['int64', '1'],
        ['string', 'x'],
      ],
      [
        ['string', 'k'],
        ['string', 'y'],
      ],
    ],
  ],
];

function write(config: Record<string, string>, schema: TypedSchema | null, value: TypedValue): Question {
  return { kind: 'write', class: JSON_CONVERTER, config, schema, value };
}

function read(config: Record<string, string>, json: string | Uint8Array): Question {
  return { kind: 'read', class: JSON_CONVERTER, config, bytes: base64(json) };
}

const PLAIN = { 'schemas.enable': 'false' };
const WITH_SCHEMAS = { 'schemas.enable': 'true' };

function plain(json: string | Uint8Array): Question {
  return read(PLAIN, json);
}

function enveloped(schema: unknown, payload: string): Question {
  return read(WITH_SCHEMAS, `{"schema":${JSON.stringify(schema)},"payload":${payload}}`);
}

const printing: readonly Case[] = [
  ...TYPED.map(([schema, value]) => ask({ kind: 'text', value, schema })),
  ...SCHEMALESS.filter((value) => value?.[0] !== 'bytes').map((value) => ask({ kind: 'text', value })),
];

const strings: readonly Case[] = [
  ...TYPED.map(([schema, value]) => ask({ kind: 'write', class: STRING_CONVERTER, schema, value })),
  ask({ kind: 'write', class: STRING_CONVERTER, schema: null, value: null }),
  ask({ kind: 'write', class: STRING_CONVERTER, schema: { type: 'STRING' }, value: ['string', 'a\ud83d\ude00b'] }),
  ask({ kind: 'read', class: STRING_CONVERTER, bytes: null }),
  ask({ kind: 'read', class: STRING_CONVERTER, bytes: '' }),
  ask({ kind: 'read', class: STRING_CONVERTER, bytes: base64('Grüße 😀 \u0000') }),
  ...['ff', '61c3', 'c0af', 'f0908d', '61e282', 'f8888080', 'efbbbf61'].map((hex) =>
    ask({ kind: 'read', class: STRING_CONVERTER, bytes: Buffer.from(hex, 'hex').toString('base64') }),
  ),
  differs(
    { kind: 'read', class: STRING_CONVERTER, bytes: Buffer.from('eda080', 'hex').toString('base64') },
    { ok: [{ type: 'STRING', optional: true }, ['string', '\ufffd\ufffd\ufffd']] },
    'an encoded half of a surrogate pair becomes one U+FFFD per byte (the WHATWG way), for Java one in all',
  ),
  ...['ISO-8859-1', 'us-ascii', 'UTF-16', 'UTF-16LE', 'utf8'].flatMap((encoding) => [
    ask({
      kind: 'write',
      class: STRING_CONVERTER,
      config: { 'converter.encoding': encoding },
      schema: { type: 'STRING' },
      value: ['string', 'aé€😀'],
    }),
    ask({
      kind: 'read',
      class: STRING_CONVERTER,
      config: { 'converter.encoding': encoding },
      bytes: Buffer.from('61e9ff00', 'hex').toString('base64'),
    }),
  ]),
];

const plainJson: readonly Case[] = [
  ...SCHEMALESS.map((value) => ask(write(PLAIN, null, value))),
  ...TYPED.map(([schema, value]) => ask(write(PLAIN, schema, value))),
  ask(write(PLAIN, null, null)),
  ask(write(PLAIN, { type: 'STRING', optional: true }, null)),
  ask(write(PLAIN, { type: 'STRING' }, null)),
  ask(write(PLAIN, { type: 'STRING', optional: true, default: ['string', 'd'] }, null)),
  ask(
    write(
      { ...PLAIN, 'replace.null.with.default': 'false' },
      { type: 'STRING', optional: true, default: ['string', 'd'] },
      null,
    ),
  ),
  ask(write({ ...PLAIN, 'decimal.format': 'numeric' }, DECIMAL, ['decimal', '12345', 2])),
  ask(write({ ...PLAIN, 'decimal.format': 'NUMERIC' }, DECIMAL, ['decimal', '1', -3])),
  ask(write({ ...PLAIN, 'decimal.format': 'NUMERIC' }, DECIMAL, ['decimal', '1', 10])),
  ask(write(PLAIN, DECIMAL, ['decimal', '12345', 3])),
  differs(
    write(PLAIN, { ...DECIMAL, parameters: [] }, ['decimal', '12345', 3]),
    { error: 'Invalid Decimal schema: scale parameter not found.' },
    'a Decimal schema without a scale is told as that; Connect tells of a null pointer',
  ),
  ask(write(PLAIN, DATE, ['date', '1'])),
  ask(write(PLAIN, TIME, ['date', '86400000'])),
  ask(write(PLAIN, DECIMAL, ['string', 'x'])),
  ask(write(PLAIN, TIMESTAMP, ['string', 'x'])),
  ask(write(PLAIN, { type: 'INT32' }, ['string', 'x'])),
  ask(write(PLAIN, { type: 'INT64' }, ['string', 'x'])),
  ask(write(PLAIN, { type: 'STRING' }, ['int64', '1'])),
  ask(write(PLAIN, { type: 'BOOLEAN' }, ['string', 'x'])),
  ask(write(PLAIN, { type: 'BYTES' }, ['string', 'x'])),
  ask(write(PLAIN, { type: 'ARRAY', items: { type: 'STRING' } }, ['string', 'x'])),
  ask(write(PLAIN, { type: 'MAP', keys: { type: 'STRING' }, values: { type: 'STRING' } }, ['string', 'x'])),
  ask(write(PLAIN, { type: 'STRUCT', fields: [] }, ['string', 'x'])),
  ask(write(PLAIN, { type: 'STRUCT', fields: [] }, A_TWEET)),
  ask(write(PLAIN, null, A_TWEET)),
  ask(write(PLAIN, null, ['decimal', '1', 0])),
  ask({ kind: 'read', class: JSON_CONVERTER, config: PLAIN, bytes: null }),
  ...[
    '1',
    '-1',
    '0',
    '-0',
    '007',
    '-007',
    '968476484095610880',
    '968476484095610881',
    '9007199254740993',
    '9223372036854775807',
    '-9223372036854775808',
    '1.0',
    '1.10',
    '1e3',
    '1E+3',
    '1.5e-7',
    '123456789012345678901.5',
    'true',
    'false',
    'null',
    '""',
    '"a"',
    '"\\u00e9\\ud83d\\ude00\\n\\/\\b"',
    '[]',
    '[1,[2,[3]]]',
    '{}',
    ' { "a" : 1 } ',
    '{"b":1,"a":{"c":[null,true]}}',
    '{"a":1,"a":2}',
    '{"__proto__":{"x":1},"constructor":2}',
    '{"1":"x","0":"y"}',
    '',
    '   ',
    '\n',
    '{"a":1} trailing',
    '[1]]',
    '1 2',
    '"a" b',
    '{"a":1}\u0000',
    '"\u007f\u2028"',
  ].map((json) => ask(plain(json))),
  ask(plain(Buffer.from('efbbbf7b7d', 'hex'))),
  ask(plain(Buffer.from('feff005b005d', 'hex'))),
  ask(plain(Buffer.from('fffe5b005d00', 'hex'))),
  ask(plain(Buffer.from('005b00220061002200200020005d', 'hex'))),
  ask(plain(Buffer.from('5b00220061002200200020005d00', 'hex'))),
  ask(plain('['.repeat(1000) + ']'.repeat(1000))),
  differs(plain('-0.0'), { ok: [null, ['float64', '8000000000000000']] }, 'the sign of -0.0 is kept'),
  differs(
    plain('1e400'),
    { error: 'beyond float64' },
    'a number that no double holds fails instead of becoming Infinity',
  ),
  differs(plain('9223372036854775808'), { error: 'beyond int64' }, 'an integer beyond int64 fails instead of wrapping'),
  differs(
    plain('-9223372036854775809'),
    { error: 'beyond int64' },
    'an integer beyond int64 fails instead of wrapping',
  ),
  differs(
    plain('{"a":[1,18446744073709551616]}'),
    { error: 'at a[1] is beyond int64' },
    'an integer beyond int64 fails instead of wrapping',
  ),
  ...[
    '{',
    '[',
    '[1',
    '[1,',
    '[1,]',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,}',
    '{a:1}',
    "{'a':1}",
    '"a',
    '"a\n"',
    '"\\x"',
    '"\\u12"',
    'nul',
    'nullx',
    'True',
    'NaN',
    'Infinity',
    '+1',
    '.5',
    '1.',
    '1e',
    '-',
    '1a',
    '01a',
    '--1',
    '// x\n1',
    '[1 2]',
    '{"a" 1}',
    '{1:2}',
    ']',
    '}',
    ',',
    ':',
    '\u0001',
  ].map((json) => differs(plain(json), { error: CAN_NOT_READ() }, NO_QUOTES())),
  differs(plain(Buffer.from('22ff22', 'hex')), { error: CAN_NOT_READ() }, NO_QUOTES()),
  differs(plain('['.repeat(1001) + ']'.repeat(1001)), { error: 'nested deeper than 1000' }, NO_QUOTES()),
  differs(plain('1'.repeat(1001)), { error: 'longer than 1000' }, NO_QUOTES()),
];

function CAN_NOT_READ(): string {
  return 'Converting byte[] to Kafka Connect data failed due to serialization error: ';
}

function NO_QUOTES(): string {
  return 'what is wrong with the JSON, and where, is in the message itself, without the data; Connect has it in the cause, with some of the data';
}

const envelopes: readonly Case[] = [
  ...TYPED.map(([schema, value]) => ask(write(WITH_SCHEMAS, schema, value))),
  ...SCHEMALESS.map((value) => ask(write(WITH_SCHEMAS, null, value))),
  ask(write(WITH_SCHEMAS, { type: 'STRING', optional: true }, null)),
  ask(write(WITH_SCHEMAS, { type: 'INT32', default: ['int32', '7'] }, null)),
  ask(
    write(
      WITH_SCHEMAS,
      { type: 'INT32', default: ['int32', '7'], name: 'n', version: 1, doc: 'd', parameters: [['p', 'q']] },
      ['int32', '1'],
    ),
  ),
  ask({ kind: 'read', class: JSON_CONVERTER, config: {}, bytes: null }),
  ...[
    '',
    ' ',
    'null',
    '1',
    '{}',
    '{"schema":null}',
    '{"schema":null,"payload":1}',
    '{"payload":1,"schema":null}',
    '{"schema":null,"payload":{"a":[1,1.5,"x",null]}}',
    '{"schema":null,"payload":null}',
    '{"schema":{},"payload":1}',
    '{"schema":{"type":1},"payload":1}',
    '{"schema":{"type":"nope"},"payload":1}',
    '{"schema":1,"payload":1}',
    '{"schema":null,"payload":1,"more":2}',
    '{"schema":{"type":"float32"},"payload":1}',
  ].map((json) => ask(read(WITH_SCHEMAS, json))),
  ...[
    ['boolean', 'true'],
    ['int8', '-128'],
    ['int16', '7'],
    ['int32', '2147483647'],
    ['int64', '968476484095610881'],
    ['int64', '9223372036854775807'],
    ['float', '0.1'],
    ['float', '1'],
    ['float', '1e10'],
    ['double', '1'],
    ['double', '0.1'],
    ['double', '1.5e-7'],
    ['string', '"x😀"'],
    ['bytes', '"YWJj"'],
    ['bytes', '""'],
  ].map(([type, payload]) => ask(enveloped({ type }, payload as string))),
  ...['int32', 'string', 'boolean', 'bytes', 'double'].flatMap((type) => [
    ask(enveloped({ type, optional: true }, 'null')),
    ask(enveloped({ type, optional: true, name: 'n', version: 2, doc: 'd', parameters: { a: 'b' } }, 'null')),
    ask(enveloped({ type }, 'null')),
  ]),
  ask(enveloped({ type: 'int32', default: 7 }, 'null')),
  ask(enveloped({ type: 'string', default: 'x', optional: true }, 'null')),
  ask(
    read(
      { ...WITH_SCHEMAS, 'replace.null.with.default': 'false' },
      '{"schema":{"type":"string","default":"x","optional":true},"payload":null}',
    ),
  ),
  ask(enveloped({ type: 'array', items: { type: 'int32' } }, '[1,2]')),
  ask(enveloped({ type: 'array' }, '[1,2]')),
  ask(enveloped({ type: 'map', keys: { type: 'string' }, values: { type: 'int64' } }, '{"a":1,"b":2}')),
  ask(enveloped({ type: 'map', keys: { type: 'int32' }, values: { type: 'string' } }, '[[1,"x"],[2,"y"]]')),
  ask(enveloped({ type: 'map', keys: { type: 'int32' }, values: { type: 'string' } }, '[[1,"x",3]]')),
  ask(enveloped({ type: 'map', keys: { type: 'int32' }, values: { type: 'string' } }, '[1]')),
  ask(enveloped({ type: 'map', keys: { type: 'int32' }, values: { type: 'string' } }, '{"a":1}')),
  ask(enveloped({ type: 'map', keys: { type: 'string' }, values: { type: 'string' } }, '[]')),
  ask(enveloped({ type: 'map', values: { type: 'string' } }, '{}')),
  ask(enveloped({ type: 'map', keys: { type: 'string' } }, '{}')),
  ask(enveloped({ type: 'struct' }, '{}')),
  ask(enveloped({ type: 'struct', fields: [{ type: 'int32' }] }, '{}')),
  ask(enveloped({ type: 'struct', fields: [] }, '[]')),
  ask(
    enveloped(
      {
        type: 'struct',
        fields: [
          { type: 'int32', field: 'a' },
          { type: 'int32', field: 'a' },
        ],
      },
      '{}',
    ),
  ),
  ask(
    enveloped(
      {
        type: 'struct',
        name: 'S',
        fields: [
          { type: 'int64', field: 'id' },
          { type: 'string', optional: true, field: 's' },
          { type: 'int32', default: 5, field: 'd' },
        ],
      },
      '{"id":1,"extra":2}',
    ),
  ),
  ask(enveloped({ type: 'string', parameters: { a: 1 } }, '"x"')),
  ask(enveloped(decimal('2'), '"MDk="')),
  ask(enveloped(decimal('2'), '123.45')),
  ask(enveloped(decimal('2'), '1e3')),
  ask(enveloped(decimal('2'), '12345678901234567890')),
  ask(enveloped(decimal('2'), 'true')),
  ask(enveloped(decimal('2'), '""')),
  ask(enveloped(logical('int32', 'Date'), '20770')),
  ask(enveloped(logical('int32', 'Date'), '-1')),
  ask(enveloped(logical('int32', 'Date'), '1.5')),
  ask(enveloped(logical('int32', 'Time'), '84690123')),
  ask(enveloped(logical('int32', 'Time'), '86400000')),
  ask(enveloped(logical('int32', 'Time'), '86400001')),
  ask(enveloped(logical('int32', 'Time'), '-1')),
  ask(enveloped(logical('int32', 'Time'), '"x"')),
  ask(enveloped(logical('int64', 'Timestamp'), '1794612690000')),
  ask(enveloped(logical('int64', 'Timestamp'), '1.5')),
  ask(
    read(
      { ...WITH_SCHEMAS, 'schema.content': '{"type":"struct","fields":[{"type":"int64","field":"id"}]}' },
      '{"id":1}',
    ),
  ),
  ...STRICTER(),
];

function decimal(scale: string): unknown {
  return { type: 'bytes', name: 'org.apache.kafka.connect.data.Decimal', version: 1, parameters: { scale } };
}

function logical(type: string, name: string): unknown {
  return { type, name: `org.apache.kafka.connect.data.${name}`, version: 1 };
}

/** Where Connect makes something of nothing, we name the field. */
function STRICTER(): Case[] {
  const mismatches: [unknown, string, string][] = [
    [{ type: 'int8' }, '300', 'out of range'],
    [{ type: 'int16' }, '40000', 'out of range'],
    [{ type: 'int32' }, '2147483648', 'out of range'],
    [{ type: 'int64' }, '9223372036854775808', 'out of range'],
    [{ type: 'int32' }, '"5"', 'Invalid STRING'],
    [{ type: 'int32' }, '1.9', 'Invalid NUMBER'],
    [{ type: 'int32' }, 'true', 'Invalid BOOLEAN'],
    [{ type: 'boolean' }, '1', 'Invalid NUMBER'],
    [{ type: 'boolean' }, '"true"', 'Invalid STRING'],
    [{ type: 'string', optional: true }, '1', 'Invalid NUMBER'],
    [{ type: 'double' }, '"x"', 'Invalid STRING'],
    [{ type: 'float' }, '1e39', 'out of range'],
    [{ type: 'array', items: { type: 'int32' } }, '{"a":1}', 'Invalid OBJECT'],
    [{ type: 'array', items: { type: 'int32' } }, '1', 'Invalid NUMBER'],
    [{ type: 'bytes', optional: true }, '1', 'Invalid NUMBER'],
  ];
  const why = 'JSON that disagrees with its schema fails and names the field; Connect coerces it in silence';
  return [
    ...mismatches.map(([schema, payload, error]) => differs(enveloped(schema, payload), { error }, why)),
    differs(
      enveloped({ type: 'struct', fields: [{ type: 'int8', field: 'age' }] }, '{"age":300}'),
      { error: 'in field "age"' },
      why,
    ),
    differs(
      enveloped({ type: 'struct', fields: [{ type: 'int8', field: 'age' }] }, '{}'),
      { error: 'Invalid null value for required INT8 field "age"' },
      'the message about a missing value names its field',
    ),
    ...['NaN', 'Infinity', '-Infinity'].map((text) =>
      differs(
        enveloped({ type: 'double' }, `"${text}"`),
        {
          ok: [
            { type: 'FLOAT64' },
            [
              'float64',
              ({ NaN: '7ff8000000000000', Infinity: '7ff0000000000000' } as Record<string, string>)[text] ??
                'fff0000000000000',
            ],
          ],
        },
        'what JsonConverter writes for NaN and the infinities is read back as such, not as 0',
      ),
    ),
    ask(enveloped({ type: 'bytes' }, '"!"')),
  ];
}

const others: readonly Case[] = [
  ask({ kind: 'write', class: `${CONVERTERS}.ByteArrayConverter`, schema: null, value: ['bytes', 'AP8='] }),
  ask({
    kind: 'write',
    class: `${CONVERTERS}.ByteArrayConverter`,
    schema: { type: 'BYTES' },
    value: ['bytes', 'AP8='],
  }),
  ask({ kind: 'write', class: `${CONVERTERS}.ByteArrayConverter`, schema: { type: 'STRING' }, value: ['string', 'x'] }),
  ask({ kind: 'write', class: `${CONVERTERS}.ByteArrayConverter`, schema: null, value: ['string', 'x'] }),
  ask({ kind: 'write', class: `${CONVERTERS}.ByteArrayConverter`, schema: null, value: null }),
  ask({ kind: 'read', class: `${CONVERTERS}.ByteArrayConverter`, bytes: 'AP8=' }),
  ask({ kind: 'read', class: `${CONVERTERS}.ByteArrayConverter`, bytes: null }),
  ...(
    [
      ['Boolean', { type: 'BOOLEAN' }, ['boolean', true]],
      ['Short', { type: 'INT16' }, ['int16', '-2']],
      ['Integer', { type: 'INT32' }, ['int32', '-2']],
      ['Long', { type: 'INT64' }, ['int64', '968476484095610881']],
      ['Float', { type: 'FLOAT32' }, ['float32', '1.5']],
      ['Double', { type: 'FLOAT64' }, ['float64', '1.5']],
    ] as const
  ).flatMap(([name, schema, value]) => {
    const className = `${CONVERTERS}.${name}Converter`;
    return [
      ask({ kind: 'write', class: className, schema, value }),
      ask({ kind: 'write', class: className, schema: null, value: null }),
      ...['', 'AQ==', 'AA==', 'Ag==', 'gA==', 'AAE=', 'AAAAAQ==', 'AAAAAAAAAAE='].map((bytes) =>
        ['Short', 'Integer', 'Long', 'Float', 'Double', 'Boolean'].includes(name) && ok(name, bytes)
          ? ask({ kind: 'read', class: className, bytes })
          : differs(
              { kind: 'read', class: className, bytes },
              { error: `Failed to deserialize ${name.toLowerCase()}: ` },
              'what is wrong with the bytes is in the message itself; Connect has it in the cause',
            ),
      ),
      ask({ kind: 'read', class: className, bytes: null }),
    ];
  }),
  ask({ kind: 'write', class: `${CONVERTERS}.BooleanConverter`, schema: { type: 'STRING' }, value: ['string', 'x'] }),
  ask({ kind: 'write', class: `${CONVERTERS}.BooleanConverter`, schema: null, value: ['string', 'x'] }),
  ask({ kind: 'write', class: `${CONVERTERS}.LongConverter`, schema: null, value: ['string', 'x'] }),
];

/** Does Java's deserializer take these bytes? */
function ok(name: string, bytes: string): boolean {
  const { length } = Buffer.from(bytes, 'base64');
  const sizes: Record<string, number> = { Boolean: 1, Short: 2, Integer: 4, Long: 8, Float: 4, Double: 8 };
  return length === sizes[name] && !(name === 'Boolean' && !['AQ==', 'AA=='].includes(bytes));
}

export const converterCases: readonly Case[] = [...printing, ...strings, ...plainJson, ...envelopes, ...others];
