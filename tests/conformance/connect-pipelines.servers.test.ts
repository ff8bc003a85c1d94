import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApacheKafka, startApacheKafka } from '../kit/apache-kafka.ts';
import { unmeantDifferences } from '../kit/connect-pipelines/compare.ts';
import { ERROR_SCENARIOS } from '../kit/connect-pipelines/error-scenarios.ts';
import { FLOWS, Hands } from '../kit/connect-pipelines/flows.ts';
import { playScenario, produceInputs } from '../kit/connect-pipelines/play.ts';
import type { Outcome, Scenario } from '../kit/connect-pipelines/scenario.ts';
import { Side } from '../kit/connect-pipelines/side.ts';
import { SINK_SCENARIOS } from '../kit/connect-pipelines/sink-scenarios.ts';
import { SOURCE_SCENARIOS } from '../kit/connect-pipelines/source-scenarios.ts';
import { VALIDATE_CASES } from '../kit/connect-validate/cases.ts';
import { askValidation, recordedValidations } from '../kit/connect-validate/compare.ts';
import { needs } from '../kit/needs.ts';

// Kafka Connect 4.3.1 and Runnel's worker side by side on one Apache Kafka: what goes in is the same, and so has to be
// what comes out. Night plays all of it, ci a part that is drawn anew each time.

const SHARE = process.env.RUNNEL_TESTS === 'night' ? 1 : process.env.RUNNEL_TESTS === 'ci' ? 0.15 : 0.1;
/** So many connectors at once on each worker. */
const AT_ONCE = 8;
const TIMEOUT_MS = 900_000;

function some<T>(all: readonly T[]): T[] {
  const chosen = all.filter(() => Math.random() < SHARE);
  return chosen.length === 0 ? all.slice(0, 1) : chosen;
}

/** Each in its turn, a few at once. */
async function eachOf<T>(all: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const todo = [...all];
  const worker = async () => {
    for (let item = todo.shift(); item !== undefined; item = todo.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

describe.skipIf(needs('kafka'))('Kafka Connect’s worker and ours on one Kafka', () => {
  let kafka: ApacheKafka;
  let java: Side;
  let ours: Side;

  beforeAll(async () => {
    // The records of the scenarios are from long ago.
    kafka = await startApacheKafka({ 'log.retention.ms': '-1' });
    [java, ours] = await Promise.all([Side.java(kafka.bootstrapServers), Side.ours(kafka.bootstrapServers)]);
  }, TIMEOUT_MS);
  afterAll(async () => {
    await Promise.all([java?.stop(), ours?.stop()]);
    await kafka?.stop();
  }, TIMEOUT_MS);

  async function differencesOf(scenarios: readonly Scenario[]): Promise<string[]> {
    await produceInputs(kafka.bootstrapServers, scenarios);
    const seen = new Map<Scenario, Outcome>();
    const differences: string[] = [];
    const play = (side: Side) =>
      eachOf(scenarios, async (it) => void outcomes.get(side)?.set(it, await playScenario(side, it)));
    const outcomes = new Map([
      [java, new Map<Scenario, Outcome>()],
      [ours, seen],
    ]);
    await Promise.all([play(java), play(ours)]);
    for (const scenario of scenarios) {
      const theirs = outcomes.get(java)?.get(scenario) as Outcome;
      differences.push(...unmeantDifferences(scenario, seen.get(scenario) as Outcome, theirs));
    }
    return differences;
  }

  test(
    'validate configurations as it was recorded',
    async () => {
      const recorded = recordedValidations();
      const changed: string[] = [];
      // A version that is not there it answers now so, now so.
      for (const [i, it] of VALIDATE_CASES.entries())
        if (
          recorded[i]?.status === 200 &&
          JSON.stringify(await askValidation(java.url, it)) !== JSON.stringify(recorded[i])
        )
          changed.push(it.about);
      expect(changed).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'make the same topics of the same file',
    async () => {
      expect(await differencesOf(some(SOURCE_SCENARIOS))).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'make the same file of the same topics',
    async () => {
      expect(await differencesOf(some(SINK_SCENARIOS))).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'do the same with records that fail: files, topics, dead letters, offsets, states and traces',
    async () => {
      expect(await differencesOf(some(ERROR_SCENARIOS))).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'do the same when connectors are paused, stopped, rewound, mended and made again',
    async () => {
      const flows = some(FLOWS);
      const run = async (side: Side) => {
        const seen: Record<string, readonly string[]> = {};
        await eachOf(flows, async ({ name, run }) => {
          const hands = new Hands(side, name);
          await run(hands).catch((error) => hands.seen.push(String(error)));
          seen[name] = hands.seen;
        });
        return seen;
      };
      const [theirs, seen] = await Promise.all([run(java), run(ours)]);
      expect(seen).toEqual(theirs);
    },
    TIMEOUT_MS,
  );
});
