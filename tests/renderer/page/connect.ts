import type { Catalog } from '../../../common/connect/catalog.ts';
import { toWireError } from '../../../common/errors.ts';
import { CATALOGUE } from '../../../main/connect/catalogue.ts';
import { clientDefinitions } from '../../../main/connect/client-definitions.ts';
import { describePlugin } from '../../../main/connect/plugins/plugin-description.ts';
import { Plugins } from '../../../main/connect/plugins/plugins.ts';
import { validateConnectorConfig } from '../../../main/connect/runtime/connector-validation.ts';
import { overridePolicy } from '../../../main/connect/runtime/override-policy.ts';
import { workerConfig } from '../../../main/connect/runtime/worker-config.ts';

const STRING = 'org.apache.kafka.connect.storage.StringConverter';
const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';
const worker = { 'bootstrap.servers': 'kafka:9092', 'key.converter': STRING, 'value.converter': JSON_CONVERTER };
const plugins = new Plugins(CATALOGUE);
const context = {
  plugins,
  worker,
  overrides: overridePolicy(workerConfig(worker)),
  resolve: <T>(config: T) => config,
  clientDefinitions,
};

/** A package that can't be used, as the worker tells of one. */
const REFUSED: Catalog['refused'] = [
  {
    folder: '/home/mia/.local/share/Runnel/plugins/weather-connector',
    reason: 'weather-connector 1.2.0: com.example.WeatherSource: delivery is missing',
    hint: "Write a text, for example 'at least once'.",
  },
];

/** The worker's own answers for the pretended page: what depends on no connector that runs. */
async function answer(question: string, config: Readonly<Record<string, string>>): Promise<unknown> {
  if (question === 'validate') return (await validateConnectorConfig(context, config)).infos;
  return {
    plugins: plugins.definitions().map((definition) => ({ ...describePlugin(definition), folder: null })),
    refused: REFUSED,
  };
}

/** As JSON, an error in its wire form. */
export async function answerConnect(question: string, body: string): Promise<string> {
  try {
    return JSON.stringify({ result: await answer(question, JSON.parse(body)) });
  } catch (error) {
    return JSON.stringify({ error: toWireError(error as Error) });
  }
}
