import { ask, type Case } from './cases.ts';
import type { TypedSchema, TypedValue } from './typed-values.ts';

const VALUES: readonly TypedValue[] = [
  null,
  ['int64', '1'],
  ['float64', '1.5'],
  ['string', 'x'],
  ['boolean', true],
  ['bytes', 'AA=='],
  ['array', []],
  ['map', []],
  ['struct', { type: 'STRUCT', fields: [] }, []],
  ['decimal', '1', 2],
];

const TYPES = ['INT8', 'INT16', 'INT32', 'INT64', 'FLOAT32', 'FLOAT64', 'BOOLEAN', 'STRING', 'BYTES'] as const;

const DECIMAL: TypedSchema = {
  type: 'BYTES',
  name: 'org.apache.kafka.connect.data.Decimal',
  version: 1,
  parameters: [['scale', '2']],
};

/** A Java value of the schema's own type has no other form here, so only values that can be told apart are asked. */
function fair(schema: TypedSchema, value: TypedValue): boolean {
  return (
    !(value?.[0] === 'float64' && schema.type === 'FLOAT32') &&
    !(value?.[0] === 'array' && schema.type === 'MAP' && false)
  );
}

export const schemaCases: readonly Case[] = [
  ...TYPES.flatMap((type) =>
    VALUES.filter((value) => fair({ type }, value)).map((value) => ask({ kind: 'validate', schema: { type }, value })),
  ),
  ...VALUES.map((value) =>
    ask({ kind: 'validate', schema: { type: 'STRING', optional: true, name: 'my.Name' }, value }),
  ),
  ...VALUES.map((value) => ask({ kind: 'validate', schema: { type: 'ARRAY', items: { type: 'STRING' } }, value })),
  ...VALUES.map((value) =>
    ask({ kind: 'validate', schema: { type: 'MAP', keys: { type: 'STRING' }, values: { type: 'STRING' } }, value }),
  ),
  ...VALUES.map((value) => ask({ kind: 'validate', schema: DECIMAL, value })),
  ...VALUES.filter((value) => value?.[0] !== 'int64').map((value) =>
    ask({
      kind: 'validate',
      schema: { type: 'INT64', name: 'org.apache.kafka.connect.data.Timestamp', version: 1 },
      value,
    }),
  ),
  ask({
    kind: 'validate',
    schema: { type: 'ARRAY', items: { type: 'STRING' } },
    value: ['array', [['string', 'a'], null]],
  }),
  ask({ kind: 'validate', schema: { type: 'ARRAY', items: { type: 'STRING' } }, value: ['array', [['int64', '1']]] }),
  ask({
    kind: 'validate',
    schema: { type: 'ARRAY', items: { type: 'ARRAY', items: { type: 'INT64' } } },
    value: ['array', [['array', [['string', 'x']]]]],
  }),
  ask({
    kind: 'validate',
    schema: { type: 'MAP', keys: { type: 'STRING' }, values: { type: 'INT64' } },
    value: [
      'map',
      [
        [
          ['string', 'a'],
          ['string', 'x'],
        ],
      ],
    ],
  }),
  ask({
    kind: 'validate',
    schema: { type: 'MAP', keys: { type: 'STRING' }, values: { type: 'INT64' } },
    value: [
      'map',
      [
        [
          ['int64', '1'],
          ['int64', '1'],
        ],
      ],
    ],
  }),
  ask({
    kind: 'validate',
    schema: { type: 'MAP', keys: { type: 'STRING' }, values: { type: 'INT64' } },
    value: ['map', [[['string', 'a'], null]]],
  }),
  ask({
    kind: 'validate',
    schema: { type: 'STRUCT', fields: [['a', { type: 'STRING' }]] },
    value: ['struct', { type: 'STRUCT', fields: [['a', { type: 'STRING' }]] }, [null]],
  }),
  ask({
    kind: 'validate',
    schema: { type: 'STRUCT', fields: [['a', { type: 'STRING' }]] },
    value: ['struct', { type: 'STRUCT', fields: [['b', { type: 'STRING' }]] }, [['string', 'x']]],
  }),
  ask({
    kind: 'validate',
    schema: { type: 'STRUCT', fields: [['a', { type: 'STRING', default: ['string', 'd'] }]] },
    value: ['struct', { type: 'STRUCT', fields: [['a', { type: 'STRING', default: ['string', 'd'] }]] }, [null]],
  }),
  // Putting a value that does not fit into a struct.
  ask({ kind: 'text', value: ['struct', { type: 'STRUCT', fields: [['a', { type: 'INT64' }]] }, [['string', 'x']]] }),
  ask({
    kind: 'text',
    value: [
      'struct',
      { type: 'STRUCT', fields: [['a', { type: 'ARRAY', items: { type: 'INT64' } }]] },
      [['array', [['string', 'x']]]],
    ],
  }),
  ask({
    kind: 'text',
    value: [
      'struct',
      {
        type: 'STRUCT',
        fields: [
          ['a', { type: 'STRING' }],
          ['a', { type: 'STRING' }],
        ],
      },
      [],
    ],
  }),
  ask({ kind: 'text', value: ['struct', { type: 'STRING' }, []] }),
];
