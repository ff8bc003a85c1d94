import { createServer, type Server } from 'node:http';

/** What a token endpoint was asked. */
export interface TokenRequest {
  authorization: string;
  body: string;
}

/** A token endpoint on loopback that gives unsecured tokens: what Kafka's unsecured validator takes. */
export class TokenEndpoint {
  readonly #server: Server;
  readonly requests: TokenRequest[] = [];
  /** Answers that come before the tokens: an HTTP status each. */
  readonly refusals: number[] = [];
  lifetimeSeconds = 3_600;

  constructor() {
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        this.requests.push({ authorization: request.headers.authorization ?? '', body });
        const status = this.refusals.shift() ?? 200;
        response.writeHead(status, { 'Content-Type': 'application/json' });
        response.end(
          JSON.stringify(
            status === 200
              ? { access_token: this.#token(), token_type: 'Bearer' }
              : { error: 'invalid_client', error_description: 'no such client' },
          ),
        );
      });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}/token`;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #token(): string {
    const now = Date.now() / 1_000;
    const encoded = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const claims = { sub: 'alice', scope: 'kafka', iat: now, exp: now + this.lifetimeSeconds };
    return `${encoded({ alg: 'none' })}.${encoded(claims)}.`;
  }
}
