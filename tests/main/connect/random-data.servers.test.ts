import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answer } from '../../kit/connect-oracle/answer.ts';
import type { Answer } from '../../kit/connect-oracle/cases.ts';
import { askJava } from '../../kit/connect-oracle/fixtures.ts';
import { randomQuestion } from '../../kit/connect-oracle/random-questions.ts';
import { needs } from '../../kit/needs.ts';

const QUESTIONS = process.env.RUNNEL_TESTS === 'night' ? 20_000 : 2_000;

describe.skipIf(needs('kafka'))('random schemas, values and settings', () => {
  test(`${QUESTIONS} times are answered as Kafka’s own classes do`, async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const questions = fc.sample(randomQuestion, { seed, numRuns: QUESTIONS });
    const { answers } = await askJava(questions);
    const wrong = questions.flatMap((question, i) => {
      const [java, ours] = [answers[i] as Answer, answer(question)];
      // Words and classes of errors are compared in the recorded cases, where differences are listed.
      if ('error' in java && 'error' in ours) return [];
      if (JSON.stringify(java) === JSON.stringify(ours)) return [];
      return [`${JSON.stringify(question)}\n  java ${JSON.stringify(java)}\n  ours ${JSON.stringify(ours)}`];
    });
    expect({ seed, wrong: wrong.slice(0, 5), count: wrong.length }).toEqual({ seed, wrong: [], count: 0 });
  }, 300_000);
});
