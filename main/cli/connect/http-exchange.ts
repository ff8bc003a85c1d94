import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Time } from '../../../common/time.ts';
import { Interrupted } from '../command-context.ts';

export interface HttpRequest {
  method: string;
  url: URL;
  headers: Readonly<Record<string, string>>;
  body: string | null;
}

export interface HttpAnswer {
  status: number;
  contentType: string;
  server: string;
  text: string;
}

export interface HttpSettings {
  tls: { ca?: string; cert?: string; key?: string };
  /** From the first byte sent to the last one read. */
  timeoutMs: number;
  time: Time;
  signal: AbortSignal;
}

/** No answer of Connect comes near it. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;

/** One request, one answer; no redirect is followed. Rejects with Node's error, code ETIMEDOUT when
 * time is up; with Interrupted at Ctrl-C. */
export function exchange(
  { method, url, headers, body }: HttpRequest,
  { tls, timeoutMs, time, signal }: HttpSettings,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const bytes = body === null ? null : Buffer.from(body);
    const options = { method, headers: bytes === null ? headers : { ...headers, 'content-length': bytes.length } };
    const sent: ClientRequest =
      url.protocol === 'https:'
        ? httpsRequest(url, { ...options, ...tls, agent: false })
        : httpRequest(url, { ...options, agent: false });
    const abort = () => sent.destroy(new Interrupted());
    const timer = time.timer(timeoutMs, () =>
      sent.destroy(Object.assign(new Error('time is up'), { code: 'ETIMEDOUT' })),
    );
    const done = () => {
      timer.cancel();
      signal.removeEventListener('abort', abort);
    };
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    sent.on('error', (error) => {
      done();
      reject(error);
    });
    sent.on('response', (response) => {
      readAll(response, sent).then(
        (text) => {
          done();
          resolve({
            status: response.statusCode ?? 0,
            contentType: response.headers['content-type'] ?? '',
            server: String(response.headers.server ?? ''),
            text,
          });
        },
        (error) => {
          done();
          reject(error);
        },
      );
    });
    sent.end(bytes ?? undefined);
  });
}

async function readAll(response: IncomingMessage, sent: ClientRequest): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) {
      sent.destroy();
      throw new Error(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
