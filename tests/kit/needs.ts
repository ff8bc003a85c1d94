import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { hasKafkaLibs, KAFKA_VERSION } from '../../scripts/kafka-jars.mjs';
import { hasPythonClient } from '../../scripts/python-client.mjs';

export type Tool = 'confluent-kafka' | 'curl' | 'java' | 'kafka' | 'kcat' | 'openssl' | 'strace' | 'zsh' | 'fish';

const CHECKS: Readonly<Record<Tool, () => string | undefined>> = {
  'confluent-kafka': () =>
    hasPythonClient() ? undefined : 'confluent-kafka for Python is not fetched (node scripts/python-client.mjs)',
  curl: () => (runs('curl', '--version') ? undefined : 'curl is not installed'),
  java: () => (runs('java', '-version') ? undefined : 'Java 17 is not installed'),
  kafka: () =>
    CHECKS.java() ??
    (hasKafkaLibs() ? undefined : `Apache Kafka ${KAFKA_VERSION} is not fetched (node scripts/kafka-jars.mjs)`),
  kcat: () => (runs('kcat', '-V') ? undefined : 'kcat is not installed'),
  openssl: () => (runs('openssl', 'version') ? undefined : 'openssl is not installed'),
  zsh: () => (runs('zsh', '--version') ? undefined : 'zsh is not installed: its completion is not tried'),
  fish: () => (runs('fish', '--version') ? undefined : 'fish is not installed: its completion is not tried'),
  strace: () => (runs('strace', '-V') ? undefined : 'strace is not installed'),
};

/**
 * Undefined when every tool is there, else the reason, for `describe.skipIf(needs('kafka'))`. The reason is printed
 * in the closing lines of `npm test`; at the ci level nothing may be missing, so there it is an error.
 */
export function needs(...tools: Tool[]): string | undefined {
  for (const tool of tools) {
    const reason = CHECKS[tool]();
    if (!reason) continue;
    if (process.env.RUNNEL_TESTS === 'ci' || process.env.RUNNEL_TESTS === 'night') throw new Error(reason);
    if (process.env.RUNNEL_SKIP_REASONS) appendFileSync(process.env.RUNNEL_SKIP_REASONS, `${reason}\n`);
    return reason;
  }
  return undefined;
}

function runs(command: string, argument: string): boolean {
  return spawnSync(command, [argument], { stdio: 'ignore' }).status === 0;
}
