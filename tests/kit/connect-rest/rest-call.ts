/** One request of the comparison with Kafka Connect. `{folder}` in a body is a folder of the test's own. */
export interface RestCall {
  method: string;
  path: string;
  body?: unknown;
  /** As it is, not as JSON. */
  text?: string | Uint8Array;
  headers?: Readonly<Record<string, string>>;
  /** Ask again until the answer's states are these (connector, then tasks): what was asked for takes a moment. */
  until?: readonly string[];
  /** Ask again until this stands in the answer. */
  untilText?: string;
  /** Why ours is meant to be another answer, and what of it. Everything else has to be equal. */
  differs?: { reason: string; status?: number; message?: string | RegExp; body?: unknown };
}

type More = Partial<RestCall>;
const withBody =
  (method: string) =>
  (path: string, body?: unknown, more: More = {}): RestCall => ({
    method,
    path,
    ...(body === undefined ? {} : { body }),
    ...more,
  });

export const get = (path: string, more: More = {}): RestCall => ({ method: 'GET', path, ...more });
export const remove = (path: string, more: More = {}): RestCall => ({ method: 'DELETE', path, ...more });
export const put = withBody('PUT');
export const post = withBody('POST');
export const patch = withBody('PATCH');
export const running = (name: string) => get(`/connectors/${name}/status`, { until: ['RUNNING', 'RUNNING'] });

export const JSON_TYPE = { 'content-type': 'application/json' };
export const source = (extra: Record<string, unknown> = {}) => ({
  'connector.class': 'FileStreamSource',
  topic: 't',
  file: '{folder}/in.txt',
  ...extra,
});

export const BAD_REQUEST = 'what is wrong with a request is 400, not 500, and says so without Java’s inside';
export const NOT_FOUND = 'a connector that is not there is 404 for every request';

/** 400 where Connect answers 500. */
export const badRequest = (message?: string | RegExp): More => ({
  differs: { reason: BAD_REQUEST, status: 400, message: message ?? /./ },
});
