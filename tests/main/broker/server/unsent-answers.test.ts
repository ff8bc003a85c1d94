import { expect, test } from 'vitest';
import { UnsentAnswers } from '../../../../main/broker/server/unsent-answers.ts';

const MIB = 1024 * 1024;

class FakeReader {
  unsentBytes = 0;
  taken: number;
  isClosed = false;
  readonly #unsent: UnsentAnswers;

  constructor(unsent: UnsentAnswers, taken: number) {
    this.#unsent = unsent;
    this.taken = taken;
  }

  has(bytes: number): void {
    this.unsentBytes = bytes;
    this.#unsent.changed(this);
  }

  close(): void {
    this.isClosed = true;
  }
}

test('further answers are the smaller the more wait, yet never smaller than a megabyte', () => {
  const unsent = new UnsentAnswers(100 * MIB);
  const reader = new FakeReader(unsent, 0);
  expect(unsent.room).toBe(50 * MIB);
  reader.has(60 * MIB);
  expect(unsent.room).toBe(20 * MIB);
  reader.has(99 * MIB);
  expect(unsent.room).toBe(MIB);
  reader.has(0);
  expect([unsent.room, unsent.bytes]).toEqual([50 * MIB, 0]);
});

test('beyond the bound those go that took nothing for longest, the latest never', () => {
  const unsent = new UnsentAnswers(100 * MIB);
  const [first, stuck, third, latest] = [5, 1, 3, 0].map((taken) => new FakeReader(unsent, taken));
  for (const reader of [first, stuck, third]) reader!.has(30 * MIB);
  latest!.has(50 * MIB);
  expect([first, stuck, third, latest].map((each) => each!.isClosed)).toEqual([false, true, true, false]);
  expect(unsent.bytes).toBe(80 * MIB);
  latest!.has(200 * MIB);
  expect([first!.isClosed, latest!.isClosed]).toEqual([true, false]);
});

test('a reader that is gone counts no more', () => {
  const unsent = new UnsentAnswers(100 * MIB);
  const reader = new FakeReader(unsent, 0);
  reader.has(70 * MIB);
  unsent.forget(reader);
  unsent.forget(reader);
  expect(unsent.bytes).toBe(0);
});
