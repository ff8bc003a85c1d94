// Writes tests/fixtures/kafka-clients/settings.json anew: every key of the Java clients' ConfigDefs, and what these say of
// values that may be wrong. Run by hand when Kafka is raised:
//   node scripts/record-client-settings.ts
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runJava } from '../tests/kit/apache-kafka.ts';
import { KAFKA_VERSION } from './kafka-jars.mjs';

const OUTPUT = new URL('../tests/fixtures/kafka-clients/settings.json', import.meta.url);

/** Tried for every key; only refusals are written. */
const VALUES = [
  '',
  ' ',
  'abc',
  'ALL',
  '-2',
  '-1',
  '0',
  '1.5',
  '4',
  '1000',
  ' 5 ',
  '2147483648',
  '9223372036854775808',
  'true',
  ' TRUE ',
  'a,a',
  'a,,b',
  'latest',
  'by_duration:P1D',
  'by_duration:x',
  'consumer',
  'ssl',
  'zstd',
];

const SOURCE = `
import java.util.*;
import org.apache.kafka.common.config.*;

public class Settings {
  static String q(Object o) {
    if (o == null) return "null";
    return '"' + o.toString().replace("\\\\", "\\\\\\\\").replace("\\"", "\\\\\\"").replace("\\n", "\\\\n") + '"';
  }
  public static void main(String[] values) throws Exception {
    for (String client : List.of("producer.ProducerConfig", "consumer.ConsumerConfig", "admin.AdminClientConfig")) {
      ConfigDef def = (ConfigDef) Class.forName("org.apache.kafka.clients." + client).getMethod("configDef").invoke(null);
      for (ConfigDef.ConfigKey key : new TreeMap<>(def.configKeys()).values()) {
        StringBuilder refusals = new StringBuilder();
        ConfigDef alone = new ConfigDef().define(key);
        for (String value : values) {
          try { alone.parse(Map.of(key.name, value)); }
          catch (ConfigException e) { refusals.append(refusals.length() == 0 ? "" : ",").append("[" + q(value) + "," + q(e.getMessage()) + "]"); }
        }
        String def_ = key.hasDefault() ? q(key.defaultValue == null ? null : ConfigDef.convertToString(key.defaultValue, key.type)) : "false";
        System.out.println("{\\"client\\":" + q(client.substring(0, client.indexOf('.'))) + ",\\"name\\":" + q(key.name) + ",\\"type\\":" + q(key.type)
          + ",\\"default\\":" + def_ + ",\\"refusals\\":[" + refusals + "]}");
      }
    }
  }
}
`;

interface Row {
  client: string;
  name: string;
  type: string;
  default: string | null | false;
  refusals: [string, string][];
}

const folder = mkdtempSync(join(tmpdir(), 'client-settings-'));
const file = join(folder, 'Settings.java');
writeFileSync(file, SOURCE);
const { code, stdout, stderr } = await runJava(file, VALUES);
rmSync(folder, { recursive: true, force: true });
if (code !== 0) throw new Error(stderr);
const rows: Row[] = stdout
  .toString()
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));

/** A sentence with its key (`%k`) and value (`%v`, trimmed `%t`) left out, so that it stands once. */
function template(name: string, value: string, message: string): string {
  const [raw, trimmed] = [`Invalid value ${value} for`, `Invalid value ${value.trim()} for`];
  const general = message.startsWith(raw)
    ? message.replace(raw, 'Invalid value %v for')
    : message.replace(trimmed, 'Invalid value %t for');
  return general.replaceAll(name, '%k');
}

// What several clients have alike stands once.
const sentences: string[] = [];
const merged = new Map<string, { clients: string[]; name: string; type: string; default: Row['default'] }>();
for (const { client, name, type, default: byDefault, refusals } of rows) {
  const refused = refusals.map(([value, message]) => {
    const sentence = template(name, value, message);
    if (!sentences.includes(sentence)) sentences.push(sentence);
    return [VALUES.indexOf(value), sentences.indexOf(sentence)];
  });
  const row = { name, type, default: byDefault, refused };
  const id = JSON.stringify(row);
  const known = merged.get(id);
  if (known) known.clients.push(client);
  else merged.set(id, { clients: [client], ...row });
}
const settings = [...merged.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
const head = { version: KAFKA_VERSION, values: VALUES, sentences };
mkdirSync(new URL('.', OUTPUT), { recursive: true });
writeFileSync(
  OUTPUT,
  `${JSON.stringify(head).slice(0, -1)},"settings":[\n${settings.map((row) => JSON.stringify(row)).join(',\n')}\n]}\n`,
);
console.log(`${settings.length} settings`);
