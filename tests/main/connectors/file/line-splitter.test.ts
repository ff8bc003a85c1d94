import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineSplitter, LineTooLong } from '../../../../main/connectors/file/line-splitter.ts';

interface Split {
  lines: [text: string, end: number][];
  tooLong: number[];
  rest: string | null;
}

function split(pieces: readonly Buffer[], { position = 0, limit = 1 << 20 } = {}): Split {
  const splitter = new LineSplitter(position, limit);
  const result: Split = { lines: [], tooLong: [], rest: null };
  for (const piece of pieces) {
    // The source reads into one buffer again and again: what was pushed before must not matter.
    const buffer = Buffer.from(piece);
    splitter.push(buffer);
    for (let line = splitter.next(); line !== null; line = splitter.next()) {
      if (line instanceof LineTooLong) result.tooLong.push(line.start);
      else result.lines.push([line.text, line.end]);
    }
    buffer.fill('#');
  }
  result.rest = splitter.finish()?.text ?? null;
  return result;
}

/** The rule said plainly: over the whole text at once. */
function expected(text: string): Split {
  const lines: [string, number][] = [];
  let end = 0;
  let rest = text;
  for (;;) {
    const match = /^([^\r\n]*)(\r\n|\n|\r(?=[^\n]))/.exec(rest);
    if (!match) break;
    end += Buffer.byteLength(match[0]);
    lines.push([match[1] as string, end]);
    rest = rest.slice(match[0].length);
  }
  return { lines, tooLong: [], rest: rest === '' ? null : rest.replace(/\r$/, '') };
}

test('line feed, carriage return and both together end a line, and positions count bytes', () => {
  const { lines, rest } = split([Buffer.from('ä\nb\rc\r\n\n€\r\rrest')]);
  expect(lines).toEqual([
    ['ä', 3],
    ['b', 5],
    ['c', 8],
    ['', 9],
    ['€', 13],
    ['', 14],
  ]);
  expect(rest).toBe('rest');
});

test('a carriage return at the end of what was read waits for the next byte', () => {
  const splitter = new LineSplitter(0, 100);
  splitter.push(Buffer.from('a\r'));
  expect(splitter.next()).toBeNull();
  splitter.push(Buffer.from('\nb\r'));
  expect(splitter.next()).toMatchObject({ text: 'a', end: 3 });
  expect(splitter.next()).toBeNull();
  splitter.push(Buffer.from('c'));
  expect(splitter.next()).toMatchObject({ text: 'b', end: 5 });
});

test('however the bytes are cut into pieces, the lines are the same', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '€', '😀', '\r', '\n', '\r\n', 'xyz'), maxLength: 60 });
  fc.assert(
    fc.property(text, fc.array(fc.nat({ max: 12 })), (content, cuts) => {
      const bytes = Buffer.from(content);
      const pieces: Buffer[] = [];
      let at = 0;
      for (const cut of cuts) {
        if (cut > 0 && at < bytes.length) pieces.push(bytes.subarray(at, at + cut));
        at += cut;
      }
      if (at < bytes.length) pieces.push(bytes.subarray(at));
      expect(split(pieces)).toEqual(expected(content));
    }),
    { numRuns: 2_000 },
  );
});

test('a line over the limit is told once and left out, its neighbours are whole', () => {
  for (const size of [1, 3, 7, 1000]) {
    const bytes = Buffer.from('ok\n1234567890\nfine\r\n12345678901\r\nend\n');
    const pieces: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
    expect(split(pieces, { position: 100, limit: 9 })).toEqual({
      lines: [
        ['ok', 103],
        ['fine', 120],
        ['end', 137],
      ],
      tooLong: [103, 120],
      rest: null,
    });
  }
});

test('bytes that are not UTF-8 are marked, a real replacement character is not', () => {
  const splitter = new LineSplitter(0, 100);
  splitter.push(Buffer.concat([Buffer.from([0x61, 0xff, 0x0a]), Buffer.from('\ufffd\n')]));
  expect(splitter.next()).toEqual({ text: 'a\ufffd', end: 3, malformed: true });
  expect(splitter.next()).toEqual({ text: '\ufffd', end: 7, malformed: false });
});
