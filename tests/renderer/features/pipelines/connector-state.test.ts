import { describe, expect, test } from 'vitest';
import type { ConnectorSummary } from '../../../../common/connect/connector-summary.ts';
import {
  pauseOrResume,
  sentenceOf,
  shapeOf,
  shortClass,
  unavailable,
  worstOf,
} from '../../../../renderer/features/pipelines/connector-state.ts';
import { offsetsSentence } from '../../../../renderer/features/pipelines/offsets-sentence.ts';

function connector(
  state: ConnectorSummary['connector']['state'],
  tasks: ConnectorSummary['connector']['state'][] = [],
) {
  return {
    name: 'tweets',
    type: 'source',
    connectorClass: 'a.B',
    tasksMax: 2,
    connector: { state, worker_id: 'w' },
    tasks: tasks.map((task, id) => ({ id, state: task, worker_id: 'w', recordsPerSecond: 0 })),
    topics: [],
    finished: false,
    recordsPerSecond: 0,
    records: 0,
    errors: 0,
    lag: null,
    offset: null,
    waitingFor: null,
    demo: false,
  } satisfies ConnectorSummary;
}

describe('states of a connector', () => {
  test('lists show the worst of connector and tasks, the connector keeps its own', () => {
    const failing = connector('RUNNING', ['RUNNING', 'FAILED']);
    expect(shapeOf(failing)).toBe('RUNNING');
    expect(worstOf(failing)).toBe('FAILED');
    expect(sentenceOf(failing)).toBe('tweets: RUNNING, 1 of 2 tasks FAILED');
  });

  test('a finished source is neither running nor failed', () => {
    const finished = { ...connector('RUNNING', ['FAILED']), finished: true };
    expect(worstOf(finished)).toBe('STOPPED');
    expect(sentenceOf(finished)).toBe('tweets: finished');
  });

  test('says why an action makes no sense', () => {
    expect(pauseOrResume(connector('STOPPED'))).toBe('resume');
    expect(unavailable(connector('STOPPED'), 'resume')).toBeUndefined();
    expect(unavailable(connector('STOPPED'), 'stop')).toBe('It is STOPPED');
    expect(unavailable(connector('RUNNING'), 'pause')).toBeUndefined();
  });

  test('classes by their last word', () => {
    expect(shortClass('com.eneco.trading.kafka.connect.twitter.TwitterSourceConnector')).toBe('TwitterSourceConnector');
    expect(shortClass('FileStreamSource')).toBe('FileStreamSource');
  });
});

describe('offsetsSentence', () => {
  test('names two partitions and counts the rest', () => {
    const entry = (table: string, id: unknown) => ({ partition: { table }, offset: { id } });
    expect(
      offsetsSentence(
        { offsets: [entry('orders', 48_213), entry('customers', 9_120n), entry('a', 1), entry('b', 1)] },
        'source',
        'shop',
      ),
    ).toBe('Offsets of 4 source partitions (orders at 48213, customers at 9120, 2 more)');
    expect(offsetsSentence({ offsets: [] }, 'source', 'shop')).toBe('Source offsets: none stored yet');
    expect(offsetsSentence(undefined, 'sink', 'shop')).toBe('Offsets of the consumer group connect-shop');
  });
});
