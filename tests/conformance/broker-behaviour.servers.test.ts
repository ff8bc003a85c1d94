import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BehaviourCase } from '../kit/broker-behaviour/behaviour.ts';
import { startApacheKafkaUnderTest, startSandboxUnderTest } from '../kit/broker-behaviour/brokers.ts';
import { BEHAVIOUR_CASES } from '../kit/broker-behaviour/cases.ts';
import { comparable } from '../kit/broker-behaviour/comparable.ts';
import { meantAnswer } from '../kit/broker-behaviour/meant-answer.ts';
import { type BrokerUnderTest, PlayedBroker } from '../kit/broker-behaviour/played-broker.ts';
import { needs } from '../kit/needs.ts';

// The sandbox and Apache Kafka 4.3.1 are asked the same, case by case; what they answer has to be equal, or a
// difference with a reason. A few cases are played at once: no case may look at what another one makes.

test('no two cases have one name', () => {
  const names = BEHAVIOUR_CASES.map(({ api, name }) => `${api}: ${name}`);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});

describe.skipIf(needs('kafka'))('the sandbox and Apache Kafka answer alike', () => {
  let sandbox: BrokerUnderTest;
  let kafka: BrokerUnderTest;

  beforeAll(async () => {
    [sandbox, kafka] = await Promise.all([startSandboxUnderTest(), startApacheKafkaUnderTest()]);
  });
  afterAll(async () => {
    await Promise.all([sandbox?.stop(), kafka?.stop()]);
  });

  const answerOf = async (broker: BrokerUnderTest, it: BehaviourCase, suffix: string) => {
    const played = new PlayedBroker(broker, suffix);
    try {
      return comparable(await it.play(played), broker);
    } finally {
      played.close();
    }
  };

  for (const [api, cases] of Map.groupBy(BEHAVIOUR_CASES.entries(), ([, it]) => it.api)) {
    describe.concurrent(api, () => {
      for (const [index, it] of cases) {
        test(it.name, { timeout: 60_000 }, async ({ expect }) => {
          const [ours, theirs] = await Promise.all([
            answerOf(sandbox, it, `${index}`),
            answerOf(kafka, it, `${index}`),
          ]);
          if (!it.differs) {
            expect(ours).toEqual(theirs);
            return;
          }
          expect(ours).toEqual(meantAnswer(it.differs, ours, theirs));
          expect(isDeepStrictEqual(ours, theirs), `no longer different: ${it.differs.why}`).toBe(false);
        });
      }
    });
  }
});
