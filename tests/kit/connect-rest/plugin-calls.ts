import { badRequest, get, put, type RestCall, source } from './rest-call.ts';

const OTHERS = 'other connectors are there';
const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';
const validate = (plugin: string, body: unknown, more: Partial<RestCall> = {}) =>
  put(`/connector-plugins/${plugin}/config/validate`, body, more);
const RANGES = 'the sentence about a range that can’t be read says what is wrong with it';

/** Plugins of every kind, their keys and versions. */
export const PLUGIN_CALLS: readonly RestCall[] = [
  ...['TRUE', 'x', 'false', ''].map((only) =>
    get(`/connector-plugins?connectorsOnly=${only}`, {
      differs: { reason: OTHERS, body: 'the FileStream ones are among them' },
    }),
  ),
  ...['', '1.0', '4.3', 'garbage', '%5B1.0,2.0%5D', '(4.3.1,5)'].map((version) =>
    get(`/connector-plugins/RegexRouter/config?version=${version}`),
  ),
  ...['4.3.1', 'latest', '%5B4.3.1%5D', '%5B4.0,5.0)', '(,5)'].map((version) =>
    get(`/connector-plugins/RegexRouter/config?version=${version}`),
  ),
  get('/connector-plugins/RegexRouter/config?version=%5B', {
    differs: { reason: RANGES, status: 400, message: /range/ },
  }),
  get('/connector-plugins/Nope/config?version=1'),
  ...[
    'FileStreamSink',
    'org.apache.kafka.connect.file.FileStreamSinkConnector',
    'FileStreamSinkConnector',
    'org.apache.kafka.connect.transforms.InsertField$Key',
    'org.apache.kafka.connect.transforms.Cast$Value',
    'org.apache.kafka.connect.transforms.Filter',
    'TopicNameMatches',
    'RecordIsTombstone',
    'HasHeaderKey',
    JSON_CONVERTER,
    'StringConverter',
    'ByteArrayConverter',
    'SimpleHeaderConverter',
    'TimestampRouter',
  ].map((plugin) => get(`/connector-plugins/${plugin}/config`)),
  get('/connector-plugins/HoistField/config'),
  get('/connector-plugins//config'),

  // Only connectors can be validated, whatever the path names.
  validate('JsonConverter', { 'schemas.enable': 'x' }, badRequest(/contains no connector type/)),
  validate('JsonConverter', source()),
  validate('FileStreamSourceConnector', source({ name: 'x' })),
  validate('Source', source({ name: 'x' })),
  validate('filestreamsource', source({ name: 'x' })),
  validate('FileStreamSource', source({ name: 'x', 'tasks.max': 'abc', 'errors.tolerance': 'some' })),
  validate('FileStreamSource', source({ name: '' })),
  validate('FileStreamSource', source({ name: 'x', y: 1, z: null })),
  validate('FileStreamSource', undefined, {
    text: '[]',
    headers: { 'content-type': 'application/json' },
    ...badRequest(),
  }),
  validate('FileStreamSource', undefined, {
    text: '{',
    headers: { 'content-type': 'application/json' },
    ...badRequest(),
  }),
  validate('FileStreamSource', {}, { headers: { 'content-type': 'text/plain' } }),
];
