import { badRequest, get, patch, post, put, type RestCall, remove, running, source } from './rest-call.ts';

const lines = (extra: Record<string, unknown> = {}) => source({ topic: 'lines', file: '{folder}/lines.txt', ...extra });
const SINK = { 'connector.class': 'FileStreamSink', topics: 'lines', file: '{folder}/lines-out.txt' };
const at = (partition: unknown, offset: unknown, topic: unknown = 'lines') => ({
  offsets: [
    {
      partition: { kafka_topic: topic, kafka_partition: partition },
      offset: offset === null ? null : { kafka_offset: offset },
    },
  ],
});
const alter = (body: unknown, more: Partial<RestCall> = {}) => patch('/connectors/g/offsets', body, more);
const stopped = (name: string) => get(`/connectors/${name}/status`, { until: ['STOPPED'] });
const FINGERPRINT =
  'a source offset of FileStreamSource also says what was read, so that a file that was cut is noticed';
/** The offset of lines.txt, with that. */
const position = (number: number) => ({
  differs: {
    reason: FINGERPRINT,
    body: { offsets: [{ partition: { filename: '<folder>/lines.txt' }, offset: { position: number } }] },
  },
});

/** Connectors at work: topics, offsets of sources and sinks, failed tasks. */
export const RECORD_CALLS: readonly RestCall[] = [
  put('/connectors/f/config', lines()),
  running('f'),
  get('/connectors/f/topics', { untilText: 'lines' }),
  get('/connectors/f/offsets', { untilText: '8', ...position(8) }),
  put('/connectors/f/topics/reset'),
  get('/connectors/f/topics'),
  put('/connectors/f/topics/reset'),
  put('/connectors/f/stop'),
  stopped('f'),
  put('/connectors/f/stop'),
  get('/connectors/f/tasks'),
  get('/connectors/f/tasks/0/status'),
  patch('/connectors/f/offsets', {
    offsets: [{ partition: { filename: '{folder}/lines.txt' }, offset: { position: 1.5 } }],
  }),
  patch('/connectors/f/offsets', {
    offsets: [{ partition: { filename: '{folder}/lines.txt' }, offset: { position: '4' } }],
  }),
  patch('/connectors/f/offsets', { offsets: [{ partition: null, offset: { position: 4 } }] }),
  patch('/connectors/f/offsets', { offsets: [{ offset: { position: 4 } }] }),
  patch('/connectors/f/offsets', { offsets: [null] }, badRequest()),
  patch('/connectors/f/offsets', { offsets: 'x' }, badRequest('offsets must be a list')),
  patch('/connectors/f/offsets', { offsets: [], x: 1 }, badRequest()),
  patch('/connectors/f/offsets', [], badRequest()),
  patch('/connectors/f/offsets', {
    offsets: [{ partition: { filename: '{folder}/other.txt' }, offset: { position: 3 } }],
  }),
  get('/connectors/f/offsets', position(8)),
  remove('/connectors/f/offsets'),
  get('/connectors/f/offsets'),
  put('/connectors/f/resume'),
  get('/connectors/f/offsets', { untilText: '8', ...position(8) }),

  put('/connectors/g/config', SINK),
  running('g'),
  get('/connectors/g'),
  get('/connectors/g/tasks'),
  get('/connectors/g/offsets', { untilText: '"kafka_offset":4' }),
  get('/connectors/g/topics', { untilText: 'lines' }),
  alter(at(0, 1)),
  remove('/connectors/g/offsets'),
  put('/connectors/g/stop'),
  stopped('g'),
  alter(at(0, 1)),
  get('/connectors/g/offsets'),
  alter(at('0', '2')),
  get('/connectors/g/offsets'),
  alter(at(0, 'x')),
  alter(at('x', 1)),
  alter(at(0, -1), {
    differs: {
      reason: 'the reason stands behind Connect’s sentence',
      message: 'Failed to modify offsets for sink connector g. The offset -1 is negative.',
    },
  }),
  alter(at(0, 1.5)),
  alter(at(null, 1)),
  alter(at(0, 1, null)),
  alter({ offsets: [{ partition: { kafka_partition: 0 }, offset: { kafka_offset: 1 } }] }),
  alter({ offsets: [{ partition: { kafka_topic: 'lines' }, offset: { kafka_offset: 1 } }] }),
  alter({ offsets: [{ partition: { kafka_topic: 'lines', kafka_partition: 0 }, offset: {} }] }),
  alter({ offsets: [{ partition: {}, offset: {} }] }),
  alter({
    offsets: [{ partition: { kafka_topic: 'lines', kafka_partition: 0, x: 'y' }, offset: { kafka_offset: 3, z: 1 } }],
  }),
  get('/connectors/g/offsets'),
  alter(at(0, null)),
  get('/connectors/g/offsets'),
  alter(at(0, 3)),
  remove('/connectors/g/offsets'),
  get('/connectors/g/offsets'),
  put('/connectors/g/resume'),
  running('g'),
  remove('/connectors/g'),
  remove('/connectors/f'),

  put(
    '/connectors/h/config',
    lines({
      file: '{folder}/bad.txt',
      topic: 'bad',
      transforms: 'x',
      'transforms.x.type': 'org.apache.kafka.connect.transforms.Cast$Value',
      'transforms.x.spec': 'int32',
    }),
  ),
  get('/connectors/h/status', { until: ['RUNNING', 'FAILED'] }),
  get('/connectors/h/tasks/0/status'),
  get('/connectors?expand=status'),
  put('/connectors/h/pause'),
  put('/connectors/h/resume'),
  post('/connectors/h/tasks/0/restart'),
  get('/connectors/h/status', { until: ['RUNNING', 'FAILED'] }),
  put('/connectors/h/stop'),
  stopped('h'),
  post('/connectors/h/restart?includeTasks=true'),
  stopped('h'),
  remove('/connectors/h'),
];
