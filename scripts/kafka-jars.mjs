// Fetches Apache Kafka from Maven Central for the tests: broker, tools, Connect. Cached; a second call returns at once.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fetchJars, jarFolder } from './maven-jars.mjs';

/** The peer that everything is compared with; raised by hand, here alone. */
export const KAFKA_VERSION = '4.3.1';

const NAME = `kafka-${KAFKA_VERSION}`;
const ARTIFACTS = [
  'kafka_2.13',
  'kafka-tools',
  'connect-runtime',
  'connect-json',
  'connect-transforms',
  'connect-file',
];

/** Folder with every jar; those of connect-file lie apart in `plugins/`, as Connect wants them on its plugin.path. */
export function kafkaLibs() {
  return process.env.RUNNEL_KAFKA_LIBS ?? jarFolder(NAME);
}

export function hasKafkaLibs() {
  return existsSync(kafkaLibs());
}

/** Returns undefined, or the reason why the jars are not there. */
export function fetchKafkaLibs() {
  if (hasKafkaLibs()) return undefined;
  console.log(`Fetching Apache Kafka ${KAFKA_VERSION} from Maven Central (about 54 MB, once)…`);
  try {
    fetchJars(
      NAME,
      ARTIFACTS.map((artifact) => `org.apache.kafka:${artifact}:${KAFKA_VERSION}`),
    );
    return undefined;
  } catch (error) {
    return error.message;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const reason = fetchKafkaLibs();
  if (reason) {
    console.error(reason);
    process.exit(1);
  }
  console.log(kafkaLibs());
}
