/** One request of the comparison with Kafka Connect. `{folder}` in a body is a folder of the test's own. */
export interface RestCall {
  method: string;
  path: string;
  body?: unknown;
  /** As it is, not as JSON. */
  text?: string;
  headers?: Readonly<Record<string, string>>;
  /** Ask again until the answer's states are these (connector, then tasks): what was asked for takes a moment. */
  until?: readonly string[];
  /** Why ours is meant to be another answer, and what of it. Everything else has to be equal. */
  differs?: { reason: string; status?: number; message?: string | RegExp; body?: unknown };
}

const JSON_TYPE = { 'content-type': 'application/json' };
const source = (extra: Record<string, unknown> = {}) => ({
  'connector.class': 'FileStreamSource',
  topic: 't',
  file: '{folder}/in.txt',
  ...extra,
});

const get = (path: string, more: Partial<RestCall> = {}): RestCall => ({ method: 'GET', path, ...more });
const put = (path: string, body?: unknown, more: Partial<RestCall> = {}): RestCall => ({
  method: 'PUT',
  path,
  ...(body === undefined ? {} : { body }),
  ...more,
});
const post = (path: string, body?: unknown, more: Partial<RestCall> = {}): RestCall => ({
  method: 'POST',
  path,
  ...(body === undefined ? {} : { body }),
  ...more,
});
const patch = (path: string, body: unknown, more: Partial<RestCall> = {}): RestCall => ({
  method: 'PATCH',
  path,
  body,
  ...more,
});
const remove = (path: string, more: Partial<RestCall> = {}): RestCall => ({ method: 'DELETE', path, ...more });
const running = (name: string) => get(`/connectors/${name}/status`, { until: ['RUNNING', 'RUNNING'] });

const BAD_REQUEST = 'what is wrong with a request is 400, not 500, and says so without Java’s inside';
const NOT_FOUND = 'a connector that is not there is 404 for every request';

/** Played one after another against a worker without connectors. */
export const REST_CALLS: readonly RestCall[] = [
  get('/', { differs: { reason: 'the commit is ours', body: { version: '<version>', kafka_cluster_id: '<id>' } } }),
  get('/health'),
  get('/connectors'),
  get('/connectors/'),
  get('/nope'),
  get('/connectors/a/nope'),
  put('/connectors'),
  remove('/connectors'),
  get('/connectors', { headers: { accept: 'text/xml' } }),
  get('/connectors', { headers: { accept: 'text/html,application/json;q=0.9' } }),

  post('/connectors', { name: 'a', config: {} }),
  post('/connectors', { name: 'a', config: { 'connector.class': 'Nope' } }),
  post('/connectors', { name: 'a', config: { 'connector.class': 'FileStreamSource' } }),
  post('/connectors', { name: 'a', config: source({ 'tasks.max': 'abc' }) }),
  post('/connectors', { name: 'a', config: source({ 'tasks.max': '0' }) }),
  post('/connectors', { name: 'a', config: { 'connector.class': 'FileStreamSink', file: '{folder}/out.txt' } }),
  post('/connectors', {
    name: 'a',
    config: { 'connector.class': 'FileStreamSink', topics: 't', 'topics.regex': 't.*', file: '{folder}/out.txt' },
  }),
  post('/connectors', {
    name: 'a',
    config: {
      'connector.class': 'FileStreamSink',
      topics: 't',
      file: '{folder}/out.txt',
      'errors.deadletterqueue.topic.name': 't',
    },
  }),
  post('/connectors', { name: 'a', config: source({ transforms: 'x' }) }),
  post('/connectors', { name: 'a', config: source({ transforms: 'x', 'transforms.x.type': 'Nope' }) }),
  post('/connectors', {
    name: 'a',
    config: source({ transforms: 'x', 'transforms.x.type': 'org.apache.kafka.connect.transforms.HoistField$Value' }),
  }),
  post('/connectors', { name: 'a', config: source({ 'value.converter': 'Nope' }) }),
  post('/connectors', {
    name: 'a',
    config: source({
      'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
      'value.converter.schemas.enable': 'maybe',
    }),
  }),
  post('/connectors', { name: 'a', config: source({ 'errors.tolerance': 'some' }) }),
  post('/connectors', { name: '', config: source() }),
  post('/connectors', { name: 'a\u0007', config: source() }),
  post('/connectors', { config: source({ name: 'a' }) }),
  post('/connectors', { name: 'a', config: source({ name: 'b' }) }),
  post('/connectors', { name: 'a', config: source({ x: null }) }),
  post(
    '/connectors',
    { name: 'a' },
    { differs: { reason: BAD_REQUEST, status: 400, message: 'The request has no config' } },
  ),
  post(
    '/connectors',
    { name: 'a', config: source({ x: {} }) },
    {
      differs: { reason: BAD_REQUEST, status: 400, message: 'The value of x must be text, not an object' },
    },
  ),
  post(
    '/connectors',
    { name: 'a', foo: 1 },
    {
      differs: { reason: BAD_REQUEST, status: 400, message: /^Unrecognized field "foo"/ },
    },
  ),
  post(
    '/connectors',
    { name: 'a', initial_state: 'x', config: source() },
    {
      differs: { reason: BAD_REQUEST, status: 400, message: /^initial_state x is unknown/ },
    },
  ),
  post('/connectors', undefined, {
    text: '{',
    headers: JSON_TYPE,
    differs: { reason: BAD_REQUEST, status: 400, message: /^The request body is no valid JSON/ },
  }),
  post('/connectors', [], { differs: { reason: BAD_REQUEST, status: 400, message: /must be a JSON object/ } }),
  post('/connectors', undefined, {
    text: '',
    headers: JSON_TYPE,
    differs: { reason: BAD_REQUEST, status: 400, message: 'The request body is empty' },
  }),
  post('/connectors', undefined, {
    text: 'null',
    headers: JSON_TYPE,
    differs: { reason: BAD_REQUEST, status: 400, message: 'The request body is empty' },
  }),
  post('/connectors', undefined, { text: '{}', headers: { 'content-type': 'text/plain' } }),

  post('/connectors', { name: ' a ', config: source({ n: 1, d: 1.5, b: true, s: 'x' }) }),
  running('a'),
  post('/connectors', { name: 'a', config: source() }),
  post('/connectors', { name: 'a', config: { 'connector.class': 'FileStreamSource' } }),
  get('/connectors'),
  get('/connectors/a'),
  get('/connectors/a/'),
  get('/connectors/a/config'),
  get('/connectors/a/tasks'),
  get('/connectors/a/tasks/0/status'),
  get('/connectors/a/tasks/7/status'),
  get('/connectors/a/tasks/x/status'),
  get('/connectors/a/topics'),
  get('/connectors/a/offsets'),
  get('/connectors?expand=info'),
  get('/connectors?expand=info&expand=status'),
  get('/connectors?expand=x'),
  get('/connectors?expand='),
  get('/connectors?expand=info,status'),

  put('/connectors/a/pause'),
  get('/connectors/a/status', { until: ['PAUSED', 'PAUSED'] }),
  put('/connectors/a/pause'),
  put('/connectors/a/resume'),
  running('a'),
  put('/connectors/a/stop'),
  get('/connectors/a/status', { until: ['STOPPED'] }),
  get('/connectors/a'),
  put('/connectors/a/pause'),
  get('/connectors/a/status', { until: ['PAUSED'] }),
  put('/connectors/a/resume'),
  running('a'),
  post('/connectors/a/restart'),
  running('a'),
  post('/connectors/a/restart?includeTasks=true'),
  running('a'),
  post('/connectors/a/restart?onlyFailed=true'),
  post('/connectors/a/restart?includeTasks=true&onlyFailed=true'),
  post('/connectors/a/restart?includeTasks=yes'),
  running('a'),
  post('/connectors/a/tasks/0/restart'),
  running('a'),
  post('/connectors/a/tasks/x/restart'),

  get('/connectors/none'),
  get('/connectors/none/config'),
  get('/connectors/none/status'),
  get('/connectors/none/tasks'),
  get('/connectors/none/tasks/0/status'),
  get('/connectors/none/offsets'),
  get('/connectors/none/topics'),
  put('/connectors/none/pause'),
  put('/connectors/none/resume'),
  put('/connectors/none/stop', undefined, {
    differs: { reason: NOT_FOUND, status: 404, message: 'Unknown connector none' },
  }),
  post('/connectors/none/restart', undefined, {
    differs: { reason: NOT_FOUND, status: 404, message: 'Connector none not found' },
  }),
  post('/connectors/none/restart?includeTasks=true'),
  post('/connectors/none/tasks/0/restart', undefined, {
    differs: { reason: NOT_FOUND, status: 404, message: 'Connector none not found' },
  }),
  remove('/connectors/none'),
  remove('/connectors/none/offsets'),
  patch('/connectors/none/config', { topic: 'x' }),
  put('/connectors/none/topics/reset'),

  remove('/connectors/a/offsets'),
  patch('/connectors/a/offsets', { offsets: [] }),
  patch('/connectors/a/offsets', {
    offsets: [{ partition: { filename: '{folder}/in.txt' }, offset: { position: 5 } }],
  }),
  put('/connectors/a/stop'),
  get('/connectors/a/status', { until: ['STOPPED'] }),
  patch('/connectors/a/offsets', {
    offsets: [{ partition: { filename: '{folder}/in.txt' }, offset: { position: 5 } }],
  }),
  get('/connectors/a/offsets'),
  patch('/connectors/a/offsets', {
    offsets: [
      { partition: { filename: '{folder}/in.txt' }, offset: { position: 6 } },
      { partition: { filename: '{folder}/in.txt' }, offset: { position: 7 } },
    ],
  }),
  get('/connectors/a/offsets'),
  patch('/connectors/a/offsets', { offsets: [{ partition: { x: 'y' }, offset: { position: 5 } }] }),
  patch('/connectors/a/offsets', {
    offsets: [{ partition: { filename: '{folder}/in.txt' }, offset: { position: -1 } }],
  }),
  patch('/connectors/a/offsets', {}),
  patch('/connectors/a/offsets', { offsets: [{ partition: { filename: '{folder}/in.txt' }, offset: null }] }),
  get('/connectors/a/offsets'),
  remove('/connectors/a/offsets'),

  put('/connectors/a/config', source({ topic: 't2' })),
  get('/connectors/a/status', { until: ['STOPPED'] }),
  put('/connectors/b/config', source({ topic: 't2' })),
  running('b'),
  put('/connectors/b/config', source({ name: 'zz' })),
  put('/connectors/b/config', {}),
  patch(
    '/connectors/b/config',
    { topic: 't3', file: null },
    { headers: { 'content-type': 'application/merge-patch+json' } },
  ),
  patch('/connectors/b/config', { topic: 't3' }),
  running('b'),
  put('/connectors/b/config', { 'connector.class': 'FileStreamSink', topics: 't3', file: '{folder}/out.txt' }),
  running('b'),
  get('/connectors/b'),
  // Leaves a ghost of task 1 among the states of Kafka Connect: the connector goes right after.
  post('/connectors/b/tasks/1/restart'),
  remove('/connectors/b'),
  remove('/connectors/b'),
  remove('/connectors/a'),
  get('/connectors'),
  get('/connectors/a/status'),

  post('/connectors', { name: 'p', initial_state: 'paused', config: source() }),
  get('/connectors/p/status', { until: ['PAUSED'] }),
  remove('/connectors/p'),
  post('/connectors', { name: 'q', initial_state: 'STOPPED', config: source() }),
  get('/connectors/q/status', { until: ['STOPPED'] }),
  put('/connectors/q/resume'),
  running('q'),
  remove('/connectors/q'),
  post('/connectors', { name: 'a b ü?#;', config: source() }),
  get('/connectors/a%20b%20%C3%BC%3F%23%3B/status', { until: ['RUNNING', 'RUNNING'] }),
  get('/connectors/a%20b%20%C3%BC%3F%23%3B'),
  remove('/connectors/a%20b%20%C3%BC%3F%23%3B'),

  get('/connector-plugins', {
    differs: { reason: 'other connectors are there', body: 'the FileStream ones are among them' },
  }),
  get('/connector-plugins/Nope/config'),
  get('/connector-plugins/filestreamsource/config'),
  get('/connector-plugins/FileStreamSource/config'),
  get('/connector-plugins/RegexRouter/config'),
  get('/connector-plugins/org.apache.kafka.connect.transforms.HoistField$Value/config'),
  get('/connector-plugins/JsonConverter/config'),
  put('/connector-plugins/FileStreamSource/config/validate', source({ name: 'x' })),
  put('/connector-plugins/FileStreamSource/config/validate', source()),
  put(
    '/connector-plugins/org.apache.kafka.connect.file.FileStreamSourceConnector/config/validate',
    source({ name: 'x' }),
  ),
  put('/connector-plugins/FileStreamSink/config/validate', {
    'connector.class': 'FileStreamSink',
    name: 'x',
    topics: 't',
    'topics.regex': 'a',
    file: '{folder}/out.txt',
    'errors.deadletterqueue.topic.name': 't',
  }),
  put(
    '/connector-plugins/FileStreamSource/config/validate',
    source({
      name: 'x',
      transforms: 'h,n',
      'transforms.h.type': 'org.apache.kafka.connect.transforms.HoistField$Value',
      'transforms.h.predicate': 'p',
      'transforms.n.type': 'Nope',
      predicates: 'p',
      'predicates.p.type': 'org.apache.kafka.connect.transforms.predicates.RecordIsTombstone',
      'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
      'value.converter.schemas.enable': 'maybe',
      'key.converter': 'Nope',
      'header.converter': 'String',
      'producer.override.acks': 'all',
      unknown: '1',
    }),
  ),
  put(
    '/connector-plugins/FileStreamSource/config/validate',
    {},
    {
      differs: {
        reason: BAD_REQUEST,
        status: 400,
        message: 'Connector config {} contains no connector type',
      },
    },
  ),
  put('/connector-plugins/FileStreamSource/config/validate', { 'connector.class': 'Nope' }),
  put('/connector-plugins/FileStreamSource/config/validate', { 'connector.class': 'FileStreamSink' }),
  put(
    '/connector-plugins/Nope/config/validate',
    { 'connector.class': 'Nope' },
    {
      differs: { reason: BAD_REQUEST, status: 400, message: /^Failed to find any class that implements Connector/ },
    },
  ),
];
