import { execFile } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const JSON_TYPE = ['-H', 'Content-Type: application/json'];

interface Step {
  args: (url: string, folder: string) => string[];
  /** curl is run again until this is in what it prints. */
  until?: string;
}

const step = (method: string, path: string, more: { data?: unknown; until?: string } = {}): Step => ({
  args: (url, folder) => [
    ...(method === 'GET' ? [] : ['-X', method]),
    ...(more.data === undefined
      ? []
      : [...JSON_TYPE, '--data', JSON.stringify(more.data).replaceAll('{folder}', folder)]),
    `${url}${path}`,
  ],
  ...(more.until === undefined ? {} : { until: more.until }),
});

const SOURCE = {
  name: 'local-file-source',
  config: {
    'connector.class': 'FileStreamSource',
    'tasks.max': '1',
    file: '{folder}/test.txt',
    topic: 'connect-test',
  },
};
const SINK = {
  'connector.class': 'FileStreamSinkConnector',
  'tasks.max': '1',
  file: '{folder}/test.sink.txt',
  topics: 'connect-test',
};

/** The file connectors of Kafka's quick start, made, looked at, paused, stopped, set back and deleted. */
const SESSION: readonly Step[] = [
  step('GET', '/'),
  step('GET', '/connector-plugins/FileStreamSource/config'),
  step('GET', '/connectors'),
  step('POST', '/connectors', { data: SOURCE }),
  step('POST', '/connectors', { data: SOURCE }),
  step('PUT', '/connectors/local-file-sink/config', { data: SINK }),
  step('GET', '/connectors/local-file-source/status', { until: '"tasks":[{"id":0,"state":"RUNNING"' }),
  step('GET', '/connectors/local-file-sink/status', { until: '"tasks":[{"id":0,"state":"RUNNING"' }),
  step('GET', '/connectors/local-file-sink/offsets', { until: '"kafka_offset":2' }),
  step('GET', '/connectors/local-file-sink/topics', { until: 'connect-test' }),
  step('GET', '/connectors/local-file-source'),
  step('GET', '/connectors/local-file-source/config'),
  step('GET', '/connectors/local-file-source/tasks'),
  step('PUT', '/connectors/local-file-sink/pause'),
  step('GET', '/connectors/local-file-sink/status', { until: '"tasks":[{"id":0,"state":"PAUSED"' }),
  step('PUT', '/connectors/local-file-sink/resume'),
  step('GET', '/connectors/local-file-sink/status', { until: '"tasks":[{"id":0,"state":"RUNNING"' }),
  step('POST', '/connectors/local-file-sink/restart?includeTasks=true'),
  step('GET', '/connectors/local-file-sink/status', { until: '"tasks":[{"id":0,"state":"RUNNING"' }),
  step('PUT', '/connectors/local-file-sink/stop'),
  step('GET', '/connectors/local-file-sink/status', { until: '"tasks":[]' }),
  step('PATCH', '/connectors/local-file-sink/offsets', {
    data: {
      offsets: [{ partition: { kafka_topic: 'connect-test', kafka_partition: 0 }, offset: { kafka_offset: 1 } }],
    },
  }),
  step('GET', '/connectors/local-file-sink/offsets'),
  step('DELETE', '/connectors/local-file-sink/offsets'),
  step('GET', '/connectors/local-file-sink/offsets'),
  step('PATCH', '/connectors/local-file-sink/config', { data: { 'tasks.max': '2' } }),
  step('GET', '/admin/loggers/root'),
  step('DELETE', '/connectors/local-file-sink'),
  step('DELETE', '/connectors/local-file-source'),
  step('GET', '/connectors/local-file-source/status'),
  step('GET', '/connectors'),
];

const OPTIONS = ['-sS', '--max-time', '20', '-w', ' %{http_code}'];
const PATIENCE_MS = 20_000;

/** Runs curl for each step, with a topic of its own, and gives what it printed, with the status behind it, each worker's own things taken out. */
export async function curlSession(url: string, folder: string, topic: string): Promise<string[]> {
  writeFileSync(join(folder, 'test.txt'), 'foo\n');
  appendFileSync(join(folder, 'test.txt'), 'bar\n');
  const printed: string[] = [];
  for (const { args, until } of SESSION) {
    const start = performance.now();
    for (;;) {
      // The worker that it asks may be in this process.
      const { stdout: text } = await promisify(execFile)('curl', [
        ...OPTIONS,
        ...args(url, folder).map((it) => it.replaceAll('connect-test', topic)),
      ]);
      if (until === undefined || inOneOrder(text).replaceAll(topic, 'connect-test').includes(until)) {
        printed.push(
          `${args('', '{folder}').join(' ')}: ${plain(text, url, folder).replaceAll(topic, 'connect-test')}`,
        );
        break;
      }
      if (performance.now() - start > PATIENCE_MS) throw new Error(`Never ${until}: ${text}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return printed;
}

function plain(text: string, url: string, folder: string): string {
  return inOneOrder(text)
    .replaceAll(folder, '{folder}')
    .replaceAll(new URL(url).host, '<worker>')
    .replace(/"(commit|kafka_cluster_id|documentation)":(?:null|"(?:[^"\\]|\\.)*")/g, '"$1":…')
    .replace(/"(version)":"\d+\.\d+\.\d+"/g, '"$1":…');
}

const FIRST = ['id', 'state'];

/** JSON with its names in one order; what stands behind it stays. */
function inOneOrder(text: string): string {
  const end = text.lastIndexOf(' ');
  const body = text.slice(0, end);
  if (body === '') return text.slice(end);
  return (
    JSON.stringify(JSON.parse(body), (_, value) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
      const rank = (name: string) => (FIRST.includes(name) ? `0${name}` : `1${name}`);
      return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1)));
    }) + text.slice(end)
  );
}
