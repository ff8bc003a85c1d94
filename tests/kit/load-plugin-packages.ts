// A process that imports plugin packages: node tests/kit/load-plugin-packages.ts FOLDER… For each a line of JSON: what
// was loaded, or the sentence that says why it was not.
import { KafkaException } from '../../common/errors.ts';
import { loadPluginPackage } from '../../main/connect/plugins/plugin-loader.ts';

const BUILT_IN = new Set(['org.apache.kafka.connect.json.JsonConverter']);

for (const folder of process.argv.slice(2)) {
  try {
    const { name, version, plugins } = await loadPluginPackage(folder, BUILT_IN);
    const classes = plugins.map(({ kind, className }) => `${kind} ${className}`);
    console.log(JSON.stringify({ name, version, classes }));
  } catch (error) {
    if (!(error instanceof KafkaException)) throw error;
    console.log(JSON.stringify({ code: error.code, key: error.key, message: error.message, hint: error.hint }));
  }
}
