import { KAFKA_VERSION } from '../../scripts/kafka-jars.mjs';
import { fetchJars } from '../../scripts/maven-jars.mjs';

/** That of log4j-core among Kafka's jars. */
const LOG4J_VERSION = '2.25.4';

/**
 * What Kafka's download has beside the jars that all tests use: basic authentication, and the binding that lets Connect
 * log by log4j2, without which `admin/loggers` knows no loggers. Apart, since every Java tool would log with it. What
 * they depend on is among Kafka's jars.
 */
export function connectExtras(): string {
  const artifacts = [
    `org.apache.kafka:connect-basic-auth-extension:${KAFKA_VERSION}`,
    `org.apache.logging.log4j:log4j-slf4j-impl:${LOG4J_VERSION}`,
  ];
  return fetchJars(`connect-extras-${KAFKA_VERSION}`, artifacts, { alone: true });
}
