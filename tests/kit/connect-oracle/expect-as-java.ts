import { expect, test } from 'vitest';
import { ALL_CASES } from './all-cases.ts';
import { answer } from './answer.ts';
import { check } from './check.ts';
import { recordedAnswers } from './fixtures.ts';

/** One test for all cases of a fixture; it shows every case that is wrong. */
export function expectAsJava(name: string): void {
  test(`answers as Apache Kafka Connect did when ${name}.json was recorded, but for the listed differences`, () => {
    const recorded = recordedAnswers(name);
    const wrong: string[] = [];
    for (const it of ALL_CASES[name] ?? []) {
      const question = JSON.stringify(it.ask);
      const java = recorded.get(question);
      const problem = java === undefined ? 'not recorded' : check(it, java, answer(it.ask));
      if (problem !== undefined) wrong.push(`${question}\n${problem}`);
    }
    expect(wrong).toEqual([]);
    expect(ALL_CASES[name]?.length).toBeGreaterThan(50);
  });
}
