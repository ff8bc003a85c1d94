import { expect, test } from 'vitest';
import { compareVersions } from '../../../../main/connect/plugins/artifact-version.ts';
import { VersionRange } from '../../../../main/connect/plugins/version-range.ts';

test('a version alone is that one, a range what lies in it, latest any', () => {
  const holds = (range: string, version: string) => VersionRange.parse(range)?.contains(version);
  expect(holds('4.3.1', '4.3.1')).toBe(true);
  expect(holds('4.3', '4.3.1')).toBe(false);
  expect(holds('[4.0,5.0)', '4.3.1')).toBe(true);
  expect(holds('[4.0,4.3.1)', '4.3.1')).toBe(false);
  expect(holds('(,4]', '4.3.1')).toBe(false);
  expect(holds('(4.3,)', '4.3.1')).toBe(true);
  expect(holds('[1,2],[4,5]', '4.3.1')).toBe(true);
  expect(VersionRange.parse('latest')).toBeNull();
  expect(holds('LATEST', '4.3.1')).toBe(false);
  expect(() => VersionRange.parse('[4')).toThrow('Unbounded range: [4');
});

test('versions are ordered by their numbers, and a candidate comes before its release', () => {
  const sorted = ['4.3.0-rc1', '4.3', '4.3.1', '4.10', '10.0'];
  for (const [i, version] of sorted.entries())
    for (const [j, other] of sorted.entries())
      expect(Math.sign(compareVersions(version, other))).toBe(Math.sign(i - j));
  expect(compareVersions('4.3', '4.3.0')).toBe(0);
});
