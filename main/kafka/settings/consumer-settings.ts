import { autoOffsetReset } from './auto-offset-reset.ts';
import type { Setting } from './setting.ts';

const CONSUMER = ['consumer'] as const;
const RANGE = 'org.apache.kafka.clients.consumer.RangeAssignor';

export const CONSUMER_SETTINGS = {
  'allow.auto.create.topics': { type: 'BOOLEAN', default: true, clients: CONSUMER },
  'auto.commit.interval.ms': { type: 'INT', default: 5_000, min: 0, clients: CONSUMER },
  'auto.offset.reset': {
    type: 'STRING',
    default: 'latest',
    clients: CONSUMER,
    check: (value) =>
      autoOffsetReset(value) === null
        ? `Invalid value \`${value}\` for configuration auto.offset.reset. The value must be either 'earliest', 'latest', 'none' or of the format 'by_duration:<PnDTnHnMn.nS.>'.`
        : null,
  },
  'check.crcs': { type: 'BOOLEAN', default: true, clients: CONSUMER },
  // Java: true. Here nothing is committed unless it is asked for: a sink commits after its put, never before.
  'enable.auto.commit': { type: 'BOOLEAN', default: false, clients: CONSUMER },
  'exclude.internal.topics': { type: 'BOOLEAN', default: true, clients: CONSUMER },
  'fetch.max.bytes': { type: 'INT', default: 52_428_800, min: 0, clients: CONSUMER },
  'fetch.max.wait.ms': { type: 'INT', default: 500, min: 0, clients: CONSUMER },
  'fetch.min.bytes': { type: 'INT', default: 1, min: 0, clients: CONSUMER },
  'group.id': { type: 'STRING', default: null, clients: CONSUMER },
  'group.instance.id': { type: 'STRING', default: null, nonEmpty: true, clients: CONSUMER },
  'heartbeat.interval.ms': { type: 'INT', default: 3_000, min: 1, clients: CONSUMER },
  'isolation.level': {
    type: 'STRING',
    default: 'read_uncommitted',
    values: ['read_committed', 'read_uncommitted'],
    clients: CONSUMER,
  },
  'max.partition.fetch.bytes': { type: 'INT', default: 1_048_576, min: 0, clients: CONSUMER },
  'max.poll.interval.ms': { type: 'INT', default: 300_000, min: 1, clients: CONSUMER },
  'max.poll.records': { type: 'INT', default: 500, min: 1, clients: CONSUMER },
  // Java's second default, the cooperative-sticky assignor, is not among ours; groups mixed with Java agree on range.
  'partition.assignment.strategy': { type: 'LIST', default: [RANGE], clients: CONSUMER },
  'session.timeout.ms': { type: 'INT', default: 45_000, min: 1, clients: CONSUMER },
} as const satisfies Readonly<Record<string, Setting>>;
