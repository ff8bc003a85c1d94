import { ask, base64, type Case, differs, type TypedRecord } from './cases.ts';
import type { TypedSchema, TypedValue } from './typed-values.ts';

const T = 'org.apache.kafka.connect.transforms';
const C = 'org.apache.kafka.connect.converters';
const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';
const STRING_CONVERTER = 'org.apache.kafka.connect.storage.StringConverter';

const STRING: TypedSchema = { type: 'STRING' };
const DECIMAL: TypedSchema = {
  type: 'BYTES',
  name: 'org.apache.kafka.connect.data.Decimal',
  version: 1,
  parameters: [['scale', '2']],
};
const TIMESTAMP: TypedSchema = {
  type: 'INT64',
  name: 'org.apache.kafka.connect.data.Timestamp',
  version: 1,
  optional: true,
  default: ['date', '1000'],
};

function writeHeader(
  name: string,
  config: Record<string, string>,
  schema: TypedSchema | null,
  value: TypedValue,
): Case {
  return ask({ kind: 'write-header', class: name, config, schema, value });
}

function readHeader(name: string, config: Record<string, string>, bytes: string | null): Case {
  return ask({ kind: 'read-header', class: name, config, bytes });
}

const hex = (digits: string) => Buffer.from(digits, 'hex').toString('base64');

const NUMBERS: readonly (readonly [name: string, schema: TypedSchema, value: TypedValue, bytes: string])[] = [
  ['BooleanConverter', { type: 'BOOLEAN' }, ['boolean', true], hex('01')],
  ['ShortConverter', { type: 'INT16' }, ['int16', '-2'], hex('fffe')],
  ['IntegerConverter', { type: 'INT32' }, ['int32', '7'], hex('00000007')],
  ['LongConverter', { type: 'INT64' }, ['int64', '-9223372036854775808'], hex('8000000000000000')],
  ['FloatConverter', { type: 'FLOAT32' }, ['float32', '0.1'], hex('3dcccccd')],
  ['DoubleConverter', { type: 'FLOAT64' }, ['float64', '-0.0'], hex('8000000000000000')],
  ['ByteArrayConverter', { type: 'BYTES' }, ['bytes', base64('abc')], base64('abc')],
];

/** The converters of keys and values as converters of headers, and told what they convert. */
const headerConverters: readonly Case[] = [
  ...NUMBERS.flatMap(([name, schema, value, bytes]) => [
    writeHeader(`${C}.${name}`, { 'converter.type': 'header' }, schema, value),
    writeHeader(`${C}.${name}`, {}, { ...schema, optional: true }, null),
    readHeader(`${C}.${name}`, { 'converter.type': 'header' }, bytes),
    readHeader(`${C}.${name}`, {}, null),
    ...['key', 'value', 'header'].map((type) =>
      ask({
        kind: 'write',
        class: `${C}.${name}`,
        config: { 'converter.type': type },
        isKey: type === 'key',
        schema,
        value,
      }),
    ),
  ]),
  writeHeader(STRING_CONVERTER, { 'converter.encoding': 'UTF-16', 'converter.type': 'header' }, STRING, [
    'string',
    'é😀',
  ]),
  writeHeader(STRING_CONVERTER, { 'converter.encoding': 'UTF-16' }, STRING, ['string', '']),
  differs(
    {
      kind: 'write-header',
      class: STRING_CONVERTER,
      config: { 'converter.encoding': 'no-such' },
      schema: STRING,
      value: ['string', 'a'],
    },
    { error: 'Unsupported encoding no-such' },
    'an encoding that is not known is a ConfigException at the start; in Connect a SerializationException of each record',
  ),
  writeHeader(STRING_CONVERTER, {}, { type: 'INT32' }, ['int32', '5']),
  readHeader(STRING_CONVERTER, { 'converter.encoding': 'ISO-8859-1' }, hex('e9')),
  readHeader(STRING_CONVERTER, {}, null),
  ask({
    kind: 'write',
    class: STRING_CONVERTER,
    config: { 'converter.encoding': 'UTF-16', 'converter.type': 'value' },
    schema: STRING,
    value: ['string', ''],
  }),
  ...(
    [
      [{}, DECIMAL, ['decimal', '1250', 2]],
      [{ 'schemas.enable': 'false' }, DECIMAL, ['decimal', '1250', 2]],
      [{ 'schemas.enable': 'false', 'decimal.format': 'NUMERIC' }, DECIMAL, ['decimal', '1250', 2]],
      [{ 'schemas.enable': 'false', 'schemas.cache.size': '0' }, STRING, ['string', 'a']],
      [{ 'schemas.cache.size': '-5' }, STRING, ['string', 'a']],
      [{ 'replace.null.with.default': 'true' }, { ...STRING, optional: true, default: ['string', 'd'] }, null],
      [{ 'replace.null.with.default': 'false' }, { ...STRING, optional: true, default: ['string', 'd'] }, null],
      [{ 'schema.content': '{"type":"string"}' }, STRING, ['string', 'a']],
      [{ 'converter.type': 'header' }, null, ['string', 'a']],
    ] as const
  ).map(([config, schema, value]) => writeHeader(JSON_CONVERTER, config, schema, value)),
  readHeader(JSON_CONVERTER, {}, base64('{"schema":{"type":"int32"},"payload":5}')),
  readHeader(JSON_CONVERTER, { 'schemas.enable': 'false' }, base64('{"a":[1,null]}')),
  readHeader(JSON_CONVERTER, { 'schema.content': '{"type":"int64"}' }, base64('12')),
  readHeader(JSON_CONVERTER, { 'schemas.enable': 'false' }, null),
  ...['0', '1', '1000'].map((size) =>
    ask({
      kind: 'write',
      class: JSON_CONVERTER,
      config: { 'schemas.cache.size': size, 'converter.type': 'value' },
      schema: STRING,
      value: ['string', 'a'],
    }),
  ),
];

const ROW: TypedSchema = {
  type: 'STRUCT',
  optional: true,
  fields: [
    ['id', { type: 'INT32', optional: true, default: ['int32', '3'] }],
    ['name', { type: 'STRING', optional: true }],
    ['at', TIMESTAMP],
    [
      'in',
      { type: 'STRUCT', optional: true, fields: [['x', { type: 'INT64', optional: true, default: ['int64', '9'] }]] },
    ],
  ],
};
const INNER = ROW.fields?.[3]?.[1] as TypedSchema;
const A_ROW: TypedValue = [
  'struct',
  ROW,
  [
    ['int32', '1'],
    ['string', 'n'],
    ['date', '86400000'],
    ['struct', INNER, [['int64', '5']]],
  ],
];
const EMPTY_ROW: TypedValue = ['struct', ROW, [null, null, null, ['struct', INNER, [null]]]];
const A_MAP: TypedValue = [
  'map',
  [
    [
      ['string', 'id'],
      ['int64', '1'],
    ],
    [
      ['string', 'name'],
      ['string', 'n'],
    ],
    [
      ['string', 'at'],
      ['string', '2001-02-03'],
    ],
    [
      ['string', 'in'],
      [
        'map',
        [
          [
            ['string', 'x'],
            ['int64', '5'],
          ],
        ],
      ],
    ],
  ],
];

/** The same as key or as value of a record, beside a key or value that must stay as it is. */
function sides(schema: TypedSchema | null, value: TypedValue): Record<'Key' | 'Value', TypedRecord> {
  const rest = {
    topic: 't',
    partition: 1,
    timestamp: '1000000000000',
    headers: [['h', STRING, ['string', 'v']]],
  } as const;
  return {
    Key: { ...rest, keySchema: schema, key: value, valueSchema: STRING, value: ['string', 'other'] },
    Value: { ...rest, keySchema: STRING, key: ['string', 'other'], valueSchema: schema, value },
  };
}

/** What transform-cases.ts has as a difference is not asked again. */
const KNOWN_DIFFERENCES = ['SetSchemaMetadata 5', 'TimestampConverter Date 2'];

const RECORDS = [
  sides(ROW, A_ROW),
  sides(ROW, EMPTY_ROW),
  sides(null, A_MAP),
  sides(null, null),
  sides(ROW, null),
  sides(STRING, ['string', 'plain']),
];
const KEPT = { 'replace.null.with.default': 'false' };
const V2 = { 'field.syntax.version': 'V2' };

const TWO_SIDED: readonly (readonly [name: string, config: Record<string, string>])[] = [
  ['Cast', { spec: 'id:int64,name:string' }],
  ['Cast', { spec: 'id:string', ...KEPT }],
  ['Cast', { spec: 'in:string' }],
  ['ExtractField', { field: 'id' }],
  ['ExtractField', { field: 'id', ...KEPT }],
  ['ExtractField', { field: 'in.x', ...V2 }],
  ['ExtractField', { field: 'in.x', ...V2, ...KEPT }],
  ['Flatten', {}],
  ['Flatten', { delimiter: '/' }],
  ['HeaderFrom', { fields: 'id,name', headers: 'i,n', operation: 'copy' }],
  ['HeaderFrom', { fields: 'id', headers: 'i', operation: 'move' }],
  ['HeaderFrom', { fields: 'id', headers: 'i', operation: 'move', ...KEPT }],
  ['HeaderFrom', { fields: 'id,at', headers: 'i,a', operation: 'copy', ...KEPT }],
  ['HoistField', { field: 'f' }],
  ['InsertField', { 'static.field': 's', 'static.value': 'v', 'topic.field': 't!', 'timestamp.field': 'ts?' }],
  ['InsertField', { 'static.field': 's', 'static.value': 'v', ...KEPT }],
  ['MaskField', { fields: 'id,name' }],
  ['MaskField', { fields: 'id', ...KEPT }],
  ['MaskField', { fields: 'name', replacement: 'xx' }],
  ['ReplaceField', { exclude: 'name' }],
  ['ReplaceField', { include: 'id,in', renames: 'id:key' }],
  ['ReplaceField', { exclude: 'name', ...KEPT }],
  ['SetSchemaMetadata', { 'schema.name': 'N', 'schema.version': '2', ...KEPT }],
  ['TimestampConverter', { field: 'at', 'target.type': 'unix', 'unix.precision': 'seconds', format: 'yyyy-MM-dd' }],
  ['TimestampConverter', { field: 'at', 'target.type': 'unix', format: 'yyyy-MM-dd', ...KEPT }],
  ['TimestampConverter', { field: 'at', 'target.type': 'Date', format: 'yyyy-MM-dd' }],
];

/** Every transformation that has a `$Key` and a `$Value`, on both sides, with nulls, defaults, maps and structs. */
const twoSided: readonly Case[] = TWO_SIDED.flatMap(([name, config]) =>
  RECORDS.flatMap((records, i) =>
    KNOWN_DIFFERENCES.includes(`${name}${config['target.type'] === 'Date' ? ' Date' : ''} ${i}`)
      ? []
      : (['Key', 'Value'] as const).map((side) =>
          ask({ kind: 'transform', class: `${T}.${name}$${side}`, config, record: records[side] }),
        ),
  ),
);

const predicates: readonly Case[] = ['Key', 'Value'].flatMap((side) =>
  RECORDS.flatMap((records): Case[] => [
    ask({ kind: 'predicate', class: `${T}.predicates.RecordIsTombstone`, config: {}, record: records[side as 'Key'] }),
    ask({
      kind: 'predicate',
      class: `${T}.predicates.HasHeaderKey`,
      config: { name: 'h' },
      record: records[side as 'Key'],
    }),
  ]),
);

const EVERY_BYTE = Buffer.from(Uint8Array.from({ length: 256 }, (_, byte) => byte)).toString('base64');
const ENCODINGS =
  'windows-1250 windows-1251 windows-1252 windows-1253 windows-1254 windows-1256 windows-1257 Cp1252 cp1250 ISO-8859-1 ' +
  'ISO-8859-2 ISO-8859-3 ISO-8859-4 ISO-8859-5 ISO-8859-6 ISO-8859-7 ISO-8859-8 ISO-8859-9 ISO-8859-13 ISO-8859-15 ' +
  'ISO-8859-16 ISO8859_15 ISO8859-2 latin9 latin2 l1 8859_1 KOI8-R IBM866 cp866 us-ascii';

/** Each charset reads every byte and writes letters of many scripts; what it has not becomes `?`. */
const encodings: readonly Case[] = ENCODINGS.split(' ').flatMap((encoding) => {
  const config = { 'converter.encoding': encoding };
  const value: TypedValue = ['string', 'aÄß€ŁłžÐğıİЖяΩάאبЎ–“”„…™╬¤\u0081\ufffd😀'];
  return [
    ask({ kind: 'read', class: STRING_CONVERTER, config, bytes: EVERY_BYTE }),
    ask({ kind: 'write', class: STRING_CONVERTER, config, schema: STRING, value }),
  ];
});

const utf16: readonly Case[] = [
  ...['UTF_16', 'unicode', 'UTF-16BE'].map((encoding) =>
    ask({
      kind: 'read',
      class: STRING_CONVERTER,
      config: { 'converter.encoding': encoding },
      bytes: hex('0061d83dde00'),
    }),
  ),
  differs(
    { kind: 'read', class: STRING_CONVERTER, config: { 'converter.encoding': 'UTF-16' }, bytes: hex('d8d9dadbdcdd') },
    { ok: [{ type: 'STRING', optional: true }, ['string', '\ufffd\u{c6cdd}']] },
    'in UTF-16 half a character is U+FFFD and what comes behind it is read; Java loses a whole character behind it',
  ),
];

export const coverageCases: readonly Case[] = [...encodings, ...utf16, ...headerConverters, ...twoSided, ...predicates];
