import { expect, test } from 'vitest';
import { ConnectException, DataException, RetriableException, traceOf } from '../../../../common/errors.ts';
import { configDef } from '../../../../main/connect/api/config-def.ts';
import type { TransformationPlugin } from '../../../../main/connect/api/plugins.ts';
import type { ConnectRecord } from '../../../../main/connect/api/records.ts';
import { MAX_IN_FLIGHT } from '../../../../main/connect/runtime/worker-source-task.ts';
import { TaskHarness } from '../../../kit/task-harness.ts';

const FAIL = 'test.Fail';

/** Fails on values that the test names; drops those that it wants dropped. */
function failing(behave: (value: unknown, attempt: number) => 'pass' | 'drop'): TransformationPlugin {
  let attempt = 0;
  return {
    kind: 'transformation',
    className: FAIL,
    version: '1',
    summary: '',
    config: configDef({}),
    create: () => ({
      apply: <R extends ConnectRecord>(record: R) => (behave(record.value, attempt++) === 'drop' ? null : record),
    }),
  };
}

test('records go to Kafka in order and offsets are stored once they are acknowledged', async () => {
  const harness = new TaskHarness();
  await harness.source();
  harness.script.offer(1, 2, 3);
  await harness.until(() => harness.kafka.values('t').length === 3);
  expect(harness.storedNumber()).toBeNull();
  await harness.time.advance(1_000);
  expect(harness.storedNumber()).toBe(3n);
  expect(harness.kafka.values('t')).toEqual(['1', '2', '3']);
  expect(harness.kafka.log).toEqual(['ack t-0@0', 'ack t-0@1', 'ack t-0@2', 'store 3']);
  expect(harness.script.committed).toEqual([0n, 1n, 2n]);
  expect(harness.topics).toEqual(['t']);
  expect(harness.task.metrics()).toMatchObject({ records: 3, transferred: 3, inFlight: 0, errors: 0 });
  await harness.stop();
});

test('the task goes on behind the stored offset', async () => {
  const harness = new TaskHarness();
  harness.offsets.set('c', [{ partition: { source: 'p' }, offset: { number: 968476484095610881n } }]);
  await harness.source();
  expect(harness.script.log).toEqual(['start at 968476484095610881']);
  await harness.stop();
});

test('an offset is not stored before its record and every earlier one are acknowledged', async () => {
  const harness = new TaskHarness();
  harness.kafka.holdAcks = true;
  await harness.source();
  harness.script.offer(1, 2, 3);
  await harness.until(() => harness.kafka.held.length === 3);
  harness.kafka.held.splice(2, 1)[0]?.ack();
  await harness.time.advance(5_000);
  expect(harness.storedNumber()).toBeNull();
  harness.kafka.held.splice(0, 1)[0]?.ack();
  await harness.time.advance(1_000);
  expect(harness.storedNumber()).toBe(1n);
  harness.kafka.ackAll();
  await harness.time.advance(1_000);
  expect(harness.storedNumber()).toBe(3n);
  await harness.stop();
});

test('a clean stop waits for the acknowledgements and stores the rest: nothing is sent twice', async () => {
  const harness = new TaskHarness();
  harness.kafka.holdAcks = true;
  await harness.source();
  harness.script.offer(1, 2);
  await harness.until(() => harness.kafka.held.length === 2);
  const stopped = harness.stop();
  await harness.settle();
  harness.kafka.ackAll();
  expect(await stopped).toBe(true);
  expect(harness.storedNumber()).toBe(2n);
  expect(harness.script.log.at(-1)).toBe('stop');
  expect(harness.kafka.producers[0]?.producer.closed).toBe(true);
  expect(harness.time.pending).toBe(0);
});

test('a stop without acknowledgements ends after offset.flush.timeout.ms and says what will come again', async () => {
  const harness = new TaskHarness();
  harness.kafka.holdAcks = true;
  await harness.source();
  harness.script.offer(1, 2);
  await harness.until(() => harness.kafka.held.length === 2);
  expect(await harness.stop()).toBe(true);
  expect(harness.storedNumber()).toBeNull();
  expect(harness.logLines.find((line) => line.includes('sent again'))).toContain(
    'WARN 2 records were not acknowledged within offset.flush.timeout.ms (5000 ms)',
  );
  expect(harness.states).toEqual(['RUNNING']);
});

test('what was polled but not handed to the producer when the stop came is not sent', async () => {
  const harness = new TaskHarness();
  harness.kafka.holdAcks = true;
  harness.kafka.bufferRecords = 2;
  await harness.source();
  harness.script.offer(1, 2, 3, 4, 5);
  await harness.until(() => harness.kafka.held.length === 2);
  const stopped = harness.stop();
  await harness.settle();
  harness.kafka.ackAll();
  await stopped;
  expect(harness.kafka.values('t')).toEqual(['1', '2']);
  expect(harness.storedNumber()).toBe(2n);
});

test('a full buffer makes the source wait', async () => {
  const harness = new TaskHarness();
  harness.kafka.holdAcks = true;
  harness.kafka.bufferRecords = 3;
  await harness.source();
  harness.script.offer(...Array.from({ length: 10 }, (_, i) => i));
  await harness.settle();
  expect(harness.kafka.held).toHaveLength(3);
  harness.kafka.ackAll();
  await harness.settle();
  expect(harness.kafka.held).toHaveLength(3);
  expect(harness.kafka.values('t')).toHaveLength(3);
  harness.kafka.holdAcks = false;
  harness.kafka.ackAll();
  await harness.until(() => harness.kafka.values('t').length === 10);
  await harness.stop();
});

test('records that a transformation drops count as done', async () => {
  const harness = new TaskHarness([failing((value) => (value === '2' ? 'drop' : 'pass'))]);
  await harness.source({ transforms: 'f', 'transforms.f.type': FAIL });
  harness.script.offer(1, 2);
  await harness.until(() => harness.kafka.values('t').length === 1);
  await harness.time.advance(1_000);
  expect(harness.kafka.values('t')).toEqual(['1']);
  expect(harness.storedNumber()).toBe(2n);
  expect(harness.script.committed).toEqual([null, 0n]);
  expect(harness.task.metrics()).toMatchObject({ records: 2, transferred: 1, filtered: 1 });
  await harness.stop();
});

test('tolerance none: the first bad record fails the task, what was before it is stored, the bad one is not skipped', async () => {
  const harness = new TaskHarness([
    failing((value) => {
      if (value === '3') throw new DataException('bad three');
      return 'pass';
    }),
  ]);
  await harness.source({ transforms: 'f', 'transforms.f.type': FAIL });
  harness.script.offer(1, 2, 3, 4);
  await harness.until(() => harness.states.includes('FAILED'));
  expect(harness.kafka.values('t')).toEqual(['1', '2']);
  expect(harness.storedNumber()).toBe(2n);
  const trace = traceOf(harness.failure);
  expect(trace).toMatch(
    /^org\.apache\.kafka\.connect\.errors\.ConnectException: Tolerance exceeded in error handler\n/,
  );
  expect(trace).toContain('Caused by: org.apache.kafka.connect.errors.DataException: bad three');
  expect(harness.script.log.at(-1)).toBe('stop');
  expect(harness.time.pending).toBe(0);
});

test('tolerance all: bad records are skipped, counted and logged without their content', async () => {
  const harness = new TaskHarness([
    failing((value) => {
      if (value === '2') throw new TypeError('no');
      return 'pass';
    }),
  ]);
  await harness.source({
    transforms: 'f',
    'transforms.f.type': FAIL,
    'errors.tolerance': 'all',
    'errors.log.enable': 'true',
    'errors.log.include.messages': 'true',
  });
  harness.script.offer(1, 2, 3);
  await harness.until(() => harness.kafka.values('t').length === 2);
  await harness.time.advance(1_000);
  expect(harness.kafka.values('t')).toEqual(['1', '3']);
  expect(harness.storedNumber()).toBe(3n);
  expect(harness.task.metrics()).toMatchObject({ errors: 1, skipped: 1, filtered: 0 });
  expect(harness.logLines).toEqual([
    `ERROR Error encountered in task c-0. Executing stage 'TRANSFORMATION' with class 'test.Fail', where source record is {topic='t', kafkaPartition=null, timestamp=null, sourcePartition={"source":"p"}, sourceOffset={"number":2}}.`,
  ]);
  await harness.stop();
});

test('a RetriableException is tried again with growing pauses until it works', async () => {
  const attempts: number[] = [];
  const harness = new TaskHarness([
    failing((_, attempt) => {
      attempts.push(harness.time.milliseconds());
      if (attempt < 3) throw new RetriableException('not yet');
      return 'pass';
    }),
  ]);
  await harness.source({ transforms: 'f', 'transforms.f.type': FAIL, 'errors.retry.timeout': '60000' });
  harness.script.offer(1);
  await harness.settle();
  await harness.time.advance(5_000);
  expect(attempts.map((it) => it - (attempts[0] as number))).toEqual([0, 300, 900, 2_100]);
  expect(harness.kafka.values('t')).toEqual(['1']);
  expect(harness.task.metrics()).toMatchObject({ failures: 3, retries: 3, errors: 0 });
  await harness.stop();
});

test('retries end with errors.retry.timeout', async () => {
  const harness = new TaskHarness([
    failing(() => {
      throw new RetriableException('never');
    }),
  ]);
  await harness.source({ transforms: 'f', 'transforms.f.type': FAIL, 'errors.retry.timeout': '1000' });
  harness.script.offer(1);
  await harness.settle();
  expect(harness.states).toEqual(['RUNNING']);
  expect(harness.task.metrics().waitingFor).toEqual({
    what: 'test.Fail to succeed (never)',
    since: harness.time.milliseconds(),
  });
  await harness.time.advance(1_000);
  await harness.until(() => harness.states.includes('FAILED'));
  expect(traceOf(harness.failure)).toContain('RetriableException: never');
});

test('a record that is being retried when the stop comes is not skipped', async () => {
  const harness = new TaskHarness([
    failing((value) => {
      if (value === '1') throw new RetriableException('not yet');
      return 'pass';
    }),
  ]);
  await harness.source({ transforms: 'f', 'transforms.f.type': FAIL, 'errors.retry.timeout': '-1' });
  harness.script.offer(1, 2);
  await harness.settle();
  expect(await harness.stop()).toBe(true);
  expect(harness.kafka.values('t')).toEqual([]);
  expect(harness.storedNumber()).toBeNull();
  expect(harness.states).toEqual(['RUNNING']);
});

test('a value that the converter can’t write fails the task with the converter’s name', async () => {
  const harness = new TaskHarness();
  await harness.source({
    'value.converter': 'org.apache.kafka.connect.converters.LongConverter',
    'errors.log.enable': 'true',
  });
  harness.script.offer(1);
  await harness.until(() => harness.states.includes('FAILED'));
  expect(harness.logLines[0]).toContain(
    "Executing stage 'VALUE_CONVERTER' with class 'org.apache.kafka.connect.converters.LongConverter'",
  );
});

test('a record that Kafka refuses for good fails the task, and a waiting poll ends', async () => {
  const harness = new TaskHarness();
  harness.kafka.holdAcks = true;
  await harness.source();
  harness.script.offer(1);
  await harness.until(() => harness.kafka.held.length === 1);
  harness.kafka.held.splice(0)[0]?.fail(new ConnectException('too large'));
  await harness.until(() => harness.states.includes('FAILED'));
  expect(harness.failure?.message).toBe('Unrecoverable exception from producer send callback');
  expect(harness.failure?.cause).toMatchObject({ message: 'too large' });
  expect(harness.storedNumber()).toBeNull();
});

test('with tolerance all a record that Kafka refuses is skipped and its offset stored', async () => {
  const harness = new TaskHarness();
  harness.kafka.holdAcks = true;
  await harness.source({ 'errors.tolerance': 'all' });
  harness.script.offer(1, 2);
  await harness.until(() => harness.kafka.held.length === 2);
  harness.kafka.held.shift()?.fail(new ConnectException('too large'));
  harness.kafka.ackAll();
  await harness.settle();
  await harness.time.advance(1_000);
  expect(harness.storedNumber()).toBe(2n);
  expect(harness.script.committed).toEqual([0n, null]);
  await harness.stop();
});

test('a store that fails is tried again with the same offsets, told once', async () => {
  const harness = new TaskHarness();
  let full = true;
  harness.onStore = async () => {
    if (full) throw new ConnectException('State store x: the disk is full', { code: 'DISK_FULL' });
  };
  await harness.source();
  harness.script.offer(1, 2);
  await harness.until(() => harness.kafka.values('t').length === 2);
  await harness.time.advance(3_000);
  expect(harness.storedNumber()).toBeNull();
  harness.script.offer(3);
  await harness.settle();
  full = false;
  await harness.time.advance(1_000);
  expect(harness.storedNumber()).toBe(3n);
  expect(harness.logLines).toEqual([
    'WARN Source offsets could not be stored; it is tried again',
    'INFO Source offsets are stored again',
  ]);
  await harness.stop();
});

test('a store that does not answer is waited for after an interval: what would be sent again stays bounded', async () => {
  const harness = new TaskHarness();
  const answers: (() => void)[] = [];
  harness.onStore = () => new Promise((resolve) => answers.push(resolve));
  await harness.source();
  const sent = () => harness.kafka.values('t').length;
  const offer = async (...numbers: number[]) => {
    harness.script.offer(...numbers);
    await harness.settle();
  };
  await offer(1);
  await harness.time.advance(1_000);
  expect(answers).toHaveLength(1);
  await offer(2);
  expect(sent()).toBe(2);
  await harness.time.advance(1_000);
  // A poll that was waiting already still brings its records; the next one has to wait.
  await offer(3);
  await offer(4);
  await harness.time.advance(5_000);
  expect(sent()).toBe(3);
  answers.shift()?.();
  await harness.until(() => sent() === 4);
  answers.shift()?.();
  await harness.time.advance(1_000);
  for (const answer of answers.splice(0)) answer();
  await harness.settle();
  expect(harness.storedNumber()).toBe(4n);
  harness.onStore = async () => {};
  expect(await harness.stop()).toBe(true);
});

test('short records in flight are bounded in number: the rest waits until half of them are acknowledged', async () => {
  const harness = new TaskHarness();
  harness.kafka.holdAcks = true;
  await harness.source();
  harness.script.offer(...Array.from({ length: MAX_IN_FLIGHT + 10 }, (_, i) => i));
  await harness.until(() => harness.kafka.held.length === MAX_IN_FLIGHT);
  for (const { ack } of harness.kafka.held.splice(0, MAX_IN_FLIGHT / 2 - 1)) ack();
  await harness.settle();
  expect(harness.task.metrics().inFlight).toBe(MAX_IN_FLIGHT / 2 + 1);
  harness.kafka.held.shift()?.ack();
  await harness.until(() => harness.kafka.held.length === MAX_IN_FLIGHT / 2 + 10);
  harness.kafka.ackAll();
  await harness.settle();
  await harness.stop();
  expect(harness.storedNumber()).toBe(BigInt(MAX_IN_FLIGHT + 9));
});

test('an offset that no store can take fails the task', async () => {
  const harness = new TaskHarness();
  harness.onStore = async () => {
    throw new DataException('beyond int64');
  };
  await harness.source();
  harness.script.offer(1);
  await harness.until(() => harness.kafka.values('t').length === 1);
  await harness.time.advance(1_000);
  await harness.until(() => harness.states.includes('FAILED'));
  expect(harness.failure?.message).toBe('beyond int64');
});

test('a poll that fails ends the task; a RetriableException from it does not', async () => {
  const harness = new TaskHarness();
  await harness.source();
  harness.script.pollError = new RetriableException('later');
  harness.script.wake();
  await harness.settle();
  await harness.time.advance(1_000);
  expect(harness.states).toEqual(['RUNNING']);
  harness.script.pollError = new ConnectException('broken for good');
  await harness.time.advance(1_000);
  await harness.until(() => harness.states.includes('FAILED'));
  expect(harness.failure?.message).toBe('broken for good');
});

test('pause ends polling and resume goes on', async () => {
  const harness = new TaskHarness();
  await harness.source();
  harness.task.pause();
  harness.script.offer(1);
  await harness.until(() => harness.states.at(-1) === 'PAUSED');
  harness.script.offer(2);
  await harness.settle();
  expect(harness.kafka.values('t')).toEqual(['1']);
  await harness.time.advance(1_000);
  expect(harness.storedNumber()).toBe(1n);
  harness.task.resume();
  await harness.until(() => harness.kafka.values('t').length === 2);
  expect(harness.states).toEqual(['RUNNING', 'PAUSED', 'RUNNING']);
  await harness.stop();
});

test('a task that begins paused opens nothing until it is resumed', async () => {
  const harness = new TaskHarness();
  await harness.source({}, true);
  await harness.settle();
  expect(harness.states).toEqual(['PAUSED']);
  expect(harness.kafka.producers).toEqual([]);
  harness.task.resume();
  await harness.until(() => harness.script.log.length > 0);
  await harness.stop();
});

test('a task that never lets go of poll is given up, and may not store anything any more', async () => {
  const harness = new TaskHarness();
  harness.script.neverStops = true;
  await harness.source();
  expect(await harness.stop(5_000)).toBe(false);
});

test('Kafka that does not answer is waited for, since when is said, and the state stays RUNNING', async () => {
  const harness = new TaskHarness();
  harness.kafka.holdAcks = true;
  await harness.source();
  harness.script.offer(1, 2);
  await harness.until(() => harness.kafka.held.length === 2);
  const sent = harness.time.milliseconds();
  await harness.time.advance(10_000);
  expect(harness.task.metrics().waitingFor).toEqual({
    what: 'Kafka at memory:9092 to acknowledge 2 records',
    since: sent,
  });
  expect(harness.states).toEqual(['RUNNING']);
  harness.kafka.ackAll();
  await harness.time.advance(1_000);
  expect(harness.task.metrics().waitingFor).toBeNull();
  await harness.stop();
});

test('topic.creation settings make the topic before its first record', async () => {
  const harness = new TaskHarness();
  await harness.source({
    'topic.creation.default.partitions': '3',
    'topic.creation.default.replication.factor': '1',
    'topic.creation.groups': 'small',
    'topic.creation.small.include': 'other,t.*',
    'topic.creation.small.partitions': '2',
  });
  harness.script.offer(1);
  await harness.until(() => harness.kafka.values('t').length === 1);
  expect(harness.kafka.created).toEqual([{ name: 't', numPartitions: 2, replicationFactor: 1 }]);
  await harness.stop();
});

test('a configuration that can’t start a task fails it with a trace and leaves nothing open', async () => {
  const harness = new TaskHarness();
  await harness.source({
    transforms: 'f',
    'transforms.f.type': 'RegexRouter',
    'transforms.f.regex': 'a',
    'transforms.f.replacement': 'b',
    'transforms.f.predicate': 'nope',
  });
  await harness.until(() => harness.states.includes('FAILED'));
  expect(harness.failure?.message).toContain("Unknown configuration 'predicates.nope.type'");
  expect(harness.kafka.producers).toEqual([]);
  expect(harness.time.pending).toBe(0);
});

test('the producer gets what at-least-once needs, then the worker’s, then the connector’s settings', async () => {
  const harness = new TaskHarness();
  await harness.source({ 'producer.override.linger.ms': '50', 'producer.override.client.id': 'mine' });
  expect(harness.kafka.producers[0]?.config).toMatchObject({
    'bootstrap.servers': 'memory:9092',
    acks: 'all',
    'delivery.timeout.ms': '2147483647',
    'linger.ms': '50',
    'client.id': 'mine',
  });
  await harness.stop();
});
