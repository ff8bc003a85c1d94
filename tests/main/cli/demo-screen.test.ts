import { expect, test } from 'vitest';
import type { ConsumerRecord } from '../../../common/kafka/records.ts';
import { DemoScreen } from '../../../main/cli/demo-screen.ts';
import { MockTime } from '../../kit/mock-time.ts';

const records = (count: number, partition = 0): ConsumerRecord[] =>
  Array.from({ length: count }, (_, i) => ({
    topic: 'tweets',
    partition,
    offset: BigInt(i),
    timestamp: BigInt(1_700_000_000_000 + i * 1_000 + partition),
    timestampType: 'CreateTime' as const,
    leaderEpoch: null,
    key: null,
    value: Buffer.from(`text ${partition}/${i}`),
    headers: [],
  }));

function screen(interactive: boolean) {
  const time = new MockTime();
  let out = '';
  const write = async (text: string) => {
    out += text;
    return true;
  };
  const options = { time, write, interactive, columns: () => 60, where: 'topic tweets on localhost:9092' };
  const made = new DemoScreen(options);
  return {
    time,
    screen: made,
    text: () => {
      const text = out;
      out = '';
      return text;
    },
  };
}

test('without a terminal there are lines and a summary, and no control sequences', async () => {
  const { screen: it, time, text } = screen(false);
  await it.show([...records(2, 1), ...records(2)]);
  await time.advance(2_000);
  await it.finish();
  const lines = text().trimEnd().split('\n');
  expect(lines.slice(0, 4).map((line) => line.slice(-8))).toEqual(['text 0/0', 'text 1/0', 'text 0/1', 'text 1/1']);
  expect(lines[4]).toBe('4 records in 2.0 s (2.0 records/s), topic tweets on localhost:9092');
});

test('in a terminal the rate line stands last, no wider than the terminal, and is replaced', async () => {
  const { screen: it, time, text } = screen(true);
  await time.advance(1_000);
  await it.show(records(20));
  const [, last] = /\n([^\n]*)$/.exec(text()) ?? [];
  expect(last).toMatch(/^20\.0 records\/s · 20 records/);
  expect(last?.length).toBeLessThan(60);
  await it.show([]);
  expect(text()).toMatch(/^\r\x1b\[2K20\.0 records\/s/);
});

test('of more records than can be read the newest are shown, and the rate line says so', async () => {
  const { screen: it, time, text } = screen(true);
  await it.show(records(40));
  text();
  await time.advance(500);
  await it.show(records(1_000));
  const shown = text();
  expect(shown.split('\n').length - 1).toBe(20);
  expect(shown).toContain('text 0/999');
  expect(shown).toContain('(some are shown)');
  expect(it.records).toBe(1_040);
});
