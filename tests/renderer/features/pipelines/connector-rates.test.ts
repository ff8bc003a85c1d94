import { describe, expect, test } from 'vitest';
import { ConnectorRates } from '../../../../renderer/features/pipelines/connector-rates.ts';

const row = (name: string, recordsPerSecond: number) => ({ name, recordsPerSecond });

describe('ConnectorRates', () => {
  test('keeps five minutes of each connector, newest last, with holes where nothing was measured', () => {
    const rates = new ConnectorRates();
    rates.add(0, [row('a', 1)]);
    rates.add(1_000, [row('a', 2)]);
    rates.add(6_100, [row('a', 3)]);
    expect(rates.of('a')).toHaveLength(150);
    expect(rates.of('a').slice(-5)).toEqual([undefined, 2, undefined, undefined, 3]);
  });

  test('forgets what is longer ago and connectors that are gone', () => {
    const rates = new ConnectorRates();
    rates.add(0, [row('a', 1), row('b', 1)]);
    rates.add(400_000, [row('a', 7)]);
    expect(rates.of('a').filter((rate) => rate !== undefined)).toEqual([7]);
    expect(rates.of('b')).toEqual([]);
  });
});
