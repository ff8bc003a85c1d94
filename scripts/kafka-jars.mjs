// Fetches Apache Kafka from Maven Central for the tests: broker, tools, Connect. Cached; a second call returns at once.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The peer that everything is compared with; raised by hand, here alone. */
export const KAFKA_VERSION = '4.3.1';

const ARTIFACTS = [
  'kafka_2.13',
  'kafka-tools',
  'connect-runtime',
  'connect-json',
  'connect-transforms',
  'connect-file',
];
const CACHE = fileURLToPath(new URL('../.cache/', import.meta.url));

/** Folder with every jar; those of connect-file lie apart in `plugins/`, as Connect wants them on its plugin.path. */
export function kafkaLibs() {
  return process.env.RUNNEL_KAFKA_LIBS ?? join(CACHE, `kafka-${KAFKA_VERSION}`, 'libs');
}

export function hasKafkaLibs() {
  return existsSync(kafkaLibs());
}

/** Returns undefined, or the reason why the jars are not there. */
export function fetchKafkaLibs() {
  if (hasKafkaLibs()) return undefined;
  if (spawnSync('mvn', ['-v']).status !== 0)
    return 'Maven (mvn) is not installed, so Apache Kafka cannot be fetched from Maven Central';
  mkdirSync(CACHE, { recursive: true });
  const work = mkdtempSync(join(CACHE, 'kafka-'));
  const dependencies = ARTIFACTS.map(
    (artifact) =>
      `<dependency><groupId>org.apache.kafka</groupId><artifactId>${artifact}</artifactId><version>${KAFKA_VERSION}</version></dependency>`,
  ).join('');
  writeFileSync(
    join(work, 'pom.xml'),
    `<project><modelVersion>4.0.0</modelVersion><groupId>peers</groupId><artifactId>peers</artifactId><version>1</version><dependencies>${dependencies}</dependencies></project>`,
  );
  console.log(`Fetching Apache Kafka ${KAFKA_VERSION} from Maven Central (about 54 MB, once)…`);
  const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies';
  const result = spawnSync('mvn', ['-q', '-B', '-ntp', goal, '-DoutputDirectory=libs', '-DincludeScope=runtime'], {
    cwd: work,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (result.status !== 0) {
    rmSync(work, { recursive: true, force: true });
    return `Maven could not fetch Apache Kafka ${KAFKA_VERSION} (its words are above)`;
  }
  const target = join(CACHE, `kafka-${KAFKA_VERSION}`);
  rmSync(target, { recursive: true, force: true });
  renameSync(work, target);
  return undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const reason = fetchKafkaLibs();
  if (reason) {
    console.error(reason);
    process.exit(1);
  }
  console.log(kafkaLibs());
}
