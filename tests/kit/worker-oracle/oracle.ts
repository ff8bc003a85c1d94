import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runJava } from '../apache-kafka.ts';
import type { WorkerAnswer, WorkerQuestion } from './cases.ts';

export const WORKER_FIXTURE = new URL('../../fixtures/connect-worker/answers.json', import.meta.url);
const ORACLE = fileURLToPath(new URL('../../fixtures/java/WorkerOracle.java', import.meta.url));

/** Asks Apache Kafka's own classes; needs Java and the jars. */
export async function askWorkerOracle(
  questions: readonly WorkerQuestion[],
): Promise<{ versions: [java: string, kafka: string]; answers: WorkerAnswer[] }> {
  const lines = [{ kind: 'version' }, ...questions].map((it) => JSON.stringify(it)).join('\n');
  const { code, stdout, stderr } = await runJava(ORACLE, [], `${lines}\n`);
  if (code !== 0) throw new Error(`WorkerOracle failed (${code}): ${stderr}`);
  const [head, ...answers] = stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as WorkerAnswer);
  if (answers.length !== questions.length) throw new Error(`WorkerOracle gave ${answers.length} answers: ${stderr}`);
  return { versions: (head as { ok: [string, string] }).ok, answers };
}

/** What Java answered when the fixture was recorded. */
export function recordedWorkerAnswer(question: WorkerQuestion): WorkerAnswer {
  recorded ??= new Map(
    (JSON.parse(readFileSync(WORKER_FIXTURE, 'utf8')) as { answers: [WorkerQuestion, WorkerAnswer][] }).answers.map(
      ([asked, answer]) => [JSON.stringify(asked), answer],
    ),
  );
  const answer = recorded.get(JSON.stringify(question));
  if (answer === undefined) throw new Error('Not recorded: node tests/kit/worker-oracle/record.ts');
  return answer;
}

let recorded: ReadonlyMap<string, WorkerAnswer> | undefined;

/** The same of an answer that has to be there. */
export function recordedOk<T>(question: WorkerQuestion): T {
  const answer = recordedWorkerAnswer(question);
  if ('ok' in answer) return answer.ok as T;
  throw new Error(`Java refused: ${answer.error[1]}`);
}
