import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { SecureContext } from 'node:tls';
import { sleep, type Time } from '../../../../common/time.ts';
import { NetworkException, SaslAuthenticationException } from '../../errors.ts';
import { type TokenSource, tokenOf } from './tokens.ts';

export interface TokenEndpointOptions {
  url: URL;
  clientId: string;
  clientSecret: string;
  scope: string | null;
  /** `sasl.oauthbearer.header.urlencode`: encode id and secret as RFC 6749 2.3.1 says */
  urlencodeHeader: boolean;
  /** ms */
  connectTimeoutMs: number;
  readTimeoutMs: number;
  retryBackoffMs: number;
  retryBackoffMaxMs: number;
  /** Whom to trust at an https address; null: the system's. */
  secureContext: SecureContext | null;
  time: Time;
}

/** Of an answer no more is kept. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * The client credentials grant (RFC 6749 4.4, KIP-768). Server errors and broken connections are tried again until
 * `sasl.login.retry.backoff.max.ms` have passed. Java: `ClientCredentialsJwtRetriever`.
 */
export function endpointTokens(options: TokenEndpointOptions): TokenSource {
  const { url, time, retryBackoffMs, retryBackoffMaxMs } = options;
  return async () => {
    const deadline = time.hiResMilliseconds() + retryBackoffMaxMs;
    for (let attempts = 0; ; attempts++) {
      try {
        return tokenOf(accessToken(await ask(options), url), `the token endpoint ${shown(url)}`);
      } catch (error) {
        const wait = Math.min(retryBackoffMs * 2 ** Math.min(attempts, 20), retryBackoffMaxMs);
        if (!(error instanceof NetworkException) || time.hiResMilliseconds() + wait >= deadline) throw error;
        await sleep(time, wait);
      }
    }
  };
}

function ask(options: TokenEndpointOptions): Promise<Buffer> {
  const { url, clientId, clientSecret, scope, urlencodeHeader, secureContext, time } = options;
  const coded = (text: string) => (urlencodeHeader ? encodeURIComponent(text) : text);
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...(scope ? { scope } : {}) }).toString();
  const credential = Buffer.from(`${coded(clientId)}:${coded(clientSecret)}`).toString('base64');
  return new Promise((resolve, reject) => {
    const timer = time.timer(options.connectTimeoutMs + options.readTimeoutMs, () => {
      request.destroy(new Error('it did not answer in time'));
    });
    const settled =
      <T>(how: (outcome: T) => void) =>
      (outcome: T) => {
        timer.cancel();
        how(outcome);
      };
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request: ClientRequest = send(
      url,
      {
        method: 'POST',
        agent: false,
        ...(secureContext ? { secureContext } : {}),
        headers: {
          Accept: 'application/json',
          Authorization: `Basic ${credential}`,
          'Cache-Control': 'no-cache',
          'Content-Type': 'application/x-www-form-urlencoded',
          'Content-Length': Buffer.byteLength(body),
        },
      },
      (response) => void collect(response, url).then(settled(resolve), settled(reject)),
    );
    request.on('error', (error) => settled(reject)(unreachable(url, error)));
    request.end(body);
  });
}

async function collect(response: IncomingMessage, url: URL): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_ANSWER_BYTES) throw new Error(`more than ${MAX_ANSWER_BYTES} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw unreachable(url, error as Error);
  }
  const status = response.statusCode ?? 0;
  if (status >= 500) throw unreachable(url, new Error(`HTTP status ${status}`));
  if (status >= 300) {
    throw new SaslAuthenticationException(
      `The token endpoint ${shown(url)} refused the client: HTTP status ${status}${reasonIn(Buffer.concat(chunks))}`,
      { key: 'sasl.jaas.config', hint: 'Check client id, client secret and scope.' },
    );
  }
  return Buffer.concat(chunks);
}

function unreachable(url: URL, cause: Error): NetworkException {
  return new NetworkException(`No token from ${shown(url)}: ${cause.message}`, {
    code: 'TOKEN_ENDPOINT',
    key: 'sasl.oauthbearer.token.endpoint.url',
    hint: 'Check sasl.oauthbearer.token.endpoint.url, and that its server runs.',
    cause,
  });
}

/** `error` and `error_description` of RFC 6749 5.2. */
function reasonIn(answer: Buffer): string {
  const { error, error_description: description } = fieldsOf(answer);
  return [error, description]
    .filter((each) => typeof each === 'string')
    .map((each) => ` (${each})`)
    .join('');
}

function accessToken(answer: Buffer, url: URL): string {
  const token = fieldsOf(answer).access_token;
  if (typeof token === 'string' && token.trim() !== '') return token.trim();
  throw new SaslAuthenticationException(`The token endpoint ${shown(url)} answered without an access_token`, {
    key: 'sasl.oauthbearer.token.endpoint.url',
  });
}

function fieldsOf(answer: Buffer): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(answer.toString());
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    // No JSON holds no fields; what is missing is told by whoever looks for it.
    return {};
  }
}

/** Without what may be secret in it. */
function shown(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}
