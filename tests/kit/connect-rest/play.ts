import { REST_CALLS, type RestCall } from './calls.ts';

/** An answer without what depends on the machine or the moment. */
export interface RestAnswer {
  status: number;
  location?: string;
  /** Parsed where it is JSON. */
  body?: unknown;
}

export interface RestPeer {
  url: string;
  /** For `{folder}`. */
  folder: string;
  fetch: (url: string, init: RequestInit) => Promise<Response>;
}

/** Plays every call and gives the answers, normalised so that two workers can be compared. */
export async function playCalls(peer: RestPeer): Promise<RestAnswer[]> {
  const answers: RestAnswer[] = [];
  for (const call of REST_CALLS) answers.push(await play(peer, call));
  return answers;
}

const PATIENCE_MS = 20_000;

async function play(peer: RestPeer, call: RestCall): Promise<RestAnswer> {
  const start = performance.now();
  for (;;) {
    const answer = await ask(peer, call);
    if (call.until === undefined || statesOf(answer.body).join() === call.until.join()) return answer;
    if (performance.now() - start > PATIENCE_MS)
      throw new Error(`${call.method} ${call.path} never was ${call.until.join()}: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function ask(peer: RestPeer, call: RestCall): Promise<RestAnswer> {
  const body = call.text ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
  const response = await peer.fetch(peer.url + call.path, {
    method: call.method,
    headers: { ...(call.body === undefined ? {} : { 'content-type': 'application/json' }), ...call.headers },
    ...(body === undefined ? {} : { body: body.replaceAll('{folder}', peer.folder) }),
  });
  const text = await response.text();
  const location = response.headers.get('location');
  return {
    status: response.status,
    ...(location === null ? {} : { location: normalText(location, peer) }),
    ...(text === '' ? {} : { body: normal(JSON.parse(normalText(text, peer))) }),
  };
}

function normalText(text: string, { url, folder }: RestPeer): string {
  return text.replaceAll(url, '<url>').replaceAll(new URL(url).host, '<worker>').replaceAll(folder, '<folder>');
}

/** Versions, ids and documentation are each side's own; what Java's hash order shuffles is sorted. */
function normal(value: unknown, key = ''): unknown {
  if (key === 'kafka_cluster_id') return '<id>';
  if (key === 'commit') return '<commit>';
  if (key === 'documentation') return '<text>';
  if (key === 'groups' && Array.isArray(value)) return [...value].sort();
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
