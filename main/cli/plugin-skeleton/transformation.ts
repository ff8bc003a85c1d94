import type { SkeletonNames, SkeletonParts } from './skeleton.ts';

/** A transformation that adds a header. */
export function transformationParts({ className, variable }: SkeletonNames): SkeletonParts {
  return {
    plugins: `// @ts-check
import { configDef, nonEmptyString, Schema, transformation } from '@runnel-app/runnel/connect';

export const ${variable} = transformation({
  className: '${className}',
  version: '0.1.0',
  summary: 'Adds the name of the topic to each record, as a header.',
  config: configDef({
    header: {
      type: 'STRING',
      default: 'topic',
      validator: nonEmptyString(),
      importance: 'MEDIUM',
      doc: 'The name of the header.',
    },
  }),
  create: ({ header }) => ({
    // A record is never changed: a new one is returned, or null to drop it.
    apply: (record) => ({
      ...record,
      headers: [...record.headers, { key: header, schema: Schema.STRING_SCHEMA, value: record.topic }],
    }),
  }),
});

export default [${variable}];
`,
    test: `// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyTransformation, checkPlugin, sourceRecord } from '@runnel-app/runnel/connect/test';
import { ${variable} } from './plugins.js';

test('the definition is complete', () => checkPlugin(${variable}));

test('the header comes behind those that are there', () => {
  const record = sourceRecord({ topic: 'tweets', headers: [{ key: 'a', schema: null, value: 1n }] });
  const result = applyTransformation(${variable}, { header: 'from' }, record);
  assert.deepEqual(
    result?.headers.map(({ key, value }) => [key, value]),
    [
      ['a', 1n],
      ['from', 'tweets'],
    ],
  );
});
`,
    properties: `transforms=mine
transforms.mine.type=${className}
transforms.mine.header=from`,
  };
}
