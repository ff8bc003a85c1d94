import { api, type RequestOf, type ResponseInput, type ResponseOf } from '../schema/api.ts';
import { array, bool, int8, int16, int32, string } from '../schema/fields.ts';

/** Resource types: 2 topic, 4 broker, 8 broker logger, 16 client metrics, 32 group. */
export const describeConfigs = api({
  key: 32,
  name: 'DescribeConfigs',
  versions: '1-4',
  flexible: '4+',
  request: {
    resources: array('0+', {
      resourceType: int8('0+'),
      resourceName: string('0+'),
      configurationKeys: array('0+', 'string', { nullable: '0+' }),
    }),
    includeSynonyms: bool('0+', { default: false }),
    includeDocumentation: bool('3+', { default: false }),
  },
  response: {
    throttleTimeMs: int32('0+', { default: 0 }),
    results: array('0+', {
      errorCode: int16('0+'),
      errorMessage: string('0+', { nullable: '0+' }),
      resourceType: int8('0+'),
      resourceName: string('0+'),
      configs: array('0+', {
        name: string('0+'),
        value: string('0+', { nullable: '0+' }),
        readOnly: bool('0+'),
        configSource: int8('0+', { default: -1 }),
        isSensitive: bool('0+'),
        synonyms: array('0+', {
          name: string('0+'),
          value: string('0+', { nullable: '0+' }),
          source: int8('0+'),
        }),
        configType: int8('3+', { default: 0 }),
        documentation: string('3+', { nullable: '0+' }),
      }),
    }),
  },
  notes: {
    1: 'source and synonyms (KIP-226)',
    3: 'type and documentation (KIP-569)',
    4: 'flexible',
  },
});

export type DescribeConfigsRequest = RequestOf<typeof describeConfigs>;
export type DescribeConfigsResponse = ResponseOf<typeof describeConfigs>;
export type DescribeConfigsResponseInput = ResponseInput<typeof describeConfigs>;
