import { expect, test } from 'vitest';
import type { Time } from '../../../../common/time.ts';
import type { LogConfig } from '../../../../main/broker/log/log-config.ts';
import type { PartitionLog } from '../../../../main/broker/log/partition-log.ts';
import { Retention } from '../../../../main/broker/metadata/retention.ts';
import { batchOf, LogLife } from '../../../kit/log-environment.ts';
import { recordingLogger } from '../../../kit/recording-logger.ts';
import { SimFileSystem } from '../../../kit/sim-file-system.ts';

const HOUR = 3_600_000;

/** A wall clock that can leap while the other one goes on. */
class LeapingTime implements Time {
  wall = 1_700_000_000_000;
  monotonic = 0;

  pass(ms: number): void {
    this.wall += ms;
    this.monotonic += ms;
  }

  milliseconds = () => this.wall;
  hiResMilliseconds = () => this.monotonic;
  nanoseconds = () => BigInt(this.monotonic) * 1_000_000n;
  timer = () => ({ cancel: () => {} });
}

/** A log with one segment for each batch; the batches lie an hour apart and end now. */
async function logOf(
  time: LeapingTime,
  batches: number,
  config: Partial<LogConfig> = {},
  partition = 0,
): Promise<PartitionLog> {
  const log = new LogLife(new SimFileSystem(), '/log').open({ partition, config: { segmentBytes: 100, ...config } });
  for (let i = 0; i < batches; i++) {
    const timestamp = BigInt(time.wall - (batches - i) * HOUR);
    await log.append(batchOf(['x'.repeat(100)], { timestamp })).committed.wait();
  }
  return log;
}

function retention(time: Time, maxTotalBytes: number | null = null) {
  const { logger, lines } = recordingLogger();
  return { retention: new Retention(time, logger, maxTotalBytes), lines };
}

test('segments whose latest record is too old go', async () => {
  const time = new LeapingTime();
  const log = await logOf(time, 10, { retentionMs: 5 * HOUR });
  retention(time).retention.check([log]);
  expect([log.logStartOffset, log.segments.length]).toEqual([5n, 5]);
});

test('the active segment goes too when all of it is old, and the offsets go on', async () => {
  const time = new LeapingTime();
  const log = await logOf(time, 3, { retentionMs: HOUR / 2 });
  retention(time).retention.check([log]);
  expect([log.logStartOffset, log.logEndOffset, log.size]).toEqual([3n, 3n, 0]);
  retention(time).retention.check([log]);
  expect(log.append(batchOf(['next'])).firstOffset).toBe(3n);
});

test('records without a timestamp are as old as their file', async () => {
  const time = new LeapingTime();
  const log = new LogLife(new SimFileSystem(), '/log').open({ config: { segmentBytes: 100, retentionMs: HOUR } });
  for (let i = 0; i < 3; i++) await log.append(batchOf(['x'.repeat(100)], { timestamp: -1n })).committed.wait();
  retention(time).retention.check([log]);
  expect(log.logStartOffset).toBe(0n);
  time.pass(2 * HOUR);
  retention(time).retention.check([log]);
  expect(log.logStartOffset).toBe(3n);
});

test('a partition keeps its size; the segment that reaches into it stays whole', async () => {
  const time = new LeapingTime();
  const log = await logOf(time, 10);
  const segment = log.segments[0]!.size;
  log.config = { ...log.config, retentionBytes: Math.round(segment * 3.5) };
  retention(time).retention.check([log]);
  expect(log.segments.length).toBe(4);
});

test('without limits, and with compaction alone, nothing goes', async () => {
  const time = new LeapingTime();
  const kept = await logOf(time, 5);
  const compacted = await logOf(time, 0, { isCompacted: true, isDeleted: false, retentionMs: 1 });
  retention(time).retention.check([kept, compacted]);
  expect(kept.logStartOffset).toBe(0n);
});

test('beyond the bound of all topics the oldest segments go, whosever they are, and it is said', async () => {
  const time = new LeapingTime();
  const old = await logOf(time, 10, {}, 0);
  time.pass(6 * HOUR);
  const young = await logOf(time, 10, {}, 1);
  const segment = old.segments[0]!.size;
  const { retention: bounded, lines } = retention(time, segment * 12);
  bounded.check([old, young]);
  // Ages in hours: old 16 to 7, young 10 to 1. The eight oldest of them go.
  expect([old.segments.length, young.segments.length]).toEqual([3, 9]);
  expect(lines[0]).toMatch(/WARN All topics together have \d+ bytes.*the oldest \d+ bytes of t-0 are removed/);
  expect(lines).toHaveLength(8);
});

test('after the clock leapt, time takes one segment a check, until none is left to take', async () => {
  const time = new LeapingTime();
  const log = await logOf(time, 6, { retentionMs: 1000 * HOUR });
  const { retention: careful, lines } = retention(time);
  careful.check([log]);
  expect(log.logStartOffset).toBe(0n);
  time.wall += 10_000 * HOUR;
  for (let i = 1n; i <= 5n; i++) {
    time.pass(300_000);
    careful.check([log]);
    expect(log.logStartOffset).toBe(i);
  }
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/WARN The clock leapt ahead by 600000 minutes/);
});

test('a clock that leapt and was put right again costs one segment at most', async () => {
  const time = new LeapingTime();
  const log = await logOf(time, 6, { retentionMs: 1000 * HOUR });
  const { retention: careful } = retention(time);
  time.wall += 10_000 * HOUR;
  careful.check([log]);
  time.wall -= 10_000 * HOUR;
  for (let i = 0; i < 5; i++) careful.check([log]);
  expect(log.logStartOffset).toBe(1n);
});
