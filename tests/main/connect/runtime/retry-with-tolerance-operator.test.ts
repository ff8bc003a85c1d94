import { expect, test } from 'vitest';
import { DataException, RetriableException } from '../../../../common/errors.ts';
import type { SourceRecord } from '../../../../main/connect/api/records.ts';
import {
  type ErrorHandling,
  RetryWithToleranceOperator,
  SKIPPED,
} from '../../../../main/connect/runtime/errors/retry-with-tolerance-operator.ts';
import type { FailedOperation } from '../../../../main/connect/runtime/errors/stage.ts';
import { TaskMetrics } from '../../../../main/connect/runtime/task-metrics.ts';
import { TransformationChain } from '../../../../main/connect/runtime/transformation-chain.ts';
import { MockTime } from '../../../kit/mock-time.ts';

const RECORD: SourceRecord = {
  topic: 't',
  kafkaPartition: null,
  keySchema: null,
  key: null,
  valueSchema: null,
  value: 'v',
  timestamp: null,
  headers: [],
  sourcePartition: {},
  sourceOffset: {},
};

function operatorWith(handling: Partial<ErrorHandling>, random = () => 0.5) {
  const time = new MockTime();
  const reported: FailedOperation<SourceRecord>[] = [];
  const metrics = new TaskMetrics();
  const operator = new RetryWithToleranceOperator<SourceRecord>({
    handling: { retryTimeoutMs: 0n, retryDelayMaxMs: 60_000n, tolerance: 'none', ...handling },
    reporters: [{ report: (failure) => void reported.push(failure), close: () => {} }],
    metrics,
    time,
    random,
    signal: new AbortController().signal,
  });
  return { operator, time, reported, metrics };
}

test('a pause that would be longer than errors.retry.delay.max.ms is of random length up to it', async () => {
  const { operator, time } = operatorWith({ retryTimeoutMs: -1n, retryDelayMaxMs: 1_000n }, () => 0.25);
  const tries: number[] = [];
  const start = time.milliseconds();
  const done = operator.recover(RECORD, 'VALUE_CONVERTER', 'C', new RetriableException('first'), () => {
    tries.push(time.milliseconds() - start);
    if (tries.length < 5) throw new RetriableException('not yet');
    return 'result';
  });
  await time.advance(10_000);
  expect(await done).toBe('result');
  expect(tries).toEqual([300, 900, 1_150, 1_400, 1_650]);
});

test('the last pause ends where errors.retry.timeout does', async () => {
  const { operator, time, metrics } = operatorWith({ retryTimeoutMs: 1_000n, tolerance: 'all' });
  const tries: number[] = [];
  const start = time.milliseconds();
  const done = operator.recover(RECORD, 'VALUE_CONVERTER', 'C', new RetriableException('first'), () => {
    tries.push(time.milliseconds() - start);
    throw new RetriableException('never');
  });
  await time.advance(10_000);
  expect(await done).toBe(SKIPPED);
  expect(tries).toEqual([300, 900, 1_000]);
  expect(metrics.skipped).toBe(1);
});

test('what can’t succeed later is not tried again', async () => {
  const { operator, reported } = operatorWith({ retryTimeoutMs: -1n, tolerance: 'all' });
  let tries = 0;
  const result = await operator.recover(RECORD, 'KEY_CONVERTER', 'C', new DataException('bad'), () => ++tries);
  expect([result, tries]).toEqual([SKIPPED, 0]);
  expect(reported.map(({ stage, executingClass, error }) => [stage, executingClass, error.message])).toEqual([
    ['KEY_CONVERTER', 'C', 'bad'],
  ]);
});

test('a predicate that throws fails the transformation that it is for', async () => {
  for (const tolerance of ['none', 'all'] as const) {
    const { operator, reported } = operatorWith({ tolerance });
    const stage = {
      className: 'test.Transformation',
      transformation: { apply: <R>(record: R): R => record },
      predicate: {
        test: () => {
          throw new DataException('no header');
        },
      },
      negate: false,
    };
    const result = Promise.resolve(new TransformationChain([stage], operator).apply(RECORD, RECORD));
    if (tolerance === 'all') expect(await result).toBe(SKIPPED);
    else await expect(result).rejects.toThrow('Tolerance exceeded in error handler');
    expect(reported.map(({ stage: at, executingClass }) => [at, executingClass])).toEqual([
      ['TRANSFORMATION', 'test.Transformation'],
    ]);
  }
});
