import type { SkeletonNames, SkeletonParts } from './skeleton.ts';

/** A predicate on the size of a value. */
export function predicateParts({ className, variable }: SkeletonNames): SkeletonParts {
  return {
    plugins: `// @ts-check
import { atLeast, configDef, predicate } from '@runnel-app/runnel/connect';

export const ${variable} = predicate({
  className: '${className}',
  version: '0.1.0',
  summary: 'The value is a text that is longer than this.',
  config: configDef({
    length: {
      type: 'INT',
      validator: atLeast(0),
      importance: 'HIGH',
      doc: 'The number of characters that a longer text exceeds.',
    },
  }),
  create: ({ length }) => ({ test: ({ value }) => typeof value === 'string' && value.length > length }),
});

export default [${variable}];
`,
    test: `// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPlugin, sourceRecord } from '@runnel-app/runnel/connect/test';
import { ${variable} } from './plugins.js';

const config = { length: '3' };

test('the definition is complete', () => checkPlugin(${variable}, config));

test('it is true of longer texts alone', () => {
  const predicate = ${variable}.create(config);
  assert.equal(predicate.test(sourceRecord({ value: 'four' })), true);
  assert.equal(predicate.test(sourceRecord({ value: 'two' })), false);
  assert.equal(predicate.test(sourceRecord({ value: 4000n })), false);
});
`,
    properties: `transforms=drop
transforms.drop.type=org.apache.kafka.connect.transforms.Filter
transforms.drop.predicate=mine
predicates=mine
predicates.mine.type=${className}
predicates.mine.length=280`,
  };
}
