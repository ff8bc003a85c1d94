// Asks Apache Kafka Connect all cases and writes tests/fixtures/connect-worker: node tests/kit/worker-oracle/record.ts
import { writeFileSync } from 'node:fs';
import { ALL_WORKER_QUESTIONS } from './cases.ts';
import { askWorkerOracle, WORKER_FIXTURE } from './oracle.ts';

const { versions, answers } = await askWorkerOracle(ALL_WORKER_QUESTIONS);
const lines = ALL_WORKER_QUESTIONS.map((question, i) => JSON.stringify([question, answers[i]]));
const head = `"java":${JSON.stringify(versions[0])},"kafka":${JSON.stringify(versions[1])}`;
writeFileSync(WORKER_FIXTURE, `{${head},"answers":[\n${lines.join(',\n')}\n]}\n`);
console.log(`${answers.length} answers of Kafka ${versions[1]}`);
