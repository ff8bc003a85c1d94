import { ask, base64, type Case, differs, type TypedRecord } from './cases.ts';
import { A_TWEET, TWEET } from './converter-cases.ts';
import type { TypedSchema, TypedValue } from './typed-values.ts';

const T = 'org.apache.kafka.connect.transforms';

const STRUCT: TypedSchema = {
  type: 'STRUCT',
  name: 'S',
  version: 2,
  doc: 'd',
  parameters: [['p', 'q']],
  fields: [
    ['id', { type: 'INT64' }],
    ['name', { type: 'STRING', optional: true }],
    ['size', { type: 'INT32', optional: true, default: ['int32', '7'] }],
    [
      'nested',
      {
        type: 'STRUCT',
        optional: true,
        fields: [
          ['a', { type: 'INT32' }],
          ['b', { type: 'STRING', optional: true }],
        ],
      },
    ],
  ],
};
const NESTED = STRUCT.fields![3]![1];
const A_STRUCT: TypedValue = [
  'struct',
  STRUCT,
  [['int64', '968476484095610881'], ['string', 'x'], null, ['struct', NESTED, [['int32', '1'], null]]],
];
const A_MAP: TypedValue = [
  'map',
  [
    [
      ['string', 'id'],
      ['int64', '968476484095610881'],
    ],
    [
      ['string', 'name'],
      ['string', 'x'],
    ],
    [
      ['string', 'nested'],
      [
        'map',
        [
          [
            ['string', 'a'],
            ['int64', '1'],
          ],
          [['string', 'b'], null],
        ],
      ],
    ],
    [['string', 'none'], null],
  ],
];

const WITH_STRUCT: TypedRecord = {
  topic: 'tweets',
  partition: 3,
  timestamp: '1794612690000',
  keySchema: { type: 'STRING' },
  key: ['string', 'k'],
  valueSchema: STRUCT,
  value: A_STRUCT,
  headers: [
    ['h', { type: 'STRING' }, ['string', 'v']],
    ['h', null, null],
  ],
};
const WITH_MAP: TypedRecord = {
  topic: 'tweets',
  partition: 3,
  timestamp: '1794612690000',
  value: A_MAP,
  headers: [['h', { type: 'INT64' }, ['int64', '1']]],
};
const SINK: TypedRecord = { ...WITH_STRUCT, offset: 42 };
const SINK_MAP: TypedRecord = { ...WITH_MAP, offset: 42 };
const NULLS: TypedRecord = { topic: 'tweets' };
const NULL_WITH_SCHEMA: TypedRecord = { topic: 'tweets', valueSchema: { ...STRUCT, optional: true }, value: null };
const STRING: TypedRecord = { topic: 'tweets', valueSchema: { type: 'STRING' }, value: ['string', 'line'] };
const BARE_STRING: TypedRecord = { topic: 'tweets', value: ['string', 'line'] };
const TYPICAL = [WITH_STRUCT, WITH_MAP, NULLS, NULL_WITH_SCHEMA, STRING, BARE_STRING];

function all(name: string, config: Record<string, string>, records: readonly TypedRecord[] = TYPICAL): Case[] {
  return records.map((record) => one(name, config, record));
}

function one(name: string, config: Record<string, string>, record: TypedRecord): Case {
  return ask(question(name, config, record));
}

function question(name: string, config: Record<string, string>, record: TypedRecord) {
  return { kind: 'transform', class: `${T}.${name}`, config, record } as const;
}

/** A record of one value. */
function valued(valueSchema: TypedSchema | null, value: TypedValue): TypedRecord {
  return { topic: 't', valueSchema, value };
}

const simple: readonly Case[] = [
  ...all('HoistField$Value', { field: 'line' }),
  ...all('HoistField$Key', { field: 'k' }),
  ...all('InsertField$Value', {
    'topic.field': 'topic',
    'timestamp.field': 'ts?',
    'static.field': 's',
    'static.value': 'v',
  }),
  ...all('InsertField$Value', { 'partition.field': 'partition!' }, [WITH_STRUCT]),
  differs(
    question('InsertField$Value', { 'partition.field': 'p' }, { topic: 't', partition: 3, value: ['map', []] }),
    {
      ok: {
        topic: 't',
        partition: 3,
        timestamp: null,
        keySchema: null,
        key: null,
        valueSchema: null,
        value: [
          'map',
          [
            [
              ['string', 'p'],
              ['int64', '3'],
            ],
          ],
        ],
        headers: [],
      },
    },
    'without a schema every integer is int64; it is written the same',
  ),
  ...all('InsertField$Value', { 'topic.field': 'topic', 'offset.field': 'offset!', 'timestamp.field': 'ts!' }, [
    SINK,
    SINK_MAP,
    WITH_STRUCT,
    WITH_MAP,
  ]),
  ...all('InsertField$Value', { 'static.field': 's', 'static.value': 'v', 'replace.null.with.default': 'false' }),
  ...all('InsertField$Key', { 'static.field': 's!', 'static.value': 'v' }),
  one('InsertField$Value', {}, WITH_MAP),
  one(
    'InsertField$Value',
    { 'timestamp.field': 'ts!', 'partition.field': 'p?' },
    { topic: 't', valueSchema: STRUCT, value: A_STRUCT },
  ),
  ...all('ReplaceField$Value', { exclude: 'name,nested' }),
  ...all('ReplaceField$Value', { include: 'id,name', renames: 'id:key,name:title' }),
  ...all('ReplaceField$Value', { include: 'id,size', exclude: 'id', 'replace.null.with.default': 'false' }),
  ...all('ReplaceField$Value', { renames: 'id:a:' }, [WITH_MAP]),
  ...all('ReplaceField$Value', { whitelist: 'id', blacklist: 'name' }, [WITH_MAP]),
  ...all('ReplaceField$Value', { renames: 'id' }, [WITH_MAP]),
  ...all('ReplaceField$Value', { renames: 'a:b:c' }, [WITH_MAP]),
  ...all('RegexRouter', { regex: '(.*)', replacement: 'prefix-$1' }, [WITH_STRUCT]),
  ...all('RegexRouter', { regex: 'twe', replacement: 'x' }, [WITH_STRUCT]),
  ...all('RegexRouter', { regex: '(?<a>t)(.*)', replacement: '$2-$\x7ba}' }, [WITH_STRUCT]),
  ...all('RegexRouter', { regex: 't|tweets', replacement: 'x' }, [WITH_STRUCT]),
  ...all('ExtractField$Value', { field: 'id' }),
  ...all('ExtractField$Value', { field: 'size' }),
  ...all('ExtractField$Value', { field: 'size', 'replace.null.with.default': 'false' }, [WITH_STRUCT]),
  ...all('ExtractField$Value', { field: 'nested.a' }, [WITH_MAP]),
  ...all('ExtractField$Value', { field: 'nested.a', 'field.syntax.version': 'v2' }, [WITH_STRUCT, WITH_MAP, NULLS]),
  ...all('ExtractField$Value', { field: 'nested.b', 'field.syntax.version': 'V2' }, [WITH_STRUCT, WITH_MAP]),
  ...all('ExtractField$Value', { field: 'none.x', 'field.syntax.version': 'V2' }, [WITH_MAP]),
  ...all('ExtractField$Value', { field: 'name.x', 'field.syntax.version': 'V2' }, [WITH_MAP]),
  ...['`a.b`', '`a.b`.c', 'x.`y.z`', '`a`b`', 'a`b', '`a\\`.b`', '`a', '`a`b', 'a.', 'a..b'].map((field) =>
    one(
      'ExtractField$Value',
      { field, 'field.syntax.version': 'V2' },
      valued(null, [
        'map',
        [
          [
            ['string', 'a.b'],
            [
              'map',
              [
                [
                  ['string', 'c'],
                  ['int64', '1'],
                ],
              ],
            ],
          ],
          [
            ['string', 'x'],
            [
              'map',
              [
                [
                  ['string', 'y.z'],
                  ['int64', '2'],
                ],
              ],
            ],
          ],
          [
            ['string', 'a`b'],
            ['int64', '3'],
          ],
          [
            ['string', 'a`.b'],
            ['int64', '4'],
          ],
          [
            ['string', 'a'],
            [
              'map',
              [
                [
                  ['string', ''],
                  [
                    'map',
                    [
                      [
                        ['string', 'b'],
                        ['int64', '5'],
                      ],
                    ],
                  ],
                ],
              ],
            ],
          ],
        ],
      ]),
    ),
  ),
  differs(
    question('ExtractField$Value', { field: 'nope' }, WITH_STRUCT),
    { error: 'Unknown field: nope' },
    'a field that is not there is a DataException; in Connect an IllegalArgumentException',
  ),
  one('ExtractField$Key', { field: 'x' }, NULLS),
  ...all('ValueToKey', { fields: 'id,name' }),
  ...all('ValueToKey', { fields: 'size', 'replace.null.with.default': 'false' }, [WITH_STRUCT]),
  ...all('ValueToKey', { fields: 'nope' }, [WITH_STRUCT, WITH_MAP]),
  ...all('Filter', {}, [WITH_STRUCT]),
  ...all('DropHeaders', { headers: 'h' }, [WITH_STRUCT, WITH_MAP, NULLS]),
  ...all('DropHeaders', { headers: 'x,y' }, [WITH_STRUCT]),
  ...all('InsertHeader', { header: 'n', 'value.literal': '007' }, [WITH_STRUCT, NULLS]),
  ...all('InsertHeader', { header: 'n', 'value.literal': '[1,2]' }, [NULLS]),
  ...all('InsertHeader', { header: 'n', 'value.literal': 'text' }, [NULLS]),
  ...all('HeaderFrom$Value', { fields: 'id,size', headers: 'a,b', operation: 'copy' }),
  ...all('HeaderFrom$Value', { fields: 'id,size', headers: 'a,b', operation: 'move' }),
  ...all('HeaderFrom$Value', { fields: 'id', headers: 'a,b', operation: 'move' }, [WITH_MAP]),
  ...all('HeaderFrom$Value', { fields: 'nope', headers: 'a', operation: 'move' }, [WITH_MAP]),
  differs(
    question('HeaderFrom$Value', { fields: 'nope', headers: 'a', operation: 'move' }, WITH_STRUCT),
    { error: 'Field does not exist: nope' },
    'a field that is not there is told by its name; Connect tells of a null pointer',
  ),
  ...all('SetSchemaMetadata$Value', { 'schema.name': 'N', 'schema.version': '9' }, [
    WITH_STRUCT,
    WITH_MAP,
    NULLS,
    NULL_WITH_SCHEMA,
  ]),
  ...all('SetSchemaMetadata$Value', { 'schema.name': 'N', 'replace.null.with.default': 'false' }, [WITH_STRUCT]),
  ...all('SetSchemaMetadata$Value', {}, [WITH_STRUCT]),
  differs(
    question(
      'SetSchemaMetadata$Value',
      { 'schema.name': 'N' },
      { topic: 't', valueSchema: { type: 'STRING' }, value: ['string', 'x'] },
    ),
    {
      ok: {
        topic: 't',
        partition: null,
        timestamp: null,
        keySchema: null,
        key: null,
        valueSchema: { type: 'STRING', name: 'N' },
        value: ['string', 'x'],
        headers: [],
      },
    },
    'a schema of any type gets its name and version; Connect fails for all but structs',
  ),
];

const DEFAULTED: TypedSchema = {
  type: 'STRUCT',
  optional: true,
  fields: [
    [
      'a',
      {
        type: 'STRUCT',
        optional: true,
        fields: [
          ['x', { type: 'INT32' }],
          ['y', { type: 'ARRAY', items: { type: 'STRING' } }],
        ],
      },
    ],
    ['b', { type: 'STRUCT', fields: [['x', { type: 'INT32', default: ['int32', '3'] }]] }],
    ['c', { type: 'STRING', optional: true }],
  ],
};
const [A, B] = [DEFAULTED.fields![0]![1], DEFAULTED.fields![1]![1]];

const flattening: readonly Case[] = [
  ...all('Flatten$Value', {}),
  ...all('Flatten$Value', { delimiter: '_' }, [WITH_STRUCT, WITH_MAP]),
  one('Flatten$Value', {}, valued(DEFAULTED, ['struct', DEFAULTED, [null, ['struct', B, [null]], null]])),
  one(
    'Flatten$Value',
    {},
    valued(DEFAULTED, [
      'struct',
      DEFAULTED,
      [
        [
          'struct',
          A,
          [
            ['int32', '1'],
            ['array', [['string', 'q']]],
          ],
        ],
        ['struct', B, [['int32', '1']]],
        ['string', 'z'],
      ],
    ]),
  ),
  one('Flatten$Value', {}, valued(TWEET, A_TWEET)),
  one(
    'Flatten$Value',
    {},
    valued(null, [
      'map',
      [
        [
          ['string', 'a'],
          ['array', [['map', []]]],
        ],
        [
          ['string', 'b'],
          ['map', []],
        ],
      ],
    ]),
  ),
  one(
    'Flatten$Value',
    {},
    valued(null, [
      'map',
      [
        [
          ['string', 'a'],
          ['decimal', '1', 0],
        ],
      ],
    ]),
  ),
];

const DECIMAL: TypedSchema = {
  type: 'BYTES',
  name: 'org.apache.kafka.connect.data.Decimal',
  version: 1,
  parameters: [['scale', '2']],
};
const DATE: TypedSchema = { type: 'INT32', name: 'org.apache.kafka.connect.data.Date', version: 1 };
const TIME: TypedSchema = { type: 'INT32', name: 'org.apache.kafka.connect.data.Time', version: 1 };
const TIMESTAMP: TypedSchema = { type: 'INT64', name: 'org.apache.kafka.connect.data.Timestamp', version: 1 };

const MASKED: TypedSchema = {
  type: 'STRUCT',
  fields: [
    ['i8', { type: 'INT8' }],
    ['i16', { type: 'INT16' }],
    ['i32', { type: 'INT32', optional: true, default: ['int32', '5'] }],
    ['i64', { type: 'INT64' }],
    ['f32', { type: 'FLOAT32' }],
    ['f64', { type: 'FLOAT64' }],
    ['b', { type: 'BOOLEAN' }],
    ['s', { type: 'STRING', optional: true }],
    ['bytes', { type: 'BYTES' }],
    ['list', { type: 'ARRAY', items: { type: 'INT32' } }],
    ['map', { type: 'MAP', keys: { type: 'STRING' }, values: { type: 'INT32' } }],
    ['date', TIMESTAMP],
    ['inner', { type: 'STRUCT', fields: [] }],
  ],
};
const A_MASKED: TypedValue = [
  'struct',
  MASKED,
  [
    ['int8', '1'],
    ['int16', '2'],
    null,
    ['int64', '4'],
    ['float32', '1.5'],
    ['float64', '2.5'],
    ['boolean', true],
    ['string', 'secret'],
    ['bytes', 'AQ=='],
    ['array', [['int32', '1']]],
    [
      'map',
      [
        [
          ['string', 'a'],
          ['int32', '1'],
        ],
      ],
    ],
    ['date', '1'],
    ['struct', { type: 'STRUCT', fields: [] }, []],
  ],
];

const masking: readonly Case[] = [
  ...['i8', 'i16', 'i32', 'i64', 'f32', 'f64', 'b', 's', 'bytes', 'list', 'map', 'date', 'inner'].flatMap((fields) => [
    one('MaskField$Value', { fields }, valued(MASKED, A_MASKED)),
    one('MaskField$Value', { fields, replacement: '300.7' }, valued(MASKED, A_MASKED)),
    one('MaskField$Value', { fields, replacement: 'xyz' }, valued(MASKED, A_MASKED)),
  ]),
  one('MaskField$Value', { fields: 'i32', 'replace.null.with.default': 'false' }, valued(MASKED, A_MASKED)),
  ...all('MaskField$Value', { fields: 'id,name,nope' }, [WITH_MAP, WITH_STRUCT, NULLS, BARE_STRING]),
  ...all('MaskField$Value', { fields: 'id,name', replacement: '5' }, [WITH_MAP]),
  one('MaskField$Value', { fields: '' }, WITH_MAP),
  differs(
    question(
      'MaskField$Value',
      { fields: 'd' },
      valued({ type: 'STRUCT', fields: [['d', DECIMAL]] }, [
        'struct',
        { type: 'STRUCT', fields: [['d', DECIMAL]] },
        [['decimal', '1250', 2]],
      ]),
    ),
    {
      ok: {
        topic: 't',
        partition: null,
        timestamp: null,
        keySchema: null,
        key: null,
        valueSchema: { type: 'STRUCT', fields: [['d', DECIMAL]] },
        value: ['struct', { type: 'STRUCT', fields: [['d', DECIMAL]] }, [['decimal', '0', 2]]],
        headers: [],
      },
    },
    'a masked Decimal keeps its scale, else no converter takes it',
  ),
];

const CASTABLE: readonly (readonly [TypedSchema | null, TypedValue])[] = [
  [{ type: 'INT8' }, ['int8', '-5']],
  [{ type: 'INT32' }, ['int32', '300']],
  [{ type: 'INT64' }, ['int64', '968476484095610881']],
  [{ type: 'FLOAT32' }, ['float32', '3.99']],
  [{ type: 'FLOAT64' }, ['float64', '-3.99']],
  [{ type: 'FLOAT64' }, ['float64', '1e20']],
  [{ type: 'FLOAT64' }, ['float64', '-1e20']],
  [{ type: 'FLOAT64' }, ['float64', 'NaN']],
  [{ type: 'FLOAT64' }, ['float64', '0.5']],
  [{ type: 'BOOLEAN' }, ['boolean', true]],
  [{ type: 'STRING' }, ['string', '42']],
  [{ type: 'STRING' }, ['string', '+42']],
  [{ type: 'STRING' }, ['string', ' 42 ']],
  [{ type: 'STRING' }, ['string', '1.5']],
  [{ type: 'STRING' }, ['string', '1e3']],
  [{ type: 'STRING' }, ['string', 'true']],
  [{ type: 'STRING' }, ['string', 'yes']],
  [{ type: 'STRING' }, ['string', '9223372036854775808']],
  [{ type: 'STRING', name: 'my.Text', version: 1 }, ['string', 'x']],
  [{ type: 'BYTES' }, ['bytes', base64('abc')]],
  [{ type: 'ARRAY', items: { type: 'STRING' } }, ['array', []]],
  [null, ['int64', '300']],
  [null, ['string', 'abc']],
  [null, ['boolean', false]],
  [null, ['bytes', base64('abc')]],
  [null, ['map', []]],
  [null, ['decimal', '1', 0]],
];

const TYPES = ['int8', 'int16', 'int32', 'int64', 'float32', 'float64', 'boolean', 'string'];

/** Without a schema Java's Byte, Short, Integer, Float have no form of their own here. */
const NARROW = ['int8', 'int16', 'int32', 'float32'];

const LOGICAL: TypedSchema = {
  type: 'STRUCT',
  fields: [
    ['d', DATE],
    ['t', TIME],
    ['ts', TIMESTAMP],
    ['dec', DECIMAL],
  ],
};
const A_LOGICAL: TypedValue = [
  'struct',
  LOGICAL,
  [
    ['date', '1794528000000'],
    ['date', '84690123'],
    ['date', '1794612690000'],
    ['decimal', '1250', 2],
  ],
];

const casting: readonly Case[] = [
  ...CASTABLE.flatMap(([schema, value]) =>
    TYPES.filter(
      (type) =>
        schema !== null || !NARROW.includes(type) || ['string', 'map', 'bytes', 'decimal'].includes(String(value?.[0])),
    ).map((type) => one('Cast$Value', { spec: type }, valued(schema, value))),
  ),
  ...TYPES.flatMap((type) =>
    ['d', 't', 'ts', 'dec'].map((field) => one('Cast$Value', { spec: `${field}:${type}` }, valued(LOGICAL, A_LOGICAL))),
  ),
  ...all('Cast$Value', { spec: 'id:string,size:float64' }),
  ...all('Cast$Value', { spec: 'size:string', 'replace.null.with.default': 'false' }, [WITH_STRUCT]),
  ...all('Cast$Value', { spec: 'nested:string' }, [WITH_STRUCT, WITH_MAP]),
  ...all('Cast$Value', { spec: 'missing:int64' }, [WITH_STRUCT, WITH_MAP]),
  ...['', 'id:bytes', 'array', 'id:int8:x', 'int8,int16', 'INT8', ' id : int8 '].map((spec) =>
    one('Cast$Value', { spec }, WITH_STRUCT),
  ),
  differs(
    question('Cast$Value', { spec: 'id:nope' }, WITH_STRUCT),
    { error: 'Invalid type found in casting spec: nope' },
    'the message about an unknown type has no Java exception in its middle',
  ),
  one(
    'Cast$Value',
    { spec: 'int32' },
    valued({ type: 'INT64', optional: true, default: ['int64', '5'], doc: 'd' }, ['int64', '6']),
  ),
  differs(
    question('Cast$Value', { spec: 'string' }, valued(TIMESTAMP, ['date', '1794612690000'])),
    {
      ok: {
        topic: 't',
        partition: null,
        timestamp: null,
        keySchema: null,
        key: null,
        valueSchema: { type: 'STRING' },
        value: ['string', '2026-11-13T23:31:30.000Z'],
        headers: [],
      },
    },
    'a Timestamp that was cast is no longer called one, else no converter takes it',
  ),
  differs(
    question('Cast$Value', { spec: 'int8' }, valued(null, ['int64', '300'])),
    {
      ok: {
        topic: 't',
        partition: null,
        timestamp: null,
        keySchema: null,
        key: null,
        valueSchema: null,
        value: ['int64', '44'],
        headers: [],
      },
    },
    'without a schema every integer is int64; it is written the same',
  ),
  differs(
    question('Cast$Value', { spec: 'float32' }, valued(null, ['string', '0.1'])),
    {
      ok: {
        topic: 't',
        partition: null,
        timestamp: null,
        keySchema: null,
        key: null,
        valueSchema: null,
        value: ['float64', '3fb999999999999a'],
        headers: [],
      },
    },
    'without a schema every float is float64; it is written the same',
  ),
].filter(({ ask: it, ours }) => ours !== undefined || !isNarrowed(it));

/** A text cast to a narrow type without a schema: asked once above. */
function isNarrowed(it: Case['ask']): boolean {
  return (
    it.kind === 'transform' &&
    it.record.valueSchema === null &&
    it.record.value?.[0] === 'string' &&
    NARROW.includes(it.config.spec ?? '') &&
    it.record.value[1] !== 'abc'
  );
}

const FORMATS = [
  'yyyy-MM-dd HH:mm:ss.SSS',
  "yyyy-MM-dd'T'HH:mm:ssXXX",
  'EEE MMM dd HH:mm:ss Z yyyy',
  'EEEE, d MMMM yy h:mm a',
  "''yyyy''",
  "yyyy 'at' HH",
  'D u k K w W F Y G',
  'yyyyMMddHHmmss',
  'S SS SSSSSS',
  'z zzzz Z X XX XXX',
  'MM/M LL LLL',
  'y yy yyy yyyyyy',
];
const INSTANTS = [
  '0',
  '1794612690123',
  '-1',
  '951782400000',
  '-62135769600000',
  '-12219292800001',
  '1735603199999',
  '1703980800000',
  '1704067200000',
  '4102444799999',
];

const READ: readonly (readonly [format: string, ...texts: string[]])[] = [
  [
    'yyyy-MM-dd',
    '2020-01-01',
    '2020-02-30',
    '2020-13-01',
    '2020-1-1',
    '2020-01-01x',
    'x2020-01-01',
    ' 2020-01-01',
    '2020- 01-01',
    '20-01-01',
    '0001-01-01',
    '1582-10-10',
    '2020/01/01',
    '',
  ],
  ['yyyyMMdd', '20200101', '2020011', '202001019', '2020-1-1'],
  ['yy-MM-dd', '99-01-01', '20-01-01', '2020-01-01', '5-01-01'],
  [
    'yyyy-MM-dd HH:mm:ss.SSS',
    '2020-01-01 10:20:30.400',
    '2020-01-01 10:20:30.4',
    '2020-01-01 25:61:61.1000',
    '2020-01-01  10:20:30.400',
  ],
  [
    "yyyy-MM-dd'T'HH:mm:ssX",
    '2020-01-01T10:20:30Z',
    '2020-01-01T10:20:30+01',
    '2020-01-01T10:20:30+01:00',
    '2020-01-01T10:20:30',
  ],
  ["yyyy-MM-dd'T'HH:mm:ssXXX", '2020-01-01T10:20:30+01:30', '2020-01-01T10:20:30Z', '2020-01-01T10:20:30-0130'],
  [
    'yyyy-MM-dd HH:mm:ss Z',
    '2020-01-01 10:20:30 +0100',
    '2020-01-01 10:20:30 GMT+1:00',
    '2020-01-01 10:20:30 UTC',
    '2020-01-01 10:20:30 EST',
    '2020-01-01 10:20:30 nope',
  ],
  [
    'EEE MMM dd HH:mm:ss Z yyyy',
    'Fri Nov 13 23:31:30 +0000 2026',
    'fri NOVEMBER 13 23:31:30 +0000 2026',
    'Xyz Nov 13 23:31:30 +0000 2026',
  ],
  ['d MMM yyyy h:mm a', '13 Nov 2026 12:05 AM', '13 Nov 2026 12:05 pm', '13 Nov 2026 1:05 PM', '13 Nov 2026 1:05'],
  ['HH:mm', '24:00', '10:20'],
  ['k:mm', '24:00', '1:00'],
  ['K a', '11 PM', '0 AM'],
  ['D yyyy', '32 2020', '366 2020'],
  ['yyyy G', '44 BC', '2020 AD'],
];

const timestamps: readonly Case[] = [
  ...FORMATS.flatMap((format) =>
    INSTANTS.map((ms) =>
      one('TimestampConverter$Value', { 'target.type': 'string', format }, valued(TIMESTAMP, ['date', ms])),
    ),
  ),
  ...READ.flatMap(([format, ...texts]) =>
    texts.map((text) =>
      one('TimestampConverter$Value', { 'target.type': 'unix', format }, valued({ type: 'STRING' }, ['string', text])),
    ),
  ),
  ...['unix', 'Date', 'Time', 'Timestamp'].flatMap((target) =>
    (
      [
        [TIMESTAMP, ['date', '1794612690123']],
        [TIMESTAMP, ['date', '-1']],
        [DATE, ['date', '1794528000000']],
        [TIME, ['date', '84690123']],
        [{ type: 'INT64' }, ['int64', '1794612690123']],
        [{ type: 'INT64', optional: true }, null],
        [{ type: 'INT32' }, ['int32', '5']],
      ] as [TypedSchema, TypedValue][]
    ).map(([schema, value]) => one('TimestampConverter$Value', { 'target.type': target }, valued(schema, value))),
  ),
  ...['seconds', 'milliseconds', 'microseconds', 'nanoseconds'].flatMap((precision) => [
    one(
      'TimestampConverter$Value',
      { 'target.type': 'Timestamp', 'unix.precision': precision },
      valued({ type: 'INT64' }, ['int64', '-1794612690123456789']),
    ),
    one(
      'TimestampConverter$Value',
      { 'target.type': 'unix', 'unix.precision': precision },
      valued(TIMESTAMP, ['date', '-1501']),
    ),
    one(
      'TimestampConverter$Value',
      { 'target.type': 'unix', 'unix.precision': precision },
      valued(null, ['int64', '1794612690123']),
    ),
  ]),
  one('TimestampConverter$Value', { 'target.type': 'string', format: 'yyyy', field: 'ts' }, valued(LOGICAL, A_LOGICAL)),
  one('TimestampConverter$Value', { 'target.type': 'unix', field: 'd' }, valued(LOGICAL, A_LOGICAL)),
  one('TimestampConverter$Value', { 'target.type': 'unix', field: 'nope' }, valued(LOGICAL, A_LOGICAL)),
  one('TimestampConverter$Value', { 'target.type': 'unix', field: 'dec' }, valued(LOGICAL, A_LOGICAL)),
  ...all('TimestampConverter$Value', { 'target.type': 'string', format: 'yyyy', field: 'id' }),
  ...all('TimestampConverter$Value', { 'target.type': 'string', format: 'yyyy', field: 'none' }, [WITH_MAP]),
  ...all('TimestampConverter$Value', { 'target.type': 'unix', format: 'yyyy', field: 'nested' }, [WITH_MAP]),
  one('TimestampConverter$Value', { 'target.type': 'string' }, valued(TIMESTAMP, ['date', '0'])),
  one('TimestampConverter$Value', { 'target.type': 'nope' }, valued(TIMESTAMP, ['date', '0'])),
  differs(
    question('TimestampConverter$Value', { 'target.type': 'string', format: 'bad' }, valued(TIMESTAMP, ['date', '0'])),
    { error: 'TimestampConverter requires a SimpleDateFormat-compatible pattern for string timestamps: bad' },
    'the message says what is wrong with the pattern',
  ),
  differs(
    question('TimestampConverter$Value', { 'target.type': 'unix' }, valued({ type: 'STRING' }, ['string', '2020'])),
    { error: 'needs the option format' },
    'text without the option format is told as that; Connect tells of a null pointer',
  ),
  differs(
    question('TimestampConverter$Value', { 'target.type': 'Timestamp' }, valued(null, ['int64', '5'])),
    {
      ok: {
        topic: 't',
        partition: null,
        timestamp: null,
        keySchema: null,
        key: null,
        valueSchema: null,
        value: ['int64', '5'],
        headers: [],
      },
    },
    'without a schema a Timestamp is its milliseconds, which converters can write',
  ),
  ...all('TimestampRouter', {}, [WITH_STRUCT]),
  ...all('TimestampRouter', { 'topic.format': '$\x7btimestamp}_$\x7btopic}_x', 'timestamp.format': 'yyyy-MM' }, [
    WITH_STRUCT,
  ]),
  ...['yyyyMMddHHmm', 'YYYY-ww', "'x'"].map((format) =>
    one('TimestampRouter', { 'timestamp.format': format }, WITH_STRUCT),
  ),
  differs(
    question('TimestampRouter', {}, NULLS),
    { error: 'Timestamp missing on a record of topic tweets' },
    'the message about a missing timestamp names the topic; Connect prints the record, which may hold a secret',
  ),
  differs(
    question('TimestampRouter', { 'timestamp.format': 'bad' }, WITH_STRUCT),
    { error: "Illegal pattern character 'b'" },
    'a wrong pattern is a ConfigException; in Connect an IllegalArgumentException',
  ),
];

function holds(name: string, config: Record<string, string>, record: TypedRecord): Case {
  return ask({ kind: 'predicate', class: `${T}.predicates.${name}`, config, record });
}

const predicates: readonly Case[] = [
  holds('HasHeaderKey', { name: 'h' }, WITH_STRUCT),
  holds('HasHeaderKey', { name: 'x' }, WITH_STRUCT),
  holds('HasHeaderKey', { name: 'x' }, NULLS),
  holds('HasHeaderKey', { name: '' }, NULLS),
  holds('HasHeaderKey', {}, NULLS),
  holds('RecordIsTombstone', {}, WITH_STRUCT),
  holds('RecordIsTombstone', {}, NULLS),
  holds('RecordIsTombstone', {}, NULL_WITH_SCHEMA),
  holds('TopicNameMatches', { pattern: 'twe.*' }, WITH_STRUCT),
  holds('TopicNameMatches', { pattern: 'twe' }, WITH_STRUCT),
  holds('TopicNameMatches', { pattern: '' }, WITH_STRUCT),
];

export const transformCases: readonly Case[] = [
  ...simple,
  ...flattening,
  ...masking,
  ...casting,
  ...timestamps,
  ...predicates,
];
