// Asks Apache Kafka Connect to validate every configuration: node tests/kit/connect-validate/record.ts
import { startApacheConnect } from '../apache-connect.ts';
import { startApacheKafka } from '../apache-kafka.ts';
import { VALIDATE_CASES } from './cases.ts';
import { askValidation, type ValidateAnswer, writeValidations } from './compare.ts';

const kafka = await startApacheKafka();
const converter = 'org.apache.kafka.connect.storage.StringConverter';
const connect = await startApacheConnect(kafka.bootstrapServers, {
  'key.converter': converter,
  'value.converter': converter,
});
try {
  const answers: ValidateAnswer[] = [];
  for (const it of VALIDATE_CASES) answers.push(await askValidation(connect.url, it));
  writeValidations(answers);
  console.log(`${answers.length} answers`);
} finally {
  await connect.stop();
  await kafka.stop();
}
