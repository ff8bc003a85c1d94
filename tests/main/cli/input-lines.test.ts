import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inputLines } from '../../../main/cli/input-lines.ts';

async function linesOf(...chunks: (string | Buffer)[]): Promise<string[]> {
  const lines: string[] = [];
  const input = Readable.from(chunks.map((chunk) => Buffer.from(chunk as string)));
  for await (const line of inputLines(input, new AbortController().signal)) lines.push(line);
  return lines;
}

test.each([
  ['a\nb\r\nc\rd', ['a', 'b', 'c', 'd']],
  ['a\n\nb\n', ['a', '', 'b']],
  ['one\u2028line\u2029of\u0085text\n', ['one\u2028line\u2029of\u0085text']],
  ['', []],
  ['\n', ['']],
])('%j is %j', async (text, lines) => {
  expect(await linesOf(text)).toEqual(lines);
});

test('a line feed of its own after one that was cut off its return is a line', async () => {
  expect(await linesOf('a\r', '\n', '\n', 'b')).toEqual(['a', '', 'b']);
});

test('lines are the same however the input is cut', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'ä', '€', '😀', '\n', '\r', '\u2028') });
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat(60)), async (whole, cuts) => {
      const bytes = Buffer.from(whole);
      const places = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
      const chunks = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
      const expected = whole.split(/\r\n|[\r\n]/);
      if (expected.at(-1) === '') expected.pop();
      expect(await linesOf(...chunks)).toEqual(expected);
    }),
  );
});

test('an abort ends it, also while nothing comes', async () => {
  const abort = new AbortController();
  const input = new Readable({ read() {} });
  input.push('a\nhalf');
  const lines = inputLines(input, abort.signal);
  expect(await lines.next()).toEqual({ done: false, value: 'a' });
  const next = lines.next();
  abort.abort();
  expect(await next).toEqual({ done: true, value: undefined });
});
