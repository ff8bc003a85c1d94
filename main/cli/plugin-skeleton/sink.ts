import type { SkeletonNames, SkeletonParts } from './skeleton.ts';

/** A sink that appends lines to a file. */
export function sinkParts({ className, alias, variable }: SkeletonNames): SkeletonParts {
  return {
    plugins: `// @ts-check
import { open } from 'node:fs/promises';
import { configDef, nonEmptyString, RetriableException, sinkConnector } from '@runnel-app/runnel/connect';

export const ${variable} = sinkConnector({
  className: '${className}',
  version: '0.1.0',
  summary: 'Appends each value to a file, as a line.',
  delivery: 'At least once: offsets are committed when the lines are on the disk.',
  config: configDef({
    file: {
      type: 'STRING',
      validator: nonEmptyString(),
      importance: 'HIGH',
      doc: 'The file that lines are appended to.',
    },
  }),
  examples: [
    { title: 'A topic into a file', config: { 'connector.class': '${alias}', topics: 'numbers', file: '/tmp/numbers' } },
  ],
  task() {
    /** @type {import('node:fs/promises').FileHandle | undefined} */
    let file;
    return {
      async start(config) {
        file = await open(config.file, 'a');
      },

      async put(records) {
        const lines = records.map(({ value }) => \`\${value}\\n\`).join('');
        try {
          await file?.appendFile(lines);
        } catch (error) {
          // The same records come again after a second.
          throw new RetriableException('The file can not be written', { cause: error });
        }
      },

      // Before offsets are committed: what put has taken has to be safe.
      async flush() {
        await file?.sync();
      },

      async stop() {
        await file?.close();
      },
    };
  },
});

export default [${variable}];
`,
    test: `// @ts-check
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkPlugin, SinkTaskDriver, sinkRecord } from '@runnel-app/runnel/connect/test';
import { ${variable} } from './plugins.js';

test('the definition is complete', () => checkPlugin(${variable}));

test('values are lines of the file when their offsets may be committed', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), '${variable}-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'lines');
  const driver = await new SinkTaskDriver(${variable}).start({ 'connector.class': '${alias}', topics: 't', file });
  await driver.put([sinkRecord({ value: 'one', kafkaOffset: 0n }), sinkRecord({ value: 'two', kafkaOffset: 1n })]);
  assert.deepEqual(await driver.commit(), [{ topic: 't', partition: 0, offset: 2n }]);
  assert.equal(await readFile(file, 'utf8'), 'one\\ntwo\\n');
  await driver.stop();
});
`,
    properties: `name=${variable}
connector.class=${alias}
topics=numbers
file=/tmp/numbers`,
  };
}
