import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runJava } from '../apache-kafka.ts';
import type { Answer, Case, Question } from './cases.ts';

// Dates print in the machine's time zone, in Java as here.
process.env.TZ = 'UTC';

const FIXTURES = new URL('../../fixtures/connect/', import.meta.url);
const ORACLE = fileURLToPath(new URL('../../fixtures/java/ConnectOracle.java', import.meta.url));

/** What Java answered when the fixtures were recorded, by the question. */
export function recordedAnswers(name: string): ReadonlyMap<string, Answer> {
  const { answers } = JSON.parse(readFileSync(new URL(`${name}.json`, FIXTURES), 'utf8')) as {
    answers: [Question, Answer][];
  };
  return new Map(answers.map(([question, answer]) => [JSON.stringify(question), answer]));
}

/** Asks Apache Kafka's own classes; needs Java and the jars. */
export async function askJava(
  questions: readonly Question[],
): Promise<{ versions: [string, string]; answers: Answer[] }> {
  const lines = [{ kind: 'version' }, ...questions].map((it) => JSON.stringify(it)).join('\n');
  const { code, stdout, stderr } = await runJava(ORACLE, [], `${lines}\n`);
  if (code !== 0) throw new Error(`ConnectOracle failed: ${stderr}`);
  const answers = stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
  const versions = (answers.shift() as { ok: [string, string] }).ok;
  if (answers.length !== questions.length) throw new Error(`ConnectOracle gave ${answers.length} answers: ${stderr}`);
  return { versions, answers };
}

/** Writes `tests/fixtures/connect/<name>.json` anew. */
export async function recordAnswers(name: string, cases: readonly Case[]): Promise<void> {
  const questions = cases.map((it) => it.ask);
  const { versions, answers } = await askJava(questions);
  const lines = questions.map((question, i) => JSON.stringify([question, answers[i]]));
  const head = `"java":${JSON.stringify(versions[0])},"kafka":${JSON.stringify(versions[1])}`;
  writeFileSync(new URL(`${name}.json`, FIXTURES), `{${head},"answers":[\n${lines.join(',\n')}\n]}\n`);
}
