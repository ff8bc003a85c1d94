import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ProgramInput, runInProcess } from '../../kit/run-program.ts';
import { type ReceivedRequest, type ScriptedAnswer, ScriptedConnect } from '../../kit/scripted-connect.ts';

let folder: string;
let worker: ScriptedConnect;
/** What the worker has, and what it says to a request when that is something else. */
let configs: Map<string, Record<string, string>>;
let said: (request: ReceivedRequest) => ScriptedAnswer | null;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'runnel-connect-commands-'));
  configs = new Map();
  said = () => null;
  worker = await ScriptedConnect.start((request) => said(request) ?? answer(request));
});
afterEach(async () => {
  await worker.stop();
  rmSync(folder, { recursive: true, force: true });
});

const KEYS = [
  { name: 'topic', type: 'STRING' },
  { name: 'login', type: 'PASSWORD' },
  { name: 'token.name', type: 'STRING' },
];

function answer({ method, path, body }: ReceivedRequest): ScriptedAnswer {
  const [, , name = ''] = path.split('?')[0]!.split('/').map(decodeURIComponent);
  if (path === '/connectors' && method === 'GET') return { body: [...configs.keys()] };
  if (path === '/connectors') return { status: 201, body: { ...JSON.parse(body), tasks: [], type: 'source' } };
  if (path.startsWith('/connectors?')) return { body: Object.fromEntries([...configs].map(expanded)) };
  if (path.endsWith('/Plugin/config')) return { body: KEYS };
  if (path.startsWith('/connector-plugins'))
    return { status: 404, body: { error_code: 404, message: 'Unknown plugin' } };
  const config = configs.get(name);
  if (config === undefined) return { status: 404, body: { error_code: 404, message: `Connector ${name} not found` } };
  if (path.endsWith('/config')) return { body: config };
  if (path.endsWith('/status')) return { body: statusOf(name) };
  if (path.endsWith('/topics')) return { body: { [name]: { topics: [] } } };
  if (method === 'GET' && path.endsWith('/offsets')) return { body: { offsets: [] } };
  if (method === 'GET') return { body: { name, config, tasks: [], type: 'source' } };
  return { status: 204 };
}

const statusOf = (name: string) => ({
  name,
  type: 'source',
  connector: { state: 'RUNNING', worker_id: 'w:1' },
  tasks: [{ id: 0, state: name.startsWith('bad') ? 'FAILED' : 'RUNNING', worker_id: 'w:1', trace: 'x.Y: no\n\tat z' }],
});
const expanded = ([name, config]: [string, Record<string, string>]) =>
  [name, { info: { name, config, tasks: [], type: 'source' }, status: statusOf(name) }] as const;

const run = (args: readonly string[], input?: ProgramInput) =>
  runInProcess(['connect', ...args, '--url', worker.url], input);
const sent = (method: string) => worker.requests.filter((request) => request.method === method);
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe('passwords', () => {
  const config = {
    name: 'c',
    'connector.class': 'Plugin',
    topic: 't',
    login: 'hunter2',
    'token.name': 'shown',
    'db.password': 'hunter3',
    'producer.override.sasl.jaas.config': 'hunter4',
    'other.secret': '$' + '{file:/run/secrets:x}',
  };
  beforeEach(() => void configs.set('c', config));

  test.each([
    [['list', '-o', 'json']],
    [['describe', 'c']],
    [['describe', 'c', '-o', 'json']],
    [['config', 'c']],
    [['config', 'c', '-o', 'json']],
  ])('are not shown by %j: by the type that the plugin gives a key, else by its name', async (args) => {
    const { stdout } = await run(args);
    expect(stdout).not.toContain('hunter');
    expect(stdout).toContain('[hidden]');
    expect(stdout).toContain('shown');
    expect(stdout).toMatch(/\$\{file:\/run\/secrets:x\}/);
  });

  test('are shown when that is asked for', async () => {
    expect((await run(['config', 'c', '--show-secrets'])).stdout).toContain('login=hunter2\n');
  });

  test('that were not shown can be given back, and stay', async () => {
    const { stdout } = await run(['config', 'c']);
    const again = await run(['apply', file('c.properties', stdout.replace('topic=t', 'topic=u'))]);
    expect(again.stdout).toBe('c configured\n  - topic=t\n  + topic=u\n');
    expect(JSON.parse(sent('PUT')[0]!.body)).toEqual({ ...config, topic: 'u' });
    expect((await run(['apply', file('c.properties', stdout)])).stdout).toBe('c unchanged\n');
  });

  test('that change are not shown in the difference', async () => {
    const { stdout } = await run(['set', 'c', 'login=hunter9', 'db.password-']);
    expect(stdout).toBe('c configured\n  - db.password (a secret)\n  ~ login (a secret)\n');
    expect(JSON.parse(sent('PATCH')[0]!.body)).toEqual({ login: 'hunter9', 'db.password': null });
  });

  test('that nobody has can’t be kept', async () => {
    const { code, stderr } = await run(['create', '-'], { stdin: 'name=n\nconnector.class=Plugin\nlogin=[hidden]\n' });
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('The value of login is [hidden], and the worker has none to keep'),
    ]);
    expect(sent('POST')).toEqual([]);
  });
});

describe('files', () => {
  test('of a folder are all read, in both JSON forms, as a list and as properties, before anything is sent', async () => {
    file('a.json', '{"name":"a","config":{"connector.class":"Plugin","tasks.max":9007199254740993}}');
    file(
      'b.json',
      '[{"name":"b1","connector.class":"Plugin"},{"name":"b2","config":{"x":true},"initial_state":"paused"}]',
    );
    file('c.properties', 'name=c\nconnector.class=Plugin\ntext=gr\u00fc\u00df\n');
    file('notes.txt', 'no connector');
    expect((await run(['create', folder])).stdout).toBe('a created\nb1 created\nb2 created\nc created\n');
    expect(sent('POST').map(({ body }) => JSON.parse(body))).toEqual([
      { name: 'a', config: { name: 'a', 'connector.class': 'Plugin', 'tasks.max': '9007199254740993' } },
      { name: 'b1', config: { name: 'b1', 'connector.class': 'Plugin' } },
      { name: 'b2', config: { name: 'b2', x: 'true' }, initial_state: 'PAUSED' },
      { name: 'c', config: { name: 'c', 'connector.class': 'Plugin', text: 'gr\u00fc\u00df' } },
    ]);
  });

  test.each([
    ['broken.json', '{"name": ', "can't be used"],
    ['empty.json', ' \n', 'is empty'],
    ['nameless.properties', 'connector.class=Plugin\n', "missing the mandatory 'name'"],
  ])('%s stops all of it', async (name, text, sentence) => {
    file('a.properties', 'name=a\nconnector.class=Plugin\n');
    const { code, stderr } = await run(['apply', join(folder, 'a.properties'), file(name, text)]);
    expect([code, stderr]).toEqual([1, expect.stringContaining(sentence)]);
    expect(worker.requests).toEqual([]);
  });

  test('that name a connector twice, that are not there, and none at all are said', async () => {
    const a = file('a.properties', 'name=a\nconnector.class=Plugin\n');
    const b = file('b.properties', 'name=a\nconnector.class=Plugin\n');
    expect((await run(['apply', a, b])).stderr).toContain(`Connector a stands in ${a} and in ${b}`);
    expect((await run(['apply', join(folder, 'no')])).stderr).toContain('there is no such file');
    expect((await run(['apply'])).stderr).toContain('Name a file, a folder, or - for standard input');
  });

  test('one that is refused does not keep the others back, and the exit code says so', async () => {
    said = ({ method, body }) =>
      method === 'POST' && body.includes('"a"') ? { status: 400, body: { error_code: 400, message: 'no good' } } : null;
    const stdin = '[{"name":"a","connector.class":"Plugin"},{"name":"b","connector.class":"Plugin"}]';
    expect(await run(['create', '-'], { stdin })).toEqual({ code: 1, stdout: 'b created\n', stderr: 'a: no good.\n' });
  });

  test('--initial-state goes before that of the file, in small letters too', async () => {
    await run(['create', '-', '--initial-state', 'stopped'], {
      stdin: '{"name":"a","config":{},"initial_state":"PAUSED"}',
    });
    expect(JSON.parse(sent('POST')[0]!.body).initial_state).toBe('STOPPED');
    const { code, stderr } = await run(['create', '-', '--initial-state', 'x'], { stdin: '{"name":"a"}' });
    expect([code, stderr]).toEqual([1, expect.stringContaining('There are RUNNING, PAUSED, STOPPED')]);
  });
});

describe('names', () => {
  beforeEach(() => {
    for (const name of ['bad one', 'tweets-a', 'tweets-b', 'a/b%?'])
      configs.set(name, { 'connector.class': 'x.y.Plugin' });
  });

  test('anything in a name reaches the worker as it is', async () => {
    expect((await run(['pause', 'a/b%?'])).stdout).toBe('a/b%? pausing\n');
    expect(sent('PUT').map(({ path }) => path)).toEqual(['/connectors/a%2Fb%25%3F/pause']);
  });

  test('--state finds connectors by their tasks as well', async () => {
    expect((await run(['list', '--state', 'failed', '-o', 'name'])).stdout).toBe('bad one\n');
    expect((await run(['list', '--state', 'FAILED,RUNNING', '-o', 'name', 'tweets-*'])).stdout).toBe(
      'tweets-a\ntweets-b\n',
    );
    expect((await run(['list', '--state', 'SLEEPING'])).stderr).toContain('SLEEPING is no state: there are UNASSIGNED');
  });

  test('a pattern asks first, and takes only yes for a yes', async () => {
    expect(await run(['stop', 'tweets-*'], { answers: ['no'] })).toMatchObject({ code: 1, stdout: '' });
    expect(await run(['stop', 'tweets-*'], { answers: [null] })).toMatchObject({ code: 1, stdout: '' });
    expect(sent('PUT')).toEqual([]);
    expect(await run(['stop', 'tweets-*'], { answers: ['YES'] })).toMatchObject({
      code: 0,
      stdout: 'tweets-a stopping\ntweets-b stopping\n',
    });
  });

  test('a pattern that fits none does nothing at all', async () => {
    const { code, stderr } = await run(['delete', 'tweets-a', 'x*', '--yes']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('No connector fits x*')]);
    expect(sent('DELETE')).toEqual([]);
  });

  test('what a name holds is shown and not obeyed, and colours are for terminals only', async () => {
    configs.set('\u001b[2Jred', { 'connector.class': 'Plugin' });
    const plain = (await run(['list', '\u001b*'])).stdout;
    expect(plain).toContain('\\u001b[2Jred  source');
    const coloured = (await run(['list', 'tweets-a'], { interactive: true })).stdout;
    expect(coloured).toContain('\u001b[32mRUNNING\u001b[0m');
    expect((await run(['list', 'tweets-a'], { interactive: true, env: { NO_COLOR: '1' } })).stdout).not.toContain(
      '\u001b',
    );
  });
});

describe('offsets', () => {
  const big =
    '{"offsets":[{"partition":{"kafka_topic":"t","kafka_partition":0},"offset":{"kafka_offset":9223372036854775807}}]}';
  beforeEach(() => {
    configs.set('sink', {});
    said = ({ method, path }) => {
      if (path.endsWith('/status'))
        return { body: { ...statusOf('sink'), connector: { state: 'STOPPED', worker_id: 'w' }, tasks: [] } };
      if (method === 'GET' && path.endsWith('/offsets')) return { body: big };
      return path.endsWith('/offsets') ? { body: { message: 'done' } } : null;
    };
  });

  test('are exact to the last digit, both ways', async () => {
    expect((await run(['offsets', 'get', 'sink'])).stdout).toBe(
      'TOPIC  PARTITION  OFFSET\nt      0          9223372036854775807\n',
    );
    const { stdout } = await run(['offsets', 'get', 'sink', '-o', 'json']);
    expect(stdout).toContain('"kafka_offset": 9223372036854775807');
    await run(['offsets', 'set', 'sink', '-f', '-'], { stdin: stdout });
    expect(sent('PATCH')[0]!.body).toBe(big);
    await run(['offsets', 'set', 'sink', 't:0=9223372036854775807']);
    expect(sent('PATCH')[1]!.body).toBe(big);
  });

  test('of a source are written as they are shown, whatever stands in them', async () => {
    await run([
      'offsets',
      'set',
      'sink',
      '{"file":"a=b={}"}={"position":1.0,"x":9007199254740993}',
      '{"file":"c"}=null',
    ]);
    expect(sent('PATCH')[0]!.body).toBe(
      '{"offsets":[{"partition":{"file":"a=b={}"},"offset":{"position":1.0,"x":9007199254740993}},{"partition":{"file":"c"},"offset":null}]}',
    );
  });

  test.each([['t=1'], ['t:x=1'], ['t:0=-1'], ['{"a":1}'], ['{"a":1}=[1]'], ['{"a":1}={"b":']])(
    '%s is no offset',
    async (argument) => {
      expect((await run(['offsets', 'set', 'sink', argument])).stderr).toContain(`${argument} is no offset: write`);
      expect(worker.requests).toEqual([]);
    },
  );

  test('a connector that is stopped for it goes on afterwards, also when the change is refused', async () => {
    const states = ['RUNNING', 'STOPPED'];
    said = ({ method, path }) => {
      if (path.endsWith('/status'))
        return { body: { ...statusOf('sink'), connector: { state: states.shift(), worker_id: 'w' }, tasks: [] } };
      return method === 'PATCH' ? { status: 500, body: { error_code: 500, message: 'refused' } } : null;
    };
    const { code, stderr } = await run(['offsets', 'set', 'sink', '--stop', 't:0=1']);
    expect([code, stderr]).toEqual([1, 'sink is RUNNING: stopping it; afterwards it is resumed\nrefused.\n']);
    expect(sent('PUT').map(({ path }) => path)).toEqual(['/connectors/sink/stop', '/connectors/sink/resume']);
  });
});

describe('edit', () => {
  const editor = (script: string) => {
    const path = file('editor.sh', `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o700);
    return { env: { EDITOR: path } };
  };
  beforeEach(() => void configs.set('c', { name: 'c', 'connector.class': 'Plugin', topic: 't', login: 'hunter2' }));

  test('what the editor changed is sent, and only that is shown', async () => {
    const { stdout } = await run(['edit', 'c'], editor('sed -i s/topic=t/topic=u/ "$1"'));
    expect(stdout).toBe('c configured\n  - topic=t\n  + topic=u\n');
    expect(JSON.parse(sent('PUT')[0]!.body)).toEqual({
      name: 'c',
      'connector.class': 'Plugin',
      topic: 'u',
      login: 'hunter2',
    });
  });

  test('nothing is sent when nothing was changed, or the editor failed', async () => {
    expect((await run(['edit', 'c'], editor('true'))).stdout).toBe('c unchanged\n');
    expect(await run(['edit', 'c'], editor('exit 3'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ended with 3'),
    });
    expect(sent('PUT')).toEqual([]);
  });

  test('what was written is kept when the worker refuses it', async () => {
    said = ({ method }) => (method === 'PUT' ? { status: 400, body: { error_code: 400, message: 'no good' } } : null);
    const { stderr } = await run(['edit', 'c'], editor('echo more=1 >> "$1"'));
    const kept = /What you wrote is kept in (.*)\n/.exec(stderr)?.[1] as string;
    expect(readFileSync(kept, 'utf8')).toContain('login=[hidden]\nname=c\ntopic=t\nmore=1\n');
    rmSync(kept);
  });
});

test('health that is not well is an answer, and exit code 1', async () => {
  said = () => ({ status: 503, body: { status: 'unhealthy', message: 'Worker was unable to handle this request.' } });
  expect(await run(['health'])).toEqual({
    code: 1,
    stdout: 'unhealthy: Worker was unable to handle this request.\n',
    stderr: '',
  });
});

test('an older worker without PATCH gets the whole configuration', async () => {
  configs.set('c', { name: 'c', topic: 't' });
  said = ({ method }) =>
    method === 'PATCH' ? { status: 405, body: { error_code: 405, message: 'HTTP 405 Method Not Allowed' } } : null;
  await run(['set', 'c', 'topic=u']);
  expect(JSON.parse(sent('PUT')[0]!.body)).toEqual({ name: 'c', topic: 'u' });
});
