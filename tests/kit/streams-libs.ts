import { KAFKA_VERSION } from '../../scripts/kafka-jars.mjs';
import { fetchJars } from '../../scripts/maven-jars.mjs';

/** That which kafka-streams of this version asks for. */
const ROCKSDB_VERSION = '10.1.3';

/** Kafka Streams and its state store, to be put beside Kafka's jars, where all else is that they depend on. */
export function streamsLibs(): string {
  const artifacts = [`org.apache.kafka:kafka-streams:${KAFKA_VERSION}`, `org.rocksdb:rocksdbjni:${ROCKSDB_VERSION}`];
  return fetchJars(`kafka-streams-${KAFKA_VERSION}`, artifacts, { alone: true });
}
