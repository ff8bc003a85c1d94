import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApacheConnect, startApacheConnect } from '../../../kit/apache-connect.ts';
import { type ApacheKafka, startApacheKafka } from '../../../kit/apache-kafka.ts';
import { recordedRestAnswers } from '../../../kit/connect-rest/compare.ts';
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

  test('still answers as it was recorded', async () => {
    const answers = await playCalls({ url: connect.url, folder: connect.folder });
    expect(JSON.parse(JSON.stringify(answers))).toEqual(recordedRestAnswers());
  });
});
