import { type SaslExchange, WRONG_CREDENTIALS } from './sasl-exchange.ts';
import type { Users } from './users.ts';

/** Name and password in one message (RFC 4616): `authorization id NUL name NUL password`. Java: `PlainSaslServer`. */
export function plainExchange(users: Users): SaslExchange {
  return {
    next(message) {
      const parts = message.toString('utf8').split('\0');
      const [authorizationId, name, password] = parts;
      if (parts.length !== 3) {
        throw new Error(`Invalid SASL/PLAIN response: expected 3 tokens, got ${parts.length}`);
      }
      if (!name) throw new Error('Authentication failed: username not specified');
      if (!password) throw new Error('Authentication failed: password not specified');
      if (!users.isPassword(name, password)) throw new Error(WRONG_CREDENTIALS);
      if (authorizationId !== '' && authorizationId !== name) {
        throw new Error('Authentication failed: Client requested an authorization id that is different from username');
      }
      return { reply: Buffer.alloc(0), user: name };
    },
  };
}
