// Asks Apache Kafka Connect every call and writes its answers to tests/fixtures/connect-rest: node tests/kit/connect-rest/record.ts
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KAFKA_VERSION } from '../../../scripts/kafka-jars.mjs';
import { startApacheConnect } from '../apache-connect.ts';
import { startApacheKafka } from '../apache-kafka.ts';
import { REST_CALLS } from './calls.ts';
import { askEndpoints, ENDPOINTS_FILE } from './endpoints.ts';
import { playCalls, REST_WORKER } from './play.ts';

writeFileSync(ENDPOINTS_FILE, `${KAFKA_VERSION}\n${askEndpoints()}`);

const kafka = await startApacheKafka();
const connect = await startApacheConnect(kafka.bootstrapServers, REST_WORKER, { extras: true });
try {
  const answers = await playCalls({ url: connect.url, folder: connect.folder });
  const lines = REST_CALLS.map(({ method, path }, i) => JSON.stringify({ call: `${method} ${path}`, ...answers[i] }));
  writeFileSync(
    join(import.meta.dirname, '../../fixtures/connect-rest/answers.jsonl'),
    `${JSON.stringify({ version: KAFKA_VERSION })}\n${lines.join('\n')}\n`,
  );
  console.log(`${lines.length} answers of Kafka Connect ${KAFKA_VERSION}`);
} finally {
  await connect.stop();
  await kafka.stop();
}
