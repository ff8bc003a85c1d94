import { api, type RequestOf, type ResponseInput, type ResponseOf } from '../schema/api.ts';
import { array, bool, int16, int32, int64, string } from '../schema/fields.ts';

/**
 * What the broker speaks, asked first on every connection. The response header is always version 0, so that a client
 * whose version the broker does not know can still read the answer (KIP-511).
 */
export const apiVersions = api({
  key: 18,
  name: 'ApiVersions',
  versions: '0-4',
  flexible: '3+',
  request: {
    clientSoftwareName: string('3+'),
    clientSoftwareVersion: string('3+'),
  },
  response: {
    errorCode: int16('0+'),
    apiKeys: array('0+', {
      apiKey: int16('0+'),
      minVersion: int16('0+'),
      maxVersion: int16('0+'),
    }),
    throttleTimeMs: int32('1+', { default: 0 }),
    supportedFeatures: array(
      '3+',
      {
        name: string('0+'),
        minVersion: int16('0+'),
        maxVersion: int16('0+'),
      },
      { tag: 0 },
    ),
    finalizedFeaturesEpoch: int64('3+', { default: -1n, tag: 1 }),
    finalizedFeatures: array(
      '3+',
      {
        name: string('0+'),
        maxVersionLevel: int16('0+'),
        minVersionLevel: int16('0+'),
      },
      { tag: 2 },
    ),
    zkMigrationReady: bool('3+', { default: false, tag: 3 }),
  },
  notes: {
    1: 'throttle time',
    3: 'client name and version (KIP-511), finalized features (KIP-584)',
    4: 'features whose minimum is 0 are no longer left out (KAFKA-17011)',
  },
});

export type ApiVersionsRequest = RequestOf<typeof apiVersions>;
export type ApiVersionsResponse = ResponseOf<typeof apiVersions>;
export type ApiVersionsResponseInput = ResponseInput<typeof apiVersions>;
