import type { Setting } from './setting.ts';

const PRODUCER = ['producer'] as const;

export const PRODUCER_SETTINGS = {
  acks: { type: 'STRING', default: 'all', values: ['all', '-1', '0', '1'], clients: PRODUCER },
  'batch.size': { type: 'INT', default: 16_384, min: 0, clients: PRODUCER },
  'buffer.memory': { type: 'LONG', default: 33_554_432, min: 0, clients: PRODUCER },
  'compression.gzip.level': { type: 'INT', default: -1, min: 1, max: 9, or: -1, clients: PRODUCER },
  'compression.type': {
    type: 'STRING',
    default: 'none',
    values: ['none', 'gzip', 'snappy', 'lz4', 'zstd'],
    clients: PRODUCER,
  },
  'compression.zstd.level': { type: 'INT', default: 3, min: -131_072, max: 22, clients: PRODUCER },
  'delivery.timeout.ms': { type: 'INT', default: 120_000, min: 0, clients: PRODUCER },
  'enable.idempotence': { type: 'BOOLEAN', default: true, clients: PRODUCER },
  'linger.ms': { type: 'LONG', default: 5, min: 0, clients: PRODUCER },
  'max.block.ms': { type: 'LONG', default: 60_000, min: 0, clients: PRODUCER },
  'max.in.flight.requests.per.connection': { type: 'INT', default: 5, min: 1, clients: PRODUCER },
  'max.request.size': { type: 'INT', default: 1_048_576, min: 0, clients: PRODUCER },
  'partitioner.class': { type: 'CLASS', default: null, clients: PRODUCER },
  'partitioner.ignore.keys': { type: 'BOOLEAN', default: false, clients: PRODUCER },
  retries: { type: 'INT', default: 2_147_483_647, min: 0, max: 2_147_483_647, clients: PRODUCER },
  // Refused when it is given: there are no transactions.
  'transactional.id': { type: 'STRING', default: null, nonEmpty: true, clients: PRODUCER },
} as const satisfies Readonly<Record<string, Setting>>;
