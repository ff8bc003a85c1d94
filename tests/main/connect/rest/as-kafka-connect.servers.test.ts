import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KAFKA_VERSION } from '../../../../scripts/kafka-jars.mjs';
import { type ApacheConnect, startApacheConnect } from '../../../kit/apache-connect.ts';
import { type ApacheKafka, startApacheKafka } from '../../../kit/apache-kafka.ts';
import { recordedRestAnswers } from '../../../kit/connect-rest/compare.ts';
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
});
