import { sleep, type Time } from '../../../common/time.ts';
import { Errors, saslAuthenticate } from '../../protocol/messages/index.ts';
import { handler } from '../server/handler.ts';

/** Who guesses passwords waits (Kafka: `connection.failed.authentication.delay.ms`). */
const FAILURE_DELAY_MS = 100;

export const saslAuthenticateHandler = (time: Time) =>
  handler<typeof saslAuthenticate>({
    api: saslAuthenticate,
    gap: 'Sessions have no end: nobody is asked to authenticate again (KIP-368).',
    async handle({ authBytes }, { authenticator }) {
      if (!authenticator) {
        const errorMessage = 'This listener asks nobody to authenticate';
        return { errorCode: Errors.ILLEGAL_SASL_STATE, errorMessage, authBytes: Buffer.alloc(0) };
      }
      const answer = authenticator.authenticate(authBytes);
      if (authenticator.hasFailed) await sleep(time, FAILURE_DELAY_MS);
      return answer;
    },
  });
