import { ask, type Case, type TypedKey } from './cases.ts';

const CONFIG: readonly (readonly [Partial<TypedKey> & { type: string }, readonly string[]])[] = [
  [
    { type: 'INT' },
    [
      '1',
      '-1',
      '+5',
      ' 7 ',
      '2147483647',
      '2147483648',
      '-2147483648',
      '-2147483649',
      '1.0',
      'abc',
      '',
      '0x10',
      '1e3',
      '\u00a05',
    ],
  ],
  [{ type: 'SHORT' }, ['32767', '32768', '-32768', 'x']],
  [
    { type: 'LONG' },
    ['9223372036854775807', '9223372036854775808', '-9223372036854775808', '968476484095610881', '1L'],
  ],
  [
    { type: 'DOUBLE' },
    [
      '1',
      '1.5',
      '.5',
      '5.',
      '1e3',
      '1E-3',
      '2d',
      '2F',
      'NaN',
      'Infinity',
      '-Infinity',
      '+1',
      'abc',
      '1,5',
      '',
      '1e400',
    ],
  ],
  [{ type: 'BOOLEAN' }, ['true', 'TRUE', ' False ', 'yes', '1', '']],
  [{ type: 'STRING' }, ['', ' x ', 'a b', 'ünï', '\u00a0x']],
  [{ type: 'PASSWORD' }, ['', ' secret ', 'x']],
  [{ type: 'LIST' }, ['', 'a', 'a,b', ' a , b ', 'a,,b', 'a,', ',a', ' , ', 'a\n,\tb', 'a a']],
  [{ type: 'INT', validator: ['atLeast', 1] }, ['1', '0', 'x', '']],
  [{ type: 'INT', validator: ['between', 1, 3] }, ['1', '3', '0', '4']],
  [{ type: 'LONG', validator: ['atLeast', 0] }, ['0', '-1', '9223372036854775807']],
  [{ type: 'STRING', validator: ['validString', ['none', 'all']] }, ['none', 'ALL', 'x', '']],
  [{ type: 'STRING', validator: ['caseInsensitiveValidString', ['BASE64']] }, ['base64', 'x']],
  [{ type: 'LIST', validator: ['validList', ['a', 'b'], true] }, ['', 'a', 'a,b', 'c', 'a,,b']],
  [{ type: 'LIST', validator: ['validList', ['a', 'b'], false] }, ['', 'a']],
  [{ type: 'LIST', validator: ['anyNonDuplicateValues', false, false] }, ['', 'x', 'x,']],
  [{ type: 'LIST', validator: ['anyNonDuplicateValues', true, true] }, ['', 'x']],
  [{ type: 'LIST', validator: ['listSize', 1] }, ['a', 'a,b']],
  [{ type: 'STRING', validator: ['nonNull'] }, ['', 'x']],
  [{ type: 'STRING', validator: ['nonEmptyString'] }, ['', ' ', 'x']],
  [
    { type: 'STRING', validator: ['nonEmptyStringWithoutControlChars'] },
    ['', 'x', 'a\u0001b', 'a\nb\u007f\u0085', 'ü'],
  ],
  [{ type: 'STRING', validator: ['validRegex'] }, ['a+', '']],
  [
    { type: 'STRING', validator: ['composite', [['nonNull'], ['nonEmptyString'], ['validString', ['a', 'b']]]] },
    ['', 'a', 'c'],
  ],
];

const one: readonly Case[] = CONFIG.flatMap(([key, values]) => {
  const full: TypedKey = { name: 'key', importance: 'HIGH', ...key };
  // Java's validators of these fall over null.
  const nullable = key.validator?.[0] !== 'listSize' && key.validator?.[0] !== 'validRegex';
  return [
    ...values.map((value) => ask({ kind: 'config', keys: [full], config: { key: value } })),
    ...(nullable ? [ask({ kind: 'config', keys: [full], config: {} })] : []),
    ...(nullable ? [ask({ kind: 'config', keys: [full], config: { key: null } })] : []),
  ];
});

const DEFINED: readonly TypedKey[] = [
  {
    name: 'topic',
    type: 'STRING',
    importance: 'HIGH',
    doc: 'Topic to write to',
    group: 'Main',
    order: 1,
    width: 'LONG',
    displayName: 'Topic',
  },
  {
    name: 'batch.size',
    type: 'INT',
    default: '2000',
    validator: ['atLeast', 1],
    importance: 'LOW',
    doc: 'Batch',
    group: 'Main',
    order: 2,
  },
  { name: 'rate', type: 'DOUBLE', default: '0.1', importance: 'MEDIUM', group: 'Other', order: 1 },
  { name: 'whole', type: 'DOUBLE', default: '5', importance: 'MEDIUM' },
  { name: 'terms', type: 'LIST', default: '', importance: 'MEDIUM', dependents: ['rate'] },
  { name: 'names', type: 'LIST', default: 'a,b', importance: 'MEDIUM' },
  { name: 'secret', type: 'PASSWORD', default: null, importance: 'HIGH' },
  { name: 'token', type: 'PASSWORD', default: 'x', importance: 'HIGH' },
  { name: 'flag', type: 'BOOLEAN', default: 'true', importance: 'LOW' },
  { name: 'big', type: 'LONG', default: '9007199254740993', importance: 'LOW' },
  { name: 'small', type: 'SHORT', default: '3', importance: 'LOW' },
  { name: 'file', type: 'STRING', default: null, importance: 'LOW' },
];

const many: readonly Case[] = [
  ask({ kind: 'config', keys: DEFINED, config: {} }),
  ask({
    kind: 'config',
    keys: DEFINED,
    config: { topic: 't', 'batch.size': 'x', rate: '2', terms: 'a, b', secret: 's', unknown: 'y' },
  }),
  ask({
    kind: 'config',
    keys: DEFINED,
    config: { topic: 't', rate: 'fast', flag: 'maybe', big: 'huge', small: '70000' },
  }),
  ask({
    kind: 'config',
    keys: [{ name: 'a', type: 'STRING', default: 'x', importance: 'LOW', dependents: ['b'] }],
    config: {},
  }),
];

/** Which classes there are, and which settings each has. */
export const PLUGINS: Case = ask({ kind: 'plugins' });

export const configCases: readonly Case[] = [...one, ...many, PLUGINS];
