import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const css = readFileSync(resolve(import.meta.dirname, '../../../renderer/styles/tokens.css'), 'utf8');

/** Every `--name: light-dark(#…, #…)`. */
const colours = new Map(
  [...css.matchAll(/--([\w-]+):\s*light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(([, name, light, dark]) => [
    name!,
    { light: light!, dark: dark! },
  ]),
);

/** Relative luminance and contrast as WCAG 2 defines them. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const GROUNDS = [
  'ground-app',
  'ground-subtle',
  'ground',
  'ground-raised',
  'ground-hover',
  'ground-pressed',
  'ground-selected',
];
const STATES = ['running', 'paused', 'stopped', 'failed', 'unassigned'];
const TEXT_ON: readonly (readonly [text: string, grounds: readonly string[]])[] = [
  ['ink', [...GROUNDS, 'ground-match', 'accent-wash', ...STATES.map((state) => `${state}-wash`)]],
  ['ink-2', [...GROUNDS, 'accent-wash', 'failed-wash', 'paused-wash']],
  ['ink-3', GROUNDS],
  ['accent', [...GROUNDS, 'accent-wash']],
  ['on-accent', ['accent', 'accent-hover']],
  ['on-failed', ['failed']],
  ...STATES.map((state) => [state, [...GROUNDS, `${state}-wash`]] as const),
  ...['name', 'string', 'number', 'constant'].map(
    (kind) => [`json-${kind}`, [...GROUNDS, 'ground-match', 'paused-wash']] as const,
  ),
];
const OUTLINE_ON: readonly (readonly [line: string, grounds: readonly string[]])[] = [
  ['line-control', ['ground', 'ground-subtle', 'ground-raised', 'ground-app']],
  ['focus', GROUNDS],
  ['chart', ['ground']],
];

describe.each(['light', 'dark'] as const)('colours of the %s theme', (theme) => {
  const of = (name: string) => {
    const pair = colours.get(name);
    if (!pair) throw new Error(`tokens.css has no colour --${name}`);
    return pair[theme];
  };
  const weak = (pairs: typeof TEXT_ON, least: number) =>
    pairs.flatMap(([front, grounds]) =>
      grounds.flatMap((ground) => {
        const ratio = contrast(of(front), of(ground));
        return ratio < least ? [`${front} on ${ground}: ${ratio.toFixed(2)}`] : [];
      }),
    );

  test('text reaches 4.5:1 on every ground it lies on', () => {
    expect(weak(TEXT_ON, 4.5)).toEqual([]);
  });

  test('outlines, focus rings and charts reach 3:1', () => {
    expect(weak(OUTLINE_ON, 3)).toEqual([]);
  });
});
