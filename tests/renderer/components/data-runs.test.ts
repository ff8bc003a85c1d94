import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dataRuns } from '../../../renderer/components/data-runs.ts';

const drawn = (...args: Parameters<typeof dataRuns>) => dataRuns(...args).map(({ text }) => text);

describe('dataRuns', () => {
  test('leaves plain text in one piece', () => {
    expect(dataRuns('Grüße aus Frankfurt 👨‍👩‍👧 مرحبا')).toEqual([
      { kind: 'text', text: 'Grüße aus Frankfurt 👨‍👩‍👧 مرحبا' },
    ]);
    expect(dataRuns('')).toEqual([]);
  });

  test('shows controls and what turns text around', () => {
    expect(drawn('a\u0000b\u001b[31m\u007f')).toEqual(['a', '\\0', 'b', '\\x1b', '[31m', '\\x7f']);
    expect(drawn('abc\u202exe.txt')).toEqual(['abc', 'U+202E', 'xe.txt']);
    expect(drawn('\ufeffx\ud800')).toEqual(['U+FEFF', 'x', 'U+D800']);
  });

  test('line ends are signs in one line and themselves in many', () => {
    expect(drawn('a\n\tb')).toEqual(['a', '\\n', '\\t', 'b']);
    expect(drawn('a\n\tb', [], true)).toEqual(['a\n\tb']);
  });

  test('marks matches, signs inside them too', () => {
    expect(dataRuns('xx\u0000yy', [[1, 4]])).toEqual([
      { kind: 'text', text: 'x' },
      { kind: 'mark', text: 'x' },
      { kind: 'sign', text: '\\0', marked: true },
      { kind: 'mark', text: 'y' },
      { kind: 'text', text: 'y' },
    ]);
  });

  test('loses and adds nothing but signs', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(), fc.nat(), (text, a, b) => {
        const [start, end] = [a % (text.length + 1), b % (text.length + 1)].sort((x, y) => x - y) as [number, number];
        const runs = dataRuns(text, [[start, end]], true);
        const plain = runs.filter(({ kind }) => kind !== 'sign').reduce((sum, run) => sum + run.text.length, 0);
        const signs = runs.filter(({ kind }) => kind === 'sign').length;
        expect(plain + signs).toBeLessThanOrEqual(text.length);
        expect(plain + 2 * signs).toBeGreaterThanOrEqual(text.length);
      }),
    );
  });
});
