import { defineConfig } from 'vitest/config';

/**
 * Three kinds of tests by file name; `scripts/test.mjs` runs them one kind after another. The time-outs are there to end
 * what hangs, on a machine ten times slower than usual: no test is about how long it takes.
 */
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['tests/**/*.test.{ts,tsx}'],
          exclude: ['tests/**/*.servers.test.ts', 'tests/e2e/**'],
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'servers',
          include: ['tests/**/*.servers.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'window',
          include: ['tests/e2e/*.e2e.ts'],
          globalSetup: ['tests/kit/display.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
