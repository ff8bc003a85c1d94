import type { SkeletonNames, SkeletonParts } from './skeleton.ts';

/** A source that counts, and goes on counting after a restart. */
export function sourceParts({ className, alias, variable }: SkeletonNames): SkeletonParts {
  return {
    plugins: `// @ts-check
import { atLeast, configDef, nonEmptyString, Schema, sleep, sourceConnector } from '@runnel-app/runnel/connect';

/** What offsets are stored for: a file, a table, a shard. This source has one. */
const PARTITION = { counter: 'only' };

export const ${variable} = sourceConnector({
  className: '${className}',
  version: '0.1.0',
  summary: 'Counts up, one record at a time.',
  delivery: 'At least once: it goes on behind the last number that was stored.',
  config: configDef({
    topic: {
      type: 'STRING',
      validator: nonEmptyString(),
      importance: 'HIGH',
      doc: 'The topic that records go to.',
    },
    'interval.ms': {
      type: 'INT',
      default: 1000,
      validator: atLeast(1),
      importance: 'MEDIUM',
      doc: 'The pause between two records, in milliseconds.',
    },
  }),
  examples: [
    { title: 'Ten numbers a second', config: { 'connector.class': '${alias}', topic: 'numbers', 'interval.ms': '100' } },
  ],
  task() {
    let topic = '';
    let interval = 0;
    let next = 0n;
    let due = 0;
    /** @type {import('@runnel-app/runnel/connect').Time} */
    let time;
    return {
      async start(config, context) {
        topic = config.topic;
        interval = config['interval.ms'];
        time = context.time;
        const [stored] = await context.offsets([PARTITION]);
        next = stored ? BigInt(String(stored.number)) + 1n : 0n;
        due = time.milliseconds();
      },

      // Waits for records, but for a second at most; null when there are none.
      async poll(signal) {
        const wait = due - time.milliseconds();
        if (wait > 0) await sleep(time, Math.min(wait, 1000), signal);
        if (signal.aborted || time.milliseconds() < due) return null;
        due = time.milliseconds() + interval;
        const number = next++;
        return [
          {
            topic,
            kafkaPartition: null,
            keySchema: null,
            key: null,
            valueSchema: Schema.INT64_SCHEMA,
            value: number,
            timestamp: BigInt(time.milliseconds()),
            headers: [],
            sourcePartition: PARTITION,
            sourceOffset: { number },
          },
        ];
      },

      stop() {},
    };
  },
});

export default [${variable}];
`,
    test: `// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPlugin, SourceTaskDriver } from '@runnel-app/runnel/connect/test';
import { ${variable} } from './plugins.js';

const config = { 'connector.class': '${alias}', topic: 'numbers', 'interval.ms': '50' };

test('the definition is complete', () => checkPlugin(${variable}));

test('numbers go to the topic in their order', async () => {
  const driver = await new SourceTaskDriver(${variable}).start(config);
  const records = [...(await driver.poll()), ...(await driver.poll())];
  assert.deepEqual(
    records.map(({ topic, value }) => [topic, value]),
    [
      ['numbers', 0n],
      ['numbers', 1n],
    ],
  );
  await driver.stop();
});

test('after a restart it goes on behind what was stored', async () => {
  const driver = await new SourceTaskDriver(${variable}).start(config);
  await driver.poll();
  await driver.commit();
  await driver.poll();
  await driver.restart();
  assert.equal((await driver.poll())[0]?.value, 1n);
  await driver.stop();
});
`,
    properties: `name=${variable}
connector.class=${alias}
topic=numbers`,
  };
}
