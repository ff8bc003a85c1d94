import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  isRequest,
} from '../../../main/protocol/frames.ts';
import { apiByKey, fetch, produce } from '../../../main/protocol/messages/index.ts';
import { prepareCompression } from '../../../main/protocol/records/compression/compression.ts';
import { RecordBatch, recordBatches } from '../../../main/protocol/records/record-batch.ts';
import { decodeRecords } from '../../../main/protocol/records/records.ts';

/** Bytes of kafkajs, kcat and Java's clients with Apache Kafka; `scripts/record-wire-fixtures.ts` recorded them. */
const rows = (
  JSON.parse(readFileSync(new URL('../../fixtures/protocol/wire.json', import.meta.url), 'utf8')) as {
    client: string;
    key: number;
    version: number;
    request: string;
    response: string;
  }[]
).map(({ client, key, version, request, response }) => ({
  client,
  api: apiByKey(key)!,
  version,
  request: Buffer.from(request, 'hex'),
  response: Buffer.from(response, 'hex'),
}));
const sent = (chunks: readonly Uint8Array[]) => Buffer.concat(chunks).subarray(4).toString('hex');

describe.each(rows.map((row) => [`${row.api.name} ${row.version} of ${row.client}`, row] as const))('%s', (_, row) => {
  test('is read, and written again to the same bytes', () => {
    const { header, api, body } = decodeRequest(row.request);
    expect(api).toBe(row.api);
    const request = encodeRequest(api, header.apiVersion, header.correlationId, header.clientId, body as never);
    expect(sent(request)).toBe(row.request.toString('hex'));
    const response = decodeResponse(row.api, row.version, row.response);
    expect(sent(encodeResponse(row.api, row.version, header.correlationId, response as never))).toBe(
      row.response.toString('hex'),
    );
  });
});

describe('record batches of real clients', () => {
  beforeAll(() => prepareCompression());
  const batches = (api: typeof produce | typeof fetch) =>
    rows.filter((row) => row.api.key === api.key).map((row) => [row.client, row] as const);

  test.each(batches(produce))('produced by %s are whole and hold what was sent', (client, row) => {
    const request = decodeRequest(row.request);
    if (!isRequest(request, produce)) throw new Error('not a Produce request');
    const batch = new RecordBatch(request.body.topicData[0]!.partitionData[0]!.records!);
    batch.ensureValid();
    expect(batch.bytes.length).toBe(batch.sizeInBytes);
    const values = decodeRecords(batch).map((record) => record.value?.toString() ?? null);
    const codec = /^kcat .* (none|gzip|snappy|lz4|zstd)$/.exec(client)?.[1];
    if (codec) {
      expect(batch.compression).toBe(codec);
      // librdkafka decides how many lines the first batch takes.
      expect(new Set(values)).toEqual(new Set(['a line that compresses, compresses and compresses']));
      const headers = decodeRecords(batch)[0]!.headers;
      expect(headers.map((h) => `${h.key}=${h.value}`)).toEqual(['h=1', 'h=2']);
    } else if (client.startsWith('kcat')) {
      expect(values).toEqual(['idempotent']);
      expect(batch.hasProducerId).toBe(true);
    } else if (client.startsWith('kafkajs')) {
      expect(values).toEqual(['v', null]);
      expect(batch.isTransactional).toBe(true);
    } else {
      expect(batch.compression).toBe('lz4');
      expect(values).toEqual(['one', 'two']);
    }
  });

  test.each(batches(fetch))('fetched by %s are whole', (_, row) => {
    const response = decodeResponse(fetch, row.version, row.response);
    for (const { records } of response.responses.flatMap((topic) => topic.partitions)) {
      for (const batch of recordBatches(records ?? Buffer.alloc(0))) {
        batch.ensureValid();
        expect(decodeRecords(batch)).toHaveLength(batch.recordCount);
      }
    }
  });
});
