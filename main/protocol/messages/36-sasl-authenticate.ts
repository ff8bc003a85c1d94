import { api, type RequestOf, type ResponseInput, type ResponseOf } from '../schema/api.ts';
import { bytes, int16, int64, string } from '../schema/fields.ts';

export const saslAuthenticate = api({
  key: 36,
  name: 'SaslAuthenticate',
  versions: '0-2',
  flexible: '2+',
  request: {
    authBytes: bytes('0+'),
  },
  response: {
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+' }),
    authBytes: bytes('0+'),
    sessionLifetimeMs: int64('1+', { default: 0n }),
  },
  notes: {
    1: 'session lifetime (KIP-368)',
    2: 'flexible',
  },
});

export type SaslAuthenticateRequest = RequestOf<typeof saslAuthenticate>;
export type SaslAuthenticateResponse = ResponseOf<typeof saslAuthenticate>;
export type SaslAuthenticateResponseInput = ResponseInput<typeof saslAuthenticate>;
