import { expect, test } from 'vitest';
import { CATALOGUE } from '../../../../main/connect/catalogue.ts';
import { clientDefinitions } from '../../../../main/connect/client-definitions.ts';
import { Plugins } from '../../../../main/connect/plugins/plugins.ts';
import { validateConnectorConfig } from '../../../../main/connect/runtime/connector-validation.ts';
import { overridePolicy } from '../../../../main/connect/runtime/override-policy.ts';
import { workerConfig } from '../../../../main/connect/runtime/worker-config.ts';
import { VALIDATE_CASES } from '../../../kit/connect-validate/cases.ts';
import { recordedValidations, unmeantValidations, type ValidateAnswer } from '../../../kit/connect-validate/compare.ts';

const STRING = 'org.apache.kafka.connect.storage.StringConverter';
const worker = { 'bootstrap.servers': 'kafka:9092', 'key.converter': STRING, 'value.converter': STRING };
const context = {
  plugins: new Plugins(CATALOGUE),
  worker,
  overrides: overridePolicy(workerConfig(worker)),
  resolve: <T>(config: T) => config,
  clientDefinitions,
};

test('every configuration is validated as Kafka Connect does, key by key, but for the listed differences', async () => {
  const recorded = recordedValidations();
  const problems: string[] = [];
  for (const [i, it] of VALIDATE_CASES.entries()) {
    const texts = Object.entries(it.config).map(([key, value]) => [key, String(value)] as const);
    const { infos } = await validateConnectorConfig(context, Object.fromEntries(texts));
    const body = JSON.parse(JSON.stringify(infos), (key, value) => (key === 'documentation' ? '<text>' : value));
    problems.push(...unmeantValidations(it, { status: 200, body }, recorded[i] as ValidateAnswer));
  }
  expect(problems).toEqual([]);
  expect(VALIDATE_CASES.length).toBeGreaterThan(150);
});
