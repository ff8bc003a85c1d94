import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { REST_CALLS } from './calls.ts';
import type { RestCall } from './rest-call.ts';

/** An answer without what depends on the machine or the moment. */
export interface RestAnswer {
  status: number;
  /** The media type, without its parameters. */
  type?: string;
  location?: string;
  /** Parsed where it is JSON; `<html>` for a page of an HTTP server. */
  body?: unknown;
}

const STRING = 'org.apache.kafka.connect.storage.StringConverter';

/** The settings of the workers that are asked. */
export const REST_WORKER: Readonly<Record<string, string>> = {
  'key.converter': STRING,
  'value.converter': STRING,
  'offset.flush.interval.ms': '100',
};

export interface RestPeer {
  url: string;
  /** For `{folder}`. */
  folder: string;
  /** Gets each answer as it came. */
  seen?: (call: RestCall, status: number, body: string) => void;
}

/** Plays every call and gives the answers, normalised so that two workers can be compared. */
export async function playCalls(peer: RestPeer): Promise<RestAnswer[]> {
  writeFileSync(join(peer.folder, 'in.txt'), '');
  writeFileSync(join(peer.folder, 'lines.txt'), 'one\ntwo\n');
  writeFileSync(join(peer.folder, 'bad.txt'), 'no number\n');
  const answers: RestAnswer[] = [];
  for (const call of REST_CALLS) answers.push(await play(peer, call));
  return answers;
}

const PATIENCE_MS = 20_000;

async function play(peer: RestPeer, call: RestCall): Promise<RestAnswer> {
  const start = performance.now();
  const { until, untilText } = call;
  for (;;) {
    const answer = await ask(peer, call);
    const isThere =
      (until === undefined || statesOf(answer.body).join() === until.join()) &&
      (untilText === undefined || JSON.stringify(answer.body).includes(untilText));
    if (isThere) return answer;
    if (performance.now() - start > PATIENCE_MS)
      throw new Error(`${call.method} ${call.path} never was ${until?.join() ?? untilText}: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function ask(peer: RestPeer, call: RestCall): Promise<RestAnswer> {
  const text = call.text ?? (call.body === undefined ? '' : JSON.stringify(call.body));
  const body = typeof text === 'string' ? Buffer.from(text.replaceAll('{folder}', peer.folder)) : inFolder(text, peer);
  const { hostname, port } = new URL(peer.url);
  return new Promise((resolve, reject) => {
    // As it stands: `fetch` would tidy the path up, and say that a text is a text.
    const sent = request({
      hostname,
      port,
      method: call.method,
      path: call.path,
      agent: false,
      headers: {
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(body.length > 0 ? { 'content-length': body.length } : {}),
        ...call.headers,
      },
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const received = Buffer.concat(chunks).toString();
        peer.seen?.(call, response.statusCode ?? 0, received);
        const { location, 'content-type': type } = response.headers;
        resolve({
          status: response.statusCode ?? 0,
          ...(type === undefined ? {} : { type: (type.split(';')[0] as string).trim() }),
          ...(location === undefined ? {} : { location: normalText(location, peer) }),
          ...(received === '' ? {} : { body: bodyOf(received, peer) }),
        });
      });
    });
    sent.end(body);
  });
}

function inFolder(text: Uint8Array, peer: RestPeer): Buffer {
  const utf16 = text[0] === 0xff && text[1] === 0xfe;
  const encoding = utf16 ? 'utf16le' : 'latin1';
  return Buffer.from(Buffer.from(text).toString(encoding).replaceAll('{folder}', peer.folder), encoding);
}

function bodyOf(text: string, peer: RestPeer): unknown {
  if (text.startsWith('<html>')) return '<html>';
  return normal(JSON.parse(normalText(text, peer)));
}

function normalText(text: string, { url, folder }: RestPeer): string {
  return text.replaceAll(url, '<url>').replaceAll(new URL(url).host, '<worker>').replaceAll(folder, '<folder>');
}

/** Versions, ids, times, frames and documentation are each side's own; what Java's hash order shuffles is sorted. */
function normal(value: unknown, key = ''): unknown {
  if (key === 'kafka_cluster_id') return '<id>';
  if (key === 'commit') return '<commit>';
  if (key === 'documentation') return '<text>';
  if (key === 'trace') return String(value).split('\n')[0];
  if (key === 'last_modified' && value !== null) return '<time>';
  if (key === 'groups' && Array.isArray(value)) return [...value].sort();
  if (key === 'offsets' && Array.isArray(value))
    return value.map((item) => normal(item)).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (Array.isArray(value)) return value.map((item) => normal(item));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .map(([name, item]): [string, unknown] => [name, normal(item, name)])
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  }
  if (typeof value !== 'string') return value;
  return value
    .replace(/available connectors are: .*/, 'available connectors are: …')
    .replace(/^\d+\.\d+\.\d+$/, '<version>');
}

function statesOf(body: unknown): string[] {
  const status = body as { connector?: { state: string }; tasks?: { state: string }[] } | undefined;
  return [status?.connector?.state ?? '', ...(status?.tasks ?? []).map((task) => task.state)];
}
