import { describe, expect, test } from 'vitest';
import { canonicalSourceMap } from '../../../main/connect/api/source-map.ts';
import { parseJavaOffsets } from '../../../main/connect/storage/java-offsets-file.ts';
import { ALL_CASES } from '../../kit/connect-oracle/all-cases.ts';
import { askJava, recordedAnswers } from '../../kit/connect-oracle/fixtures.ts';
import { jsonPathCases } from '../../kit/connect-oracle/json-path-cases.ts';
import { askJayway, questionOf, recordedPaths } from '../../kit/connect-oracle/json-path-oracle.ts';
import { needs } from '../../kit/needs.ts';
import { ALL_WORKER_QUESTIONS, type WorkerAnswer, type WorkerQuestion } from '../../kit/worker-oracle/cases.ts';
import { askWorkerOracle, recordedWorkerAnswer } from '../../kit/worker-oracle/oracle.ts';

describe.skipIf(needs('kafka'))('the recorded answers of Apache Kafka Connect', () => {
  test('are still what it answers, for a tenth of the cases chosen at random', async () => {
    const questions = Object.entries(ALL_CASES).flatMap(([name, cases]) => {
      const recorded = recordedAnswers(name);
      return cases
        .filter(() => Math.random() < 0.1)
        .map(({ ask }) => ({ ask, recorded: recorded.get(JSON.stringify(ask)) }));
    });
    const { answers } = await askJava(questions.map(({ ask }) => ask));
    const changed = questions
      .map(({ ask, recorded }, i) => ({ ask, recorded, now: answers[i] }))
      .filter(({ recorded, now }) => JSON.stringify(recorded) !== JSON.stringify(now));
    expect(changed).toEqual([]);
    expect(questions.length).toBeGreaterThan(100);
  });

  test('and so are those of json-path, the library behind Confluent’s Filter', () => {
    const recorded = recordedPaths();
    const chosen = jsonPathCases.filter(() => Math.random() < 0.1);
    const now = askJayway(chosen);
    expect(chosen.map((it, i) => [it.path, now[i]])).toEqual(
      chosen.map((it) => [it.path, recorded.get(JSON.stringify(questionOf(it)))]),
    );
  });

  test('and so are those about workers, their files and their clients', async () => {
    const { answers } = await askWorkerOracle(ALL_WORKER_QUESTIONS);
    const now = answers.map((answer, i) => comparable(ALL_WORKER_QUESTIONS[i] as WorkerQuestion, answer));
    expect(now).toEqual(ALL_WORKER_QUESTIONS.map((question) => comparable(question, recordedWorkerAnswer(question))));
  });
});

/** Java's hash map of byte arrays has another order in every run: of a file only what is in it is the same. */
function comparable(question: WorkerQuestion, answer: WorkerAnswer): unknown {
  if (question.kind !== 'offsets-file' || !('ok' in answer)) return answer;
  const { offsets, reset, foreign } = parseJavaOffsets('file', Buffer.from(answer.ok as string, 'base64'));
  const texts = offsets.map(({ connector, partition, offset }) =>
    [connector, canonicalSourceMap(partition), canonicalSourceMap(offset)].join(),
  );
  return [texts.sort(), reset, foreign.sort()];
}
