import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { encodeRequest } from '../../../../main/protocol/frames.ts';
import { APIS, apiVersions, metadata } from '../../../../main/protocol/messages/index.ts';
import type { Api } from '../../../../main/protocol/schema/api.ts';
import { messageArbitrary } from '../../../kit/message-arbitrary.ts';
import { RawClient } from '../../../kit/raw-client.ts';
import { TestSandbox } from '../../../kit/test-sandbox.ts';

const RUNS = { quick: 400, ci: 5000, night: 200_000 }[process.env.RUNNEL_TESTS ?? 'quick'] ?? 400;
/** Of a step: each has its own time-out. */
const RUNS_A_STEP = 2000;
const STEPS = Array.from({ length: Math.ceil(RUNS / RUNS_A_STEP) }, (_, i) => i + 1);
const numRuns = Math.min(RUNS, RUNS_A_STEP);

let running: TestSandbox;
let served: Api[];

beforeEach(async () => {
  // A fuzzed CreateTopics may not make thousands of partitions: the machine's memory is not what is tested here.
  running = await TestSandbox.start({ overrides: { 'offsets.topic.num.partitions': '1' } });
  const client = await running.client();
  const { apiKeys } = await client.request(apiVersions, 3, { clientSoftwareName: 'fuzz', clientSoftwareVersion: '1' });
  served = APIS.filter(({ key }) => apiKeys.some(({ apiKey }) => apiKey === key));
  await client.request(metadata, 6, { topics: [{ name: 'tweets' }], allowAutoTopicCreation: true });
});
afterEach(() => running.close());

/** One request in a random version, and what is done to its bytes. */
const anyRequest = () =>
  fc.nat().chain((seed) => {
    const api = served[seed % served.length]!;
    const { min, max } = api.versions;
    return fc.integer({ min, max }).chain((version) =>
      fc.record({
        api: fc.constant(api),
        version: fc.constant(version),
        body: messageArbitrary(api.request.fields, version),
        mutations: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
        cut: fc.option(fc.nat(), { freq: 6 }),
        extra: fc.uint8Array({ maxLength: 5 }),
      }),
    );
  });

/** Long waits and thousands of topics are asked for on purpose by nobody here. */
function tame(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tame);
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (name === 'maxWaitMs' || name === 'rebalanceTimeoutMs') return [name, 0];
      if (name === 'numPartitions' || name === 'count') return [name, Number(inner) % 5];
      return [name, tame(inner)];
    }),
  );
}

async function stillServes(): Promise<void> {
  const client = await RawClient.connect(running.sandbox.port);
  const began = performance.now();
  expect((await client.request(apiVersions, 0, {})).errorCode).toBe(0);
  expect(performance.now() - began).toBeLessThan(2000);
  client.close();
}

test.each(STEPS)(
  'requests of every API with any content are answered with an answer of that API, or end their connection: step %i',
  async () => {
    await fc.assert(
      fc.asyncProperty(anyRequest(), async ({ api, version, body }) => {
        const client = await RawClient.connect(running.sandbox.port);
        try {
          // A JoinGroup waits for others; everything else is answered.
          const answer = client.request(api, version, tame(body) as never);
          const waited = await Promise.race([
            answer.then(
              () => 'answered',
              (error: Error) => (/closed/.test(error.message) ? 'closed' : Promise.reject(error)),
            ),
            new Promise((resolve) => setTimeout(resolve, 1500, 'waits')),
          ]);
          if (waited === 'waits') expect(['JoinGroup', 'SyncGroup', 'Produce']).toContain(api.name);
          answer.catch(() => {});
        } finally {
          client.close();
        }
      }),
      { numRuns },
    );
    await stillServes();
    expect(running.lines.filter((line) => line.startsWith('ERROR'))).toEqual([]);
  },
);

test.each(STEPS)('bytes that were changed, cut or added to do no harm: step %i', async () => {
  const before = process.memoryUsage().rss;
  await fc.assert(
    fc.asyncProperty(fc.array(anyRequest(), { minLength: 1, maxLength: 5 }), async (requests) => {
      const client = await RawClient.connect(running.sandbox.port);
      try {
        for (const { api, version, body, mutations, cut, extra } of requests) {
          const chunks = encodeRequest(api, version, 1, 'fuzz', tame(body) as never);
          const bytes = Buffer.concat(chunks);
          for (const [at, value] of mutations) bytes[4 + (at % (bytes.length - 4))] = value;
          const end = cut === null ? bytes.length : 4 + (cut % (bytes.length - 4));
          const frame = Buffer.concat([bytes.subarray(0, end), extra]);
          frame.writeInt32BE(frame.length - 4, 0);
          client.send(frame);
        }
        await Promise.race([client.closed, new Promise((resolve) => setImmediate(resolve))]);
      } finally {
        client.close();
      }
    }),
    { numRuns },
  );
  await stillServes();
  expect(running.lines.filter((line) => line.startsWith('ERROR'))).toEqual([]);
  expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
});

test('ten silent connections with half a frame and a hundred idle ones disturb nobody', async () => {
  const others: RawClient[] = [];
  for (let i = 0; i < 110; i++) {
    const client = await RawClient.connect(running.sandbox.port);
    if (i < 10) client.send(Buffer.from([0, 0, 0, 50, 0, 3]));
    others.push(client);
  }
  await stillServes();
  for (const client of others) client.close();
});
