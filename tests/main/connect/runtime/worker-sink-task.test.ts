import { expect, test } from 'vitest';
import { ConnectException, RetriableException, traceOf } from '../../../../common/errors.ts';
import type { ConsumerRecord } from '../../../../common/kafka/records.ts';
import { TaskHarness } from '../../../kit/task-harness.ts';

const JSON_VALUES = {
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'value.converter.schemas.enable': 'false',
};
const committed = (harness: TaskHarness, partition = 0) =>
  harness.kafka.committed.get('connect-c')?.get(`t-${partition}`) ?? null;
const headersOf = (record: ConsumerRecord | undefined) =>
  Object.fromEntries(
    (record?.headers ?? []).map(({ key, value }) => [
      Buffer.from(key).toString(),
      value === null ? null : Buffer.from(value).toString(),
    ]),
  );

function withRecords(...values: string[]): TaskHarness {
  const harness = new TaskHarness();
  harness.kafka.addTopic('t');
  harness.kafka.produce('t', ...values);
  return harness;
}

test('records are put in order, then committed: fetch, put, preCommit, commit', async () => {
  const harness = withRecords('a', 'b');
  await harness.sink();
  await harness.until(() => harness.script.written.length === 2);
  expect(committed(harness)).toBeNull();
  await harness.time.advance(1_000);
  expect(harness.script.written).toEqual(['a', 'b']);
  expect(harness.script.log).toEqual(['start', 'open t-0', 'put 2', 'preCommit t-0@2']);
  expect(harness.kafka.log.at(-1)).toBe('commit t-0@2');
  expect(harness.topics).toEqual(['t']);
  expect(harness.task.metrics()).toMatchObject({ records: 2, transferred: 2, lag: 0n });
  await harness.stop();
});

test('nothing is committed while put has not returned', async () => {
  const harness = withRecords('a');
  let release = () => {};
  harness.script.put = () =>
    new Promise((resolve) => {
      release = resolve;
    });
  await harness.sink();
  await harness.time.advance(5_000);
  expect(committed(harness)).toBeNull();
  harness.script.put = () => {};
  release();
  await harness.settle();
  await harness.time.advance(1_000);
  expect(committed(harness)).toBe(1n);
  await harness.stop();
});

test('what preCommit holds back is not committed', async () => {
  const harness = withRecords('a', 'b', 'c');
  harness.script.preCommit = (offsets) => offsets.map((it) => ({ ...it, offset: 1n }));
  await harness.sink();
  await harness.time.advance(3_000);
  expect(committed(harness)).toBe(1n);
  harness.script.preCommit = () => [];
  harness.kafka.produce('t', 'd');
  await harness.time.advance(3_000);
  expect(committed(harness)).toBe(1n);
  await harness.stop();
});

test('an offset past what was put, or of a foreign partition, is not committed', async () => {
  const harness = withRecords('a');
  harness.script.preCommit = (offsets) => [
    ...offsets.map((it) => ({ ...it, offset: it.offset + 1n })),
    { topic: 'x', partition: 7, offset: 1n },
  ];
  await harness.sink();
  await harness.time.advance(1_000);
  expect(committed(harness)).toBeNull();
  expect(harness.logLines.slice(0, 2)).toEqual([
    "WARN Ignoring the task's offset 2 of t-0: not yet consumed, it stands at 1",
    "WARN Ignoring the task's offset 1 of x-7: partition not assigned",
  ]);
  await harness.stop();
});

test('a clean stop commits what was put and closes the partitions before the task', async () => {
  const harness = withRecords('a', 'b');
  await harness.sink();
  await harness.until(() => harness.script.written.length === 2);
  expect(await harness.stop()).toBe(true);
  expect(committed(harness)).toBe(2n);
  expect(harness.script.log.slice(-3)).toEqual(['preCommit t-0@2', 'close t-0', 'stop']);
  expect(harness.time.pending).toBe(0);
});

test('a stop whose commit is not answered ends all the same and says what will come again', async () => {
  const harness = withRecords('a');
  harness.kafka.onCommit = () => new Promise(() => {});
  await harness.sink();
  await harness.until(() => harness.script.written.length === 1);
  expect(await harness.stop()).toBe(true);
  expect(harness.logLines.at(-1)).toContain('records since the commit before will be delivered again');
});

test('a commit that fails is no failure of the task: the next one has its offsets', async () => {
  const harness = withRecords('a');
  harness.kafka.onCommit = async () => {
    throw new ConnectException('rebalance');
  };
  await harness.sink();
  await harness.time.advance(1_000);
  expect(harness.logLines[0]).toContain('WARN Commit of offsets failed (t-0@1); it is tried again');
  harness.kafka.onCommit = async () => {};
  await harness.time.advance(1_000);
  expect(committed(harness)).toBe(1n);
  expect(harness.states).toEqual(['RUNNING']);
  await harness.stop();
});

test('after a RetriableException the same records come again, once, and nothing else between', async () => {
  const harness = withRecords('a', 'b');
  const seen: unknown[][] = [];
  harness.script.put = (records, context) => {
    seen.push(records.map((it) => it.value));
    if (seen.length < 3) {
      context.timeout(200);
      throw new RetriableException('busy');
    }
  };
  await harness.sink();
  await harness.settle();
  harness.kafka.produce('t', 'c');
  expect(seen).toEqual([['a', 'b']]);
  await harness.time.advance(200);
  expect(seen).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
  expect(committed(harness)).toBeNull();
  await harness.time.advance(200);
  await harness.until(() => harness.script.written.length === 3);
  expect(seen.filter((it) => it.length > 0).slice(2)).toEqual([['a', 'b'], ['c']]);
  await harness.time.advance(1_000);
  expect(committed(harness)).toBe(3n);
  await harness.stop();
});

test('a put that does not return is what the task waits for, and so is one that asks for the same records again', async () => {
  const harness = new TaskHarness();
  let release = () => {};
  let full = false;
  harness.script.put = () => {
    if (full) throw new RetriableException('the disk is full');
    return new Promise((resolve) => {
      release = resolve;
    });
  };
  harness.kafka.produce('t', 'a');
  await harness.sink();
  await harness.settle();
  release();
  await harness.settle();
  harness.kafka.produce('t', 'b', 'c');
  await harness.settle();
  const since = harness.time.milliseconds();
  await harness.time.advance(2_999);
  expect(harness.task.metrics().waitingFor).toBeNull();
  await harness.time.advance(1_000);
  expect(harness.task.metrics().waitingFor).toEqual({ what: 'the sink to write 2 records', since });
  full = true;
  harness.kafka.produce('t', 'd');
  release();
  await harness.settle();
  const refused = { what: 'the sink to take 1 records (the disk is full)', since: harness.time.milliseconds() };
  expect(harness.task.metrics().waitingFor).toEqual(refused);
  await harness.time.advance(10_000);
  expect(harness.task.metrics().waitingFor).toEqual(refused);
  expect(harness.states).toEqual(['RUNNING']);
  full = false;
  harness.script.put = () => {};
  await harness.time.advance(2_000);
  await harness.settle();
  expect(harness.task.metrics().waitingFor).toBeNull();
  await harness.stop();
});

test('any other error of put fails the task; what was put before is committed, the bad batch is not', async () => {
  const harness = withRecords('a');
  harness.script.put = (records) => {
    if (records.some((it) => it.value === 'b')) throw new TypeError('no b');
  };
  await harness.sink();
  await harness.until(() => harness.script.written.length === 1);
  harness.kafka.produce('t', 'b');
  await harness.until(() => harness.states.includes('FAILED'));
  const trace = traceOf(harness.failure);
  expect(trace).toMatch(
    /^org\.apache\.kafka\.connect\.errors\.ConnectException: Exiting WorkerSinkTask due to unrecoverable exception\.\n/,
  );
  expect(trace).toContain('Caused by: java.lang.TypeError: no b');
  expect(committed(harness)).toBe(1n);
  expect(harness.kafka.consumers[0]?.closed).toBe(true);
  expect(harness.time.pending).toBe(0);
});

test('a record that can’t be converted fails the task after the good ones before it were put', async () => {
  const harness = withRecords('1', '2', '{', '4');
  await harness.sink(JSON_VALUES);
  await harness.until(() => harness.states.includes('FAILED'));
  expect(harness.script.written).toEqual([1n, 2n]);
  expect(committed(harness)).toBe(2n);
  expect(harness.failure?.message).toBe('Tolerance exceeded in error handler');
});

test('with tolerance all and a dead letter queue good and bad records together are all records, byte for byte', async () => {
  const harness = new TaskHarness();
  harness.kafka.addTopic('t');
  const headers = [
    { key: Buffer.from('h'), value: Buffer.from([0xff, 0]) },
    { key: Buffer.from('h'), value: null },
  ];
  harness.kafka.produce('t', '1');
  harness.kafka.append({ topic: 't', key: Buffer.from([0xfe]), value: Buffer.from('{"a":'), headers, timestamp: 77n });
  harness.kafka.produce('t', '3');
  await harness.sink({
    ...JSON_VALUES,
    'key.converter': 'org.apache.kafka.connect.converters.ByteArrayConverter',
    'header.converter': 'org.apache.kafka.connect.converters.ByteArrayConverter',
    'errors.tolerance': 'all',
    'errors.deadletterqueue.topic.name': 'dlq',
    'errors.deadletterqueue.topic.replication.factor': '1',
    'errors.deadletterqueue.context.headers.enable': 'true',
  });
  await harness.until(() => harness.script.written.length === 2 && harness.kafka.values('dlq').length === 1);
  await harness.time.advance(1_000);
  expect(harness.script.written).toEqual([1n, 3n]);
  expect(committed(harness)).toBe(3n);
  const letter = harness.kafka.topics.get('dlq')?.[0]?.[0];
  expect(letter).toMatchObject({ key: Buffer.from([0xfe]), value: Buffer.from('{"a":'), timestamp: 77n });
  expect(letter?.headers.slice(0, 2)).toEqual(headers);
  expect(letter?.headers.slice(2).map(({ key }) => Buffer.from(key).toString())).toEqual(
    [
      ...['topic', 'partition', 'offset', 'connector.name', 'task.id', 'stage', 'class.name'],
      ...['exception.class.name', 'exception.message', 'exception.stacktrace'],
    ].map((it) => `__connect.errors.${it}`),
  );
  expect(headersOf(letter)).toMatchObject({
    '__connect.errors.topic': 't',
    '__connect.errors.partition': '0',
    '__connect.errors.offset': '1',
    '__connect.errors.connector.name': 'c',
    '__connect.errors.task.id': '0',
    '__connect.errors.stage': 'VALUE_CONVERTER',
    '__connect.errors.class.name': 'org.apache.kafka.connect.json.JsonConverter',
  });
  expect(harness.kafka.created).toEqual([{ name: 'dlq', numPartitions: 1, replicationFactor: 1 }]);
  expect(harness.task.metrics()).toMatchObject({ records: 2, errors: 1, skipped: 1, deadLetters: 1 });
  await harness.stop();
});

test('offsets are not committed before the dead letter is acknowledged', async () => {
  const harness = withRecords('{', '2');
  await harness.sink({
    ...JSON_VALUES,
    'errors.tolerance': 'all',
    'errors.deadletterqueue.topic.name': 'dlq',
  });
  harness.kafka.holdAcks = true;
  // The first one was acknowledged by itself: now one that is held.
  await harness.time.advance(1_000);
  expect(committed(harness)).toBe(2n);
  harness.kafka.produce('t', '[', '4');
  await harness.until(() => harness.script.written.length === 2);
  await harness.time.advance(3_000);
  expect(harness.kafka.held).toHaveLength(1);
  expect(committed(harness)).toBe(2n);
  harness.kafka.ackAll();
  await harness.settle();
  await harness.time.advance(1_000);
  expect(committed(harness)).toBe(4n);
  await harness.stop();
});

test('a dead letter that can’t be written fails the task, and its record is not committed', async () => {
  const harness = withRecords('{');
  harness.kafka.holdAcks = true;
  await harness.sink({ ...JSON_VALUES, 'errors.tolerance': 'all', 'errors.deadletterqueue.topic.name': 'dlq' });
  await harness.until(() => harness.kafka.held.length === 1);
  harness.kafka.held.splice(0)[0]?.fail(new ConnectException('too large'));
  await harness.time.advance(1_000);
  await harness.until(() => harness.states.includes('FAILED'));
  expect(traceOf(harness.failure)).toContain('Could not produce message to dead letter queue. topic=dlq');
  expect(committed(harness)).toBeNull();
});

test('without tolerance the bad record is still written to the dead letter queue before the task fails', async () => {
  const harness = withRecords('{');
  await harness.sink({ ...JSON_VALUES, 'errors.deadletterqueue.topic.name': 'dlq' });
  await harness.until(() => harness.states.includes('FAILED'));
  expect(harness.kafka.values('dlq')).toEqual(['{']);
  expect(committed(harness)).toBeNull();
});

test('a sink reports single records of a batch and goes on', async () => {
  const harness = withRecords('good', 'bad', 'good');
  harness.script.put = async (records, context) => {
    for (const record of records)
      if (record.value === 'bad') await context.errantRecordReporter?.report(record, new Error('unwanted'));
  };
  await harness.sink({
    'errors.tolerance': 'all',
    'errors.deadletterqueue.topic.name': 'dlq',
    'errors.deadletterqueue.context.headers.enable': 'true',
  });
  await harness.until(() => harness.kafka.values('dlq').length === 1);
  await harness.time.advance(1_000);
  expect(committed(harness)).toBe(3n);
  expect(headersOf(harness.kafka.topics.get('dlq')?.[0]?.[0])).toMatchObject({
    '__connect.errors.stage': 'TASK_PUT',
    '__connect.errors.exception.message': 'unwanted',
    '__connect.errors.offset': '1',
  });
  await harness.stop();
});

test('a sink that swallows the exceeded tolerance of a report fails all the same', async () => {
  const harness = withRecords('bad');
  harness.script.put = async (records, context) => {
    await context.errantRecordReporter?.report(records[0] as never, new Error('x')).catch(() => {});
  };
  await harness.sink({ 'errors.log.enable': 'true' });
  await harness.until(() => harness.states.includes('FAILED'));
  expect(traceOf(harness.failure)).toContain('Tolerance exceeded in error handler');
  expect(committed(harness)).toBeNull();
});

test('without dead letter queue and error log a sink has no reporter', async () => {
  const harness = withRecords('a');
  await harness.sink();
  expect(harness.script.sinkContext?.errantRecordReporter).toBeNull();
  await harness.stop();
});

test('a rebalance commits and closes what goes, opens what comes, and drops the records of what went', async () => {
  const harness = new TaskHarness();
  harness.kafka.addTopic('t', 2);
  harness.kafka.append({ topic: 't', partition: 0, key: null, value: Buffer.from('a') });
  harness.kafka.append({ topic: 't', partition: 1, key: null, value: Buffer.from('b') });
  await harness.sink();
  await harness.until(() => harness.script.written.length === 2);
  harness.kafka.consumers[0]?.assign([{ topic: 't', partition: 1 }]);
  await harness.until(() => harness.script.log.includes('open t-1'));
  expect(harness.script.log).toEqual([
    ...['start', 'open t-0 t-1', 'put 2'],
    ...['preCommit t-0@1 t-1@1', 'close t-0 t-1', 'open t-1'],
  ]);
  expect([committed(harness, 0), committed(harness, 1)]).toEqual([1n, 1n]);
  await harness.stop();
});

test('a preCommit that fails rewinds to what is committed', async () => {
  const harness = withRecords('a');
  await harness.sink();
  await harness.until(() => harness.script.written.length === 1);
  harness.script.preCommit = () => {
    throw new Error('flush failed');
  };
  await harness.time.advance(1_000);
  expect(harness.logLines).toContain('ERROR Offset commit failed, rewinding to last committed offsets');
  // Rewound to the committed offset 0: the record is put again.
  await harness.until(() => harness.script.written.length === 2);
  expect(committed(harness)).toBeNull();
  await harness.stop();
});

test('a sink that asks for another offset gets the records from there', async () => {
  const harness = withRecords('a', 'b', 'c');
  let rewound = false;
  harness.script.put = (records, context) => {
    if (records.length === 3 && !rewound) {
      rewound = true;
      context.offset({ topic: 't', partition: 0 }, 1n);
    }
  };
  await harness.sink();
  await harness.until(() => harness.script.written.length === 5);
  expect(harness.script.written).toEqual(['a', 'b', 'c', 'b', 'c']);
  await harness.time.advance(1_000);
  expect(committed(harness)).toBe(3n);
  await harness.stop();
});

test('a sink’s own pause lasts through the connector’s pause and resume', async () => {
  const harness = new TaskHarness();
  harness.kafka.addTopic('t', 2);
  await harness.sink();
  await harness.until(() => harness.script.log.includes('open t-0 t-1'));
  harness.script.sinkContext?.pause({ topic: 't', partition: 1 });
  harness.task.pause();
  await harness.until(() => harness.states.at(-1) === 'PAUSED');
  harness.kafka.append({ topic: 't', partition: 0, key: null, value: Buffer.from('a') });
  harness.kafka.append({ topic: 't', partition: 1, key: null, value: Buffer.from('b') });
  await harness.settle();
  expect(harness.script.written).toEqual([]);
  harness.task.resume();
  await harness.until(() => harness.script.written.length === 1);
  expect(harness.script.written).toEqual(['a']);
  harness.script.sinkContext?.resume({ topic: 't', partition: 1 });
  await harness.until(() => harness.script.written.length === 2);
  expect(harness.states).toEqual(['RUNNING', 'PAUSED', 'RUNNING']);
  await harness.stop();
});

test('a requested commit does not wait for its time', async () => {
  const harness = withRecords('a');
  harness.script.put = (records, context) => {
    if (records.length > 0) context.requestCommit();
  };
  await harness.sink();
  await harness.settle();
  harness.kafka.consumers[0]?.wakeup();
  await harness.until(() => committed(harness) === 1n);
  await harness.stop();
});

test('the topic that a sink’s record had is remembered for the commit when a transformation renames it', async () => {
  const harness = withRecords('a');
  const topics: string[] = [];
  harness.script.put = (records) => {
    topics.push(...records.map((it) => `${it.topic} ${it.originalTopic}`));
  };
  await harness.sink({
    transforms: 'r',
    'transforms.r.type': 'RegexRouter',
    'transforms.r.regex': 't',
    'transforms.r.replacement': 'u',
  });
  await harness.until(() => topics.length === 1);
  await harness.time.advance(1_000);
  expect(topics).toEqual(['u t']);
  expect(committed(harness)).toBe(1n);
  await harness.stop();
});

test('topics.regex subscribes to every topic that matches as a whole', async () => {
  const harness = new TaskHarness();
  for (const topic of ['a1', 'a2', 'b']) harness.kafka.produce(topic, topic);
  await harness.sink({ topics: '', 'topics.regex': '\\Qa\\E\\d' });
  await harness.until(() => harness.script.written.length === 2);
  expect(harness.script.written).toEqual(['a1', 'a2']);
  await harness.stop();
});
