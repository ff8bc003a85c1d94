// Writes tests/fixtures/kafka-broker/settings.json anew: every broker property of Apache Kafka, what its ConfigDef says of
// it, and what it refuses. Run by hand when Kafka is raised:
//   node scripts/record-broker-settings.ts
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runJava } from '../tests/kit/apache-kafka.ts';
import { KAFKA_VERSION } from './kafka-jars.mjs';

const OUTPUT = new URL('../tests/fixtures/kafka-broker/settings.json', import.meta.url);

/** Tried for every property; what is refused is written by its index. */
const VALUES = ['', 'abc', '-2', '-1', '0', '1', '1.5', '1000', '2000000', '2147483648', '9223372036854775808', 'true'];

const SOURCE = `
import java.util.*;
import org.apache.kafka.common.config.*;

public class Settings {
  static String q(Object o) {
    if (o == null) return "null";
    return '"' + o.toString().replace("\\\\", "\\\\\\\\").replace("\\"", "\\\\\\"").replace("\\n", "\\\\n") + '"';
  }
  public static void main(String[] values) {
    ConfigDef def = org.apache.kafka.server.config.AbstractKafkaConfig.CONFIG_DEF;
    for (ConfigDef.ConfigKey key : new TreeMap<>(def.configKeys()).values()) {
      StringBuilder refused = new StringBuilder();
      ConfigDef alone = new ConfigDef().define(key);
      for (int i = 0; i < values.length; i++) {
        try { alone.parse(Map.of(key.name, values[i])); }
        catch (ConfigException e) { refused.append(refused.length() == 0 ? "" : ",").append(i); }
      }
      String byDefault = key.hasDefault() ? q(key.defaultValue == null ? null : ConfigDef.convertToString(key.defaultValue, key.type)) : "false";
      System.out.println("{\\"name\\":" + q(key.name) + ",\\"type\\":" + q(key.type) + ",\\"default\\":" + byDefault + ",\\"refused\\":[" + refused + "]}");
    }
  }
}
`;

const folder = mkdtempSync(join(tmpdir(), 'broker-settings-'));
const file = join(folder, 'Settings.java');
writeFileSync(file, SOURCE);
const { code, stdout, stderr } = await runJava(file, VALUES);
rmSync(folder, { recursive: true, force: true });
if (code !== 0) throw new Error(stderr);
const rows = stdout.toString().trimEnd().split('\n');
mkdirSync(new URL('.', OUTPUT), { recursive: true });
writeFileSync(
  OUTPUT,
  `${JSON.stringify({ version: KAFKA_VERSION, values: VALUES }).slice(0, -1)},"settings":[\n${rows.join(',\n')}\n]}\n`,
);
console.log(`${rows.length} broker properties`);
