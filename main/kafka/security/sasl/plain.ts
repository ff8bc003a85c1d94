import type { SaslExchange, SaslMechanism } from './mechanism.ts';

/** RFC 4616. The password crosses the connection as it is. */
export class Plain implements SaslMechanism {
  readonly name = 'PLAIN';
  readonly #message: Buffer;

  constructor(username: string, password: string) {
    this.#message = Buffer.from(`\0${username}\0${password}`);
  }

  async begin(): Promise<SaslExchange> {
    return { initial: this.#message, isComplete: true, next: async () => null };
  }
}
