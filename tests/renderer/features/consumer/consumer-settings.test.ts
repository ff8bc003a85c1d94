import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FORMATS } from '../../../../common/kafka/decode.ts';
import { fromJson, KEEP, toJson } from '../../../../renderer/features/consumer/consumer-settings.ts';

test('settings come back from JSON as they were', () => {
  const int64 = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
  const settings = fc.record({
    start: fc.oneof(
      fc.constantFrom({ type: 'now' as const }, { type: 'beginning' as const }),
      int64.map((offset) => ({ type: 'offset' as const, offset })),
      int64.map((timestamp) => ({ type: 'timestamp' as const, timestamp })),
    ),
    partitions: fc.option(fc.array(fc.nat(), { minLength: 1 })),
    filter: fc.record({ text: fc.string(), matchCase: fc.boolean() }),
    keep: fc.constantFrom(...KEEP),
    keyFormat: fc.constantFrom(...FORMATS),
    valueFormat: fc.constantFrom(...FORMATS),
  });
  fc.assert(
    fc.property(settings, (value) => {
      expect(fromJson(JSON.parse(JSON.stringify(toJson(value))))).toEqual(value);
    }),
  );
});

test('anything else that JSON can hold becomes settings too', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      expect(fromJson({ start: json, partitions: json, filter: json, keep: json })).toHaveProperty('start.type');
      expect(fromJson(json)).toHaveProperty('keep', KEEP[0]);
    }),
  );
});
