import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kafkaLibs } from '../../../scripts/kafka-jars.mjs';

export const ENDPOINTS_FILE = fileURLToPath(new URL('../../fixtures/connect-rest/endpoints.txt', import.meta.url));
const ORACLE = fileURLToPath(new URL('../../fixtures/java/RestEndpoints.java', import.meta.url));

/** What Kafka Connect's resources declare: `PUT /admin/loggers/{logger} scope`, a line each. */
export function askEndpoints(): string {
  return execFileSync('java', ['-cp', join(kafkaLibs(), '*'), ORACLE], {
    stdio: ['ignore', 'pipe', 'ignore'],
  }).toString();
}

export interface Endpoint {
  method: string;
  path: string;
  query: readonly string[];
}

export function recordedEndpoints(): Endpoint[] {
  const [, ...lines] = readFileSync(ENDPOINTS_FILE, 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const [method = '', path = '', query = ''] = line.split(' ');
    return { method, path, query: query === '' ? [] : query.split(',') };
  });
}
