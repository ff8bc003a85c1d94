// Writes tests/fixtures/kafka-clients/jaas.json anew: what Java's clients read in a sasl.jaas.config. Run by hand when
// Kafka is raised:
//   node scripts/record-jaas.ts
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runJava } from '../tests/kit/apache-kafka.ts';
import { KAFKA_VERSION } from './kafka-jars.mjs';

const OUTPUT = new URL('../tests/fixtures/kafka-clients/jaas.json', import.meta.url);

const TEXTS = [
  'M required;',
  'M required username="u" password="p";',
  "M required username='u' password='p' ;",
  'M REQUIRED username=u password=p;',
  'M optional a=b;',
  'M sufficient a = b;',
  'M requisite a\t=\nb\r\n;',
  'M required password="with ; and = and // and \' in it";',
  'M required password="a \\"quoted\\" word";',
  'M required password="back\\\\slash";',
  'M required password="tab\\tnew\\nline\\101\\7\\400\\x";',
  'M required password="unclosed;',
  'M required password="two\nlines";',
  "M required password='it''s';",
  'M required password=a/b;',
  'M required password=a//b;\n;',
  '// a comment\nM required /* another */ a=b;',
  'M required a=b; // behind',
  'M required a=b a=c;',
  'M required a=;',
  'M required a;',
  'M required a b;',
  'M required =b;',
  'M required a="";',
  'M required a=p@$$w0rd!#%^&*()_+-[]{}|:,.<>?~`;',
  'M required a=gr\u00fc\u00df\u4f60;',
  'M required a=\u0085b;',
  'M',
  'M required',
  'M required a=b',
  'M wanted a=b;',
  'M "required" a=b;',
  '"M" required "a"="b";',
  '',
  '   ',
  ';',
  'M required; N required;',
  'M required a=b;;',
  'com.example.My$Module required a=1 b=2.5 c=-3;',
];

const SOURCE = `
import java.util.*;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;

public class Jaas {
  static String q(Object o) {
    StringBuilder s = new StringBuilder("\\"");
    for (char c : String.valueOf(o).toCharArray()) {
      if (c == '"' || c == '\\\\' || c < ' ' || c > '~') s.append(String.format("\\\\u%04x", (int) c)); else s.append(c);
    }
    return s.append('"').toString();
  }
  public static void main(String[] args) throws Exception {
    for (String hex : new String(System.in.readAllBytes()).split("\\n", -1)) {
      String text = new String(HexFormat.of().parseHex(hex), "UTF-8");
      try {
        var entry = JaasContext.loadClientContext(Map.of("sasl.jaas.config", new Password(text))).configurationEntries().get(0);
        StringBuilder options = new StringBuilder();
        for (var each : new TreeMap<String, Object>(entry.getOptions()).entrySet())
          options.append(options.length() == 0 ? "" : ",").append("[" + q(each.getKey()) + "," + q(each.getValue()) + "]");
        System.out.println("{\\"module\\":" + q(entry.getLoginModuleName()) + ",\\"options\\":[" + options + "]}");
      } catch (Exception e) {
        System.out.println("{\\"error\\":" + q(e.getMessage()) + "}");
      }
    }
  }
}
`;

const folder = mkdtempSync(join(tmpdir(), 'jaas-'));
const file = join(folder, 'Jaas.java');
writeFileSync(file, SOURCE);
const { code, stdout, stderr } = await runJava(
  file,
  [],
  TEXTS.map((text) => Buffer.from(text).toString('hex')).join('\n'),
);
rmSync(folder, { recursive: true, force: true });
if (code !== 0) throw new Error(stderr);
const answers: object[] = stdout
  .toString()
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));
const cases = TEXTS.map((text, i) => JSON.stringify({ text, ...answers[i] }));
writeFileSync(OUTPUT, `{"version":${JSON.stringify(KAFKA_VERSION)},"cases":[\n${cases.join(',\n')}\n]}\n`);
console.log(`${cases.length} texts`);
