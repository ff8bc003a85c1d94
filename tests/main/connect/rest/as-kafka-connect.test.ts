import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startConnectStandalone } from '../../../../main/connect/connect-standalone.ts';
import { silentLogger } from '../../../../main/logging.ts';
import { systemTime } from '../../../../main/time.ts';
import { recordedRestAnswers, unmeantDifferences } from '../../../kit/connect-rest/compare.ts';
import { playCalls, REST_WORKER } from '../../../kit/connect-rest/play.ts';
import { MemoryKafka } from '../../../kit/memory-kafka.ts';

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
    const answers = await playCalls({ url: worker.restUrl as string, folder });
    expect(unmeantDifferences(answers, recordedRestAnswers())).toEqual([]);
  } finally {
    await worker.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
