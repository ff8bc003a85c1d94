import { expect, test } from 'vitest';
import type { ConsumerRecord } from '../../../common/kafka/records.ts';
import { recordFilter } from '../../../main/topics/record-filter.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const record = (parts: {
  key?: string;
  value?: string | null;
  headers?: [string, string | null][];
}): ConsumerRecord => ({
  topic: 't',
  partition: 0,
  offset: 0n,
  timestamp: 0n,
  timestampType: 'CreateTime',
  leaderEpoch: null,
  key: parts.key === undefined ? null : bytes(parts.key),
  value: parts.value == null ? null : bytes(parts.value),
  headers: (parts.headers ?? []).map(([key, value]) => ({
    key: bytes(key),
    value: value === null ? null : bytes(value),
  })),
});

test('a text is found in key, value, header key and header value, without regard to case', () => {
  const matches = recordFilter({ type: 'text', text: 'frankfurt' });
  expect(matches(record({ value: 'S8 nach FRANKFURT Hbf' }))).toBe(true);
  expect(matches(record({ key: 'Frankfurt' }))).toBe(true);
  expect(matches(record({ headers: [['frankfurt', null]] }))).toBe(true);
  expect(matches(record({ headers: [['city', 'Frankfurt']] }))).toBe(true);
  expect(matches(record({ value: null }))).toBe(false);
  expect(matches(record({ key: 'Frank', value: 'furt' }))).toBe(false);
  expect(recordFilter({ type: 'text', text: 'ÜBER' })(record({ value: 'Brücke über den Main' }))).toBe(true);
});

test('matchCase compares bytes', () => {
  const matches = recordFilter({ type: 'text', text: 'Über', matchCase: true });
  expect(matches(record({ value: 'Über den Main' }))).toBe(true);
  expect(matches(record({ value: 'über den Main' }))).toBe(false);
});

test('an empty text and no filter let everything through', () => {
  for (const filter of [undefined, { type: 'none' } as const, { type: 'text', text: '' } as const])
    expect(recordFilter(filter)(record({}))).toBe(true);
});

test('a regular expression is tried on each part by itself', () => {
  const matches = recordFilter({ type: 'regex', source: '^s\\d+$', flags: 'i' });
  expect(matches(record({ key: 'S8' }))).toBe(true);
  expect(matches(record({ key: 'S8', value: 'x' }))).toBe(true);
  expect(matches(record({ value: 'S8 S9' }))).toBe(false);
});

test('bytes that are no UTF-8 do not stop it', () => {
  const broken = { ...record({}), value: new Uint8Array([0xff, 0xfe, 0x61]) };
  expect(recordFilter({ type: 'regex', source: 'a$' })(broken)).toBe(true);
});
