import { describe, expect, test } from 'vitest';
import { JavaPattern } from '../../../../../main/connect/api/regex/java-pattern.ts';
import { RegexTooExpensive } from '../../../../../main/connect/api/regex/machine.ts';
import { RegexSyntaxError } from '../../../../../main/connect/api/regex/syntax.ts';
import { expectAsJava } from '../../../../kit/connect-oracle/expect-as-java.ts';
import { cpuMilliseconds } from '../../../../kit/cpu-time.ts';

describe('Java regular expressions', () => {
  expectAsJava('regex');

  test.each([
    '(a+)+',
    '(a|a)*',
    '(a*)*',
    '(a|aa)+',
    '.*(a+)+b',
    '(.*)(.*)(.*)(.*)(.*)(.*)[b]',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
  ])('%s does not take exponential time', (pattern) => {
    const started = performance.now();
    expect(new JavaPattern(pattern).matches(`${'a'.repeat(249)}!`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
  });

  test('with a backreference the steps are counted, so an explosive pattern ends with an error', () => {
    const pattern = new JavaPattern('(a*)*\\1b');
    const spent = cpuMilliseconds(() => {
      expect(() => pattern.find('a'.repeat(200))).toThrow(RegexTooExpensive);
    });
    expect(spent).toBeLessThan(1000);
  });

  test('a text too long for its pattern is refused instead of filling the memory', () => {
    const pattern = new JavaPattern('(a|b|c|d|e|f|g|h){100}');
    expect(() => pattern.find('x'.repeat(10_000_000))).toThrow(RegexTooExpensive);
  });

  test('a pattern that grows too large when written out is refused', () => {
    expect(() => new JavaPattern('((a{100}){100}){100}')).toThrow(RegexSyntaxError);
  });

  test('groups nested too deep are refused', () => {
    expect(() => new JavaPattern('('.repeat(100_000))).toThrow(RegexSyntaxError);
  });

  test('a class nested too deep is refused', () => {
    expect(() => new JavaPattern('['.repeat(100_000))).toThrow(RegexSyntaxError);
  });
});
