import { expect, test } from 'vitest';
import { autoOffsetReset } from '../../../../main/kafka/settings/auto-offset-reset.ts';

/** What `java.time.Duration.parse` makes of them, ms; null: it refuses, or the duration is negative. */
test.each<[string, number | null]>([
  ['PT0S', 0],
  ['P1D', 86_400_000],
  ['PT1H30M', 5_400_000],
  ['P2DT3H4M5.25S', 183_845_250],
  ['pt15m', 900_000],
  ['PT-1H2H', null],
  ['PT-1H', null],
  ['-PT-1H', 3_600_000],
  ['PT1,5S', 1_500],
  ['PT.5S', null],
  ['P', null],
  ['PT', null],
  ['P1DT', null],
  ['P1W', null],
  ['1H', null],
  ['', null],
])('by_duration:%s is %s ms', (duration, agoMs) => {
  expect(autoOffsetReset(`by_duration:${duration}`)).toEqual(agoMs === null ? null : { agoMs });
});
