import { type SaslExchange, WRONG_CREDENTIALS } from './sasl-exchange.ts';
import type { Users } from './users.ts';

/** Name and password in one message (RFC 4616): `authorization id NUL name NUL password`. Java: `PlainSaslServer`. */
export function plainExchange(users: Users): SaslExchange {
  return {
    next(message) {
      const parts = message.toString('utf8').split('\0');
      const [authorizationId, name, password] = parts;
      if (parts.length !== 3 || !name || !password) {
        throw new Error('Invalid SASL/PLAIN response: expected authorization id, name and password');
      }
      const isOther = authorizationId !== '' && authorizationId !== name;
      if (isOther || !users.isPassword(name, password)) throw new Error(WRONG_CREDENTIALS);
      return { reply: Buffer.alloc(0), user: name };
    },
  };
}
