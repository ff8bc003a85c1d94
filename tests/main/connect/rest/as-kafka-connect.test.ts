import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startConnectStandalone } from '../../../../main/connect/connect-standalone.ts';
import { parseTarget } from '../../../../main/connect/rest/request-target.ts';
import { ADMIN_ROUTES, connectRoutes, described } from '../../../../main/connect/rest/rest-app.ts';
import { Router } from '../../../../main/connect/rest/router.ts';
import { SCHEMAS } from '../../../../main/connect/rest/schemas.ts';
import { silentLogger } from '../../../../main/logging.ts';
import { systemTime } from '../../../../main/time.ts';
import { recordedRestAnswers, unmeantDifferences } from '../../../kit/connect-rest/compare.ts';
import { playCalls, REST_WORKER } from '../../../kit/connect-rest/play.ts';
import type { RestCall } from '../../../kit/connect-rest/rest-call.ts';
import { misfits } from '../../../kit/json-schema.ts';
import { MemoryKafka } from '../../../kit/memory-kafka.ts';

const ROUTES = described([...connectRoutes(''), ...ADMIN_ROUTES]);
const router = new Router(ROUTES);

/** What of an answer is not in the OpenAPI document. */
function notAsDescribed(method: string, target: string, status: number, body: string): string[] {
  if (method === 'HEAD') return body === '' ? [] : ['has a body'];
  if (status >= 400 && status !== 503) return misfits(JSON.parse(body), SCHEMAS.ErrorMessage, SCHEMAS);
  const { answers } = router.find(method, parseTarget(target).segments).route;
  const schema = answers[status];
  if (schema === undefined) return ['is no answer that is described'];
  if (schema === null) return body === '' ? [] : ['has a body'];
  return misfits(JSON.parse(body), schema, SCHEMAS);
}

test('REST answers as Kafka Connect’s recorded answers do, apart from what is meant to differ', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'runnel-rest-'));
  const kafka = new MemoryKafka();
  for (const topic of ['t', 't2', 't3', 'lines', 'bad']) kafka.addTopic(topic);
  const worker = await startConnectStandalone({
    properties: {
      'bootstrap.servers': 'memory:9092',
      ...REST_WORKER,
      'offset.storage.file.filename': join(folder, 'offsets'),
      listeners: 'http://127.0.0.1:0',
    },
    clients: kafka.clients(systemTime),
    time: systemTime,
    logger: silentLogger,
    random: () => 0.5,
    taskThread: null,
    onLog: () => {},
  });
  try {
    const wrong: string[] = [];
    const seen = ({ method, path }: RestCall, status: number, body: string) =>
      wrong.push(...notAsDescribed(method, path, status, body).map((it) => `${method} ${path} ${status} ${it}`));
    const answers = await playCalls({ url: worker.restUrl as string, folder, seen });
    expect(wrong).toEqual([]);
    expect(unmeantDifferences(answers, recordedRestAnswers())).toEqual([]);
  } finally {
    await worker.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
