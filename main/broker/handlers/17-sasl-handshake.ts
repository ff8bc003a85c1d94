import { Errors, saslHandshake } from '../../protocol/messages/index.ts';
import { SASL_MECHANISMS } from '../security/authenticator.ts';
import { handler } from '../server/handler.ts';

export const saslHandshakeHandler = () =>
  handler<typeof saslHandshake>({
    api: saslHandshake,
    gap: 'Version 0, whose messages have no frames, is answered and not gone on with; GSSAPI, OAUTHBEARER and delegation tokens are not served.',
    handle({ mechanism }, { authenticator }) {
      const errorCode = authenticator?.handshake(mechanism) ?? Errors.ILLEGAL_SASL_STATE;
      return { errorCode, mechanisms: errorCode === Errors.ILLEGAL_SASL_STATE ? [] : [...SASL_MECHANISMS] };
    },
  });
