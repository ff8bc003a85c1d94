import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KAFKA_VERSION } from '../../scripts/kafka-jars.mjs';

/** That of log4j-core among Kafka's jars. */
const LOG4J_VERSION = '2.25.4';
const CACHE = fileURLToPath(new URL('../../.cache/', import.meta.url));

/**
 * What Kafka's download has beside the jars that all tests use: basic authentication, and the binding that lets Connect
 * log by log4j2, without which `admin/loggers` knows no loggers. Apart, since every Java tool would log with it. Maven
 * fetches them once.
 */
export function connectExtras(): string {
  const libs = join(CACHE, `connect-extras-${KAFKA_VERSION}`, 'libs');
  if (existsSync(libs)) return libs;
  mkdirSync(CACHE, { recursive: true });
  const work = mkdtempSync(join(CACHE, 'connect-extras-'));
  const dependencies = [
    dependency('org.apache.kafka', 'connect-basic-auth-extension', KAFKA_VERSION),
    dependency('org.apache.logging.log4j', 'log4j-slf4j-impl', LOG4J_VERSION),
  ].join('');
  writeFileSync(
    join(work, 'pom.xml'),
    `<project><modelVersion>4.0.0</modelVersion><groupId>peers</groupId><artifactId>peers</artifactId><version>1</version><dependencies>${dependencies}</dependencies></project>`,
  );
  const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies';
  const { status } = spawnSync('mvn', ['-q', '-B', '-ntp', goal, '-DoutputDirectory=libs', '-DincludeScope=runtime'], {
    cwd: work,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error(`Maven could not fetch the extras of Kafka Connect ${KAFKA_VERSION}`);
  try {
    renameSync(work, join(CACHE, `connect-extras-${KAFKA_VERSION}`));
  } catch (error) {
    // Another test run was as fast.
    if (!existsSync(libs)) throw error;
  }
  return libs;
}

/** Without what it depends on: all of that is among Kafka's jars. */
function dependency(group: string, artifact: string, version: string): string {
  return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version><exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions></dependency>`;
}
