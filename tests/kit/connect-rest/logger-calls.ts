import { badRequest, get, JSON_TYPE, post, put, type RestCall, remove } from './rest-call.ts';

const OURS = 'the loggers are those of this worker, under the names of Kafka’s classes';
const set = (logger: string, level: unknown, more: Partial<RestCall> = {}) =>
  put(`/admin/loggers/${logger}`, { level }, more);
const REST_SERVER = 'org.apache.kafka.connect.runtime.rest.RestServer';

export const LOGGER_CALLS: readonly RestCall[] = [
  get('/admin/loggers', {
    differs: {
      reason: OURS,
      body: { root: { level: 'INFO', last_modified: null }, [REST_SERVER]: { level: 'INFO', last_modified: null } },
    },
  }),
  get('/admin/loggers/root'),
  get('/admin/loggers/ROOT'),
  get('/admin/loggers/root/'),
  get(`/admin/loggers/${REST_SERVER}`),
  get('/admin/loggers/org.apache.kafka.connect.runtime.rest'),
  get('/admin/loggers/nope'),
  get('/admin/loggers/no%20pe'),
  get('/admin/loggers/a/b'),
  set(REST_SERVER, 'WARN'),
  get(`/admin/loggers/${REST_SERVER}`),
  set(REST_SERVER, 'warn'),
  set('org.apache.kafka.connect.runtime.rest', 'ERROR', {
    differs: { reason: OURS, body: ['org.apache.kafka.connect.runtime.rest', REST_SERVER] },
  }),
  get('/admin/loggers/org.apache.kafka.connect.runtime.rest'),
  set('nope.x', 'ERROR'),
  set('nope.x', 'ERROR'),
  set('nope', 'WARN'),
  get('/admin/loggers/nope.x'),
  set('nopes', 'WARN'),
  set('nope', 'INFO'),
  set('nope.x', 'OFF'),
  get('/admin/loggers/nope.x'),
  set('nope.x', 'off'),
  set('nope.x', 'FATAL'),
  set('nope.x', 'ALL'),
  set('nope.x', 'TRACE'),
  set('root', 'INFO', { differs: { reason: OURS, body: ['nope.x', REST_SERVER] } }),
  set('Root', 'INFO'),
  get('/admin/loggers/nope.x'),
  set('nope.x', 'x'),
  set('nope.x', 'WARNING'),
  set('nope.x', 1),
  set('nope.x', '', {
    differs: { reason: 'an empty level is as unknown as others', status: 404, message: "invalid log level ''." },
  }),
  set('nope.x', null),
  set('nope.x', {}, badRequest(/^The value of level must be text/)),
  put('/admin/loggers/nope.x', {}),
  put('/admin/loggers/nope.x', [], badRequest()),
  put('/admin/loggers/nope.x', { level: 'INFO', x: 'y' }),
  put('/admin/loggers/nope.x', undefined, badRequest('The request body is empty')),
  put('/admin/loggers/nope.x', undefined, {
    text: 'null',
    headers: JSON_TYPE,
    ...badRequest('The request body is empty'),
  }),
  put('/admin/loggers/nope.x', undefined, { text: '{', headers: JSON_TYPE, ...badRequest() }),
  put('/admin/loggers/nope.x', undefined, { text: '{}', headers: { 'content-type': 'text/plain' } }),
  ...['cluster', 'CLUSTER', 'worker', 'nope', ''].map((scope, i) =>
    put(`/admin/loggers/scope${i}?scope=${scope}`, { level: 'ERROR' }),
  ),
  get('/admin/loggers/scope0'),
  remove('/admin/loggers/root'),
  post('/admin/loggers', {}),
  put('/admin/loggers', { level: 'INFO' }),
  get('/admin'),
];
