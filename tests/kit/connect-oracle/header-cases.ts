import { ask, base64, type Case, differs } from './cases.ts';
import type { TypedSchema, TypedValue } from './typed-values.ts';

const SIMPLE = 'org.apache.kafka.connect.storage.SimpleHeaderConverter';

const TEXTS = [
  '',
  ' ',
  'abc',
  'null',
  'NULL',
  'true',
  'false',
  'FALSE',
  ' true ',
  'true}',
  'truex',
  '0',
  '7',
  '007',
  '127',
  '128',
  '-128',
  '-129',
  '32767',
  '32768',
  '2147483647',
  '2147483648',
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775808',
  '-9223372036854775809',
  '968476484095610881',
  '12345678901234567890123',
  '+5',
  '-5',
  '--5',
  '1.5',
  '1.0',
  '-1.50',
  '5.',
  '.5',
  '-.5',
  '1e3',
  '1E3',
  '1e19',
  '1e20',
  '1e38',
  '1e39',
  '1e308',
  '1e309',
  '1e400',
  '1e-400',
  '1e-5',
  '0.0',
  '0e10',
  '3.141592653589793',
  '1,5',
  '1 5',
  '12:34',
  '12abc',
  '1.2.3',
  '0x10',
  'NaN',
  'Infinity',
  '1_000',
  '"quoted"',
  "'x'",
  '2020-01-01',
  '2020-13-01',
  '2020-02-30',
  '2020-1-1',
  '20200-1-1',
  '0001-01-01',
  '1582-10-10',
  '1582-10-15',
  '2020-01-01x',
  '10:20:30.400Z',
  '25:61:61.999Z',
  '10:20:30.400z',
  '10\\:20\\:30.400Z',
  '2020-01-01T10:20:30.400Z',
  '2020-01-01T10:20:30.400X',
  '2020-01-01 10:20:30.400Z',
  '2020-01-01T10\\:20\\:30.400Z',
  '[]',
  '[1]',
  '[1,2,3]',
  '[ 1 , 2 ]',
  '[1,300]',
  '[1,1.5]',
  '[1.5,1]',
  '[1,9999999999]',
  '["a","b"]',
  '["a,b","c]d"]',
  '[a,b]',
  '[1,"a"]',
  '[1,,2]',
  '[1,',
  '[1',
  '[1]x',
  '[null]',
  '[null,1]',
  '[true,false]',
  '[[1],[2]]',
  '[[1],["a"]]',
  '[[1],[300]]',
  '[[],[1]]',
  '[[1],[9999999999]]',
  '[{"a":1},{"b":2}]',
  '{}',
  '{"a":1}',
  '{"a":1,"b":2}',
  '{"a":1,"b":300}',
  '{"a":"x","b":1}',
  '{"a":1.5}',
  '{1:2}',
  '{1:2,"a":3}',
  '{a:1}',
  '{"a"}',
  '{"a":}',
  '{"a":null}',
  '{"a":1,}',
  '{"a":1 "b":2}',
  '{,}',
  '{',
  '}',
  ',',
  ':',
  '"',
  '""',
  '"a',
  'a"b"c',
  '\\',
  '\\"',
  '[ "x\\"y" ]',
  '{"k":[1,2]}',
  '{"k":{"n":1}}',
  '["2020-01-01"]',
  '[2020-01-01]',
  '{"d":"2020-01-01T10:20:30.400Z"}',
  'Grüße 😀',
  '１２',
  '99999999999999999999',
  '1.7976931348623157e308',
  '4.9e-324',
  '16777217.5',
  'null null',
  '[null,',
  'true,',
  '-',
  '+',
  'e',
  '1e',
  '1e+',
  '1e+2',
  ' 42 ',
  '\t7',
  '7\n',
];

const WRITTEN: readonly (readonly [TypedSchema | null, TypedValue])[] = [
  [null, null],
  [{ type: 'STRING' }, ['string', 'a"b\\c']],
  [{ type: 'INT8' }, ['int8', '5']],
  [{ type: 'INT64' }, ['int64', '968476484095610881']],
  [{ type: 'FLOAT32' }, ['float32', '1.5']],
  [{ type: 'FLOAT64' }, ['float64', '1.0E10']],
  [{ type: 'BOOLEAN' }, ['boolean', true]],
  [{ type: 'BYTES' }, ['bytes', 'AP8=']],
  [
    { type: 'ARRAY', items: { type: 'STRING' } },
    [
      'array',
      [
        ['string', 'a"b\\c'],
        ['string', ''],
      ],
    ],
  ],
  [{ type: 'ARRAY', items: { type: 'INT32', optional: true } }, ['array', [['int32', '1'], null]]],
  [{ type: 'ARRAY', items: { type: 'BYTES' } }, ['array', [['bytes', 'AP8=']]]],
  [
    { type: 'MAP', keys: { type: 'STRING' }, values: { type: 'FLOAT32' } },
    [
      'map',
      [
        [
          ['string', 'a'],
          ['float32', '1'],
        ],
      ],
    ],
  ],
  [
    {
      type: 'STRUCT',
      fields: [
        ['a', { type: 'INT32' }],
        ['b', { type: 'STRING', optional: true, default: ['string', 'd'] }],
      ],
    },
    [
      'struct',
      {
        type: 'STRUCT',
        fields: [
          ['a', { type: 'INT32' }],
          ['b', { type: 'STRING', optional: true, default: ['string', 'd'] }],
        ],
      },
      [['int32', '1'], null],
    ],
  ],
  [
    { type: 'BYTES', name: 'org.apache.kafka.connect.data.Decimal', version: 1, parameters: [['scale', '2']] },
    ['decimal', '1250', 2],
  ],
  [{ type: 'INT32', name: 'org.apache.kafka.connect.data.Date', version: 1 }, ['date', '1577836800000']],
  [{ type: 'INT32', name: 'org.apache.kafka.connect.data.Time', version: 1 }, ['date', '37230400']],
  [{ type: 'INT64', name: 'org.apache.kafka.connect.data.Timestamp', version: 1 }, ['date', '1577874030400']],
  [{ type: 'INT64', name: 'org.apache.kafka.connect.data.Timestamp', version: 1 }, ['date', '-1']],
  [{ type: 'INT64', name: 'org.apache.kafka.connect.data.Timestamp', version: 1 }, ['date', '1577836800000']],
  [null, ['array', [['int64', '1'], ['string', 'x'], null]]],
  [
    null,
    [
      'map',
      [
        [
          ['string', 'a'],
          ['float64', '1'],
        ],
      ],
    ],
  ],
];

/** Arrays and maps whose items have no common type: integers are then int64 for us, as anywhere without a schema. */
const NO_COMMON_TYPE = 'without a common type integers are int64, floats float64: no schema says what they were';

const NESTED = 'arrays in an array are brought to one type; in Connect their items do not fit the schema';

function arrayOf(items: TypedSchema): TypedSchema {
  return { type: 'ARRAY', items };
}

function read(text: string): Case {
  const question = { kind: 'read-header', class: SIMPLE, bytes: base64(text) } as const;
  switch (text) {
    case '[[1],["a"]]':
      return differs(
        question,
        {
          ok: [
            { type: 'ARRAY', items: null },
            [
              'array',
              [
                ['array', [['int64', '1']]],
                ['array', [['string', 'a']]],
              ],
            ],
          ],
        },
        NO_COMMON_TYPE,
      );
    case '[[1],[300]]':
      return differs(
        question,
        {
          ok: [
            arrayOf(arrayOf({ type: 'INT16' })),
            [
              'array',
              [
                ['array', [['int16', '1']]],
                ['array', [['int16', '300']]],
              ],
            ],
          ],
        },
        NESTED,
      );
    case '[[],[1]]':
      return ask(question);
    case '[[1],[9999999999]]':
      return differs(
        question,
        {
          ok: [
            arrayOf(arrayOf({ type: 'INT64' })),
            [
              'array',
              [
                ['array', [['int64', '1']]],
                ['array', [['int64', '9999999999']]],
              ],
            ],
          ],
        },
        NESTED,
      );
    case '１２':
      return differs(question, { ok: [{ type: 'STRING' }, ['string', '１２']] }, 'only ASCII digits make a number');
    case '{"a":"x","b":1}':
      return differs(
        question,
        {
          ok: [
            { type: 'MAP', keys: { type: 'STRING' }, values: null },
            [
              'map',
              [
                [
                  ['string', 'a'],
                  ['string', 'x'],
                ],
                [
                  ['string', 'b'],
                  ['int64', '1'],
                ],
              ],
            ],
          ],
        },
        NO_COMMON_TYPE,
      );
    case '[1,"a"]':
      return differs(
        question,
        {
          ok: [
            { type: 'ARRAY', items: null },
            [
              'array',
              [
                ['int64', '1'],
                ['string', 'a'],
              ],
            ],
          ],
        },
        NO_COMMON_TYPE,
      );
    case '{1:2,"a":3}':
      return differs(
        question,
        {
          ok: [
            { type: 'MAP', keys: null, values: null },
            [
              'map',
              [
                [
                  ['int64', '1'],
                  ['int64', '2'],
                ],
                [
                  ['string', 'a'],
                  ['int64', '3'],
                ],
              ],
            ],
          ],
        },
        NO_COMMON_TYPE,
      );
  }
  return ask(question);
}

export const headerCases: readonly Case[] = [
  ...TEXTS.map(read),
  ask({ kind: 'read-header', class: SIMPLE, bytes: null }),
  differs(
    { kind: 'read-header', class: SIMPLE, bytes: '/w==' },
    { ok: [{ type: 'BYTES' }, ['bytes', '/w==']] },
    'bytes that are no UTF-8 stay bytes; Connect replaces them by U+FFFD',
  ),
  ...WRITTEN.map(([schema, value]) => ask({ kind: 'write-header', class: SIMPLE, schema, value })),
  ask({
    kind: 'write-header',
    class: 'org.apache.kafka.connect.json.JsonConverter',
    schema: { type: 'STRING' },
    value: ['string', 'x'],
  }),
  ask({ kind: 'read-header', class: 'org.apache.kafka.connect.storage.StringConverter', bytes: base64('007') }),
];
