import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  correlationIdOf,
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeResponse,
} from '../../../../main/protocol/frames.ts';
import { APIS } from '../../../../main/protocol/messages/apis.ts';
import { messageArbitrary } from '../../../kit/message-arbitrary.ts';

const RUNS = 25;
const frame = (chunks: readonly Uint8Array[]) => {
  const all = Buffer.concat(chunks);
  expect(all.readInt32BE(0)).toBe(all.length - 4);
  return all.subarray(4);
};

describe.each(APIS.map((api) => [api.name, api] as const))('%s', (_, api) => {
  const versions = Array.from({ length: api.versions.max - api.versions.min + 1 }, (__, i) => api.versions.min + i);

  test.each(versions)('requests of version %i come back as they went in', (version) => {
    fc.assert(
      fc.property(messageArbitrary(api.request.fields, version), fc.option(fc.string()), (body, clientId) => {
        const decoded = decodeRequest(frame(encodeRequest(api, version, 17, clientId, body as never)));
        expect(decoded.header).toEqual({ apiKey: api.key, apiVersion: version, correlationId: 17, clientId });
        expect(decoded.body).toMatchObject(body);
        expect(Object.keys(decoded.body as object)).toEqual(Object.keys(api.request.fields));
      }),
      { numRuns: RUNS },
    );
  });

  test.each(versions)('responses of version %i come back as they went in', (version) => {
    fc.assert(
      fc.property(messageArbitrary(api.response.fields, version), (body) => {
        const bytes = frame(encodeResponse(api, version, -5, body as never));
        expect(correlationIdOf(bytes)).toBe(-5);
        const decoded = decodeResponse(api, version, bytes) as object;
        expect(decoded).toMatchObject(body);
        expect(Object.keys(decoded)).toEqual(Object.keys(api.response.fields));
      }),
      { numRuns: RUNS },
    );
  });
});

test('APIs are listed once each, by key', () => {
  const keys = APIS.map((api) => api.key);
  expect(keys).toEqual([...new Set(keys)].sort((a, b) => a - b));
});
