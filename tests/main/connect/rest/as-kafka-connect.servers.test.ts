import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startConnectStandalone } from '../../../../main/connect/connect-standalone.ts';
import { kafkaClients } from '../../../../main/kafka/index.ts';
import { silentLogger } from '../../../../main/logging.ts';
import { systemTime } from '../../../../main/time.ts';
import { KAFKA_VERSION } from '../../../../scripts/kafka-jars.mjs';
import { type ApacheConnect, startApacheConnect } from '../../../kit/apache-connect.ts';
import { type ApacheKafka, startApacheKafka } from '../../../kit/apache-kafka.ts';
import { recordedRestAnswers } from '../../../kit/connect-rest/compare.ts';
import { curlSession } from '../../../kit/connect-rest/curl-session.ts';
import { askEndpoints, ENDPOINTS_FILE } from '../../../kit/connect-rest/endpoints.ts';
import { playCalls, REST_WORKER } from '../../../kit/connect-rest/play.ts';
import { needs } from '../../../kit/needs.ts';

describe.skipIf(needs('kafka'))('Kafka Connect itself', () => {
  let kafka: ApacheKafka;
  let connect: ApacheConnect;
  beforeAll(async () => {
    kafka = await startApacheKafka();
    connect = await startApacheConnect(kafka.bootstrapServers, REST_WORKER, { extras: true });
  });
  afterAll(async () => {
    await connect?.stop();
    await kafka?.stop();
  });

  test('still declares the endpoints that were recorded', () => {
    expect(`${KAFKA_VERSION}\n${askEndpoints()}`).toBe(readFileSync(ENDPOINTS_FILE, 'utf8'));
  });

  test('still answers as it was recorded', async () => {
    const answers = await playCalls({ url: connect.url, folder: connect.folder });
    expect(JSON.parse(JSON.stringify(answers))).toEqual(recordedRestAnswers());
  });

  test.skipIf(needs('curl'))(
    'and a session with curl prints the same from it and from ours',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'runnel-curl-'));
      const options = { time: systemTime, logger: silentLogger, random: Math.random };
      const clients = kafkaClients(options);
      const theirs = await curlSession(connect.url, connect.folder, 'curl-theirs');
      const worker = await startConnectStandalone({
        ...options,
        properties: {
          ...REST_WORKER,
          'bootstrap.servers': kafka.bootstrapServers,
          'offset.storage.file.filename': join(folder, 'offsets'),
          listeners: 'http://127.0.0.1:0',
        },
        clients,
        taskThread: null,
        onLog: () => {},
      });
      try {
        const ours = await curlSession(worker.restUrl as string, folder, 'curl-ours');
        expect(ours.map(withoutOwnKeys)).toEqual(theirs.map(withoutOwnKeys));
      } finally {
        await worker.stop();
        rmSync(folder, { recursive: true, force: true });
      }
    },
    60_000,
  );
});

/** Only the keys of a plugin that are Apache's: ours has more, and says more of them. */
function withoutOwnKeys(line: string): string {
  return line.startsWith('/connector-plugins/') ? line.replace(/: [\s\S]* /, ': … ') : line;
}
