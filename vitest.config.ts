import { defineConfig } from 'vitest/config';

/** Three kinds of tests by file name; `scripts/test.mjs` runs them one kind after another. */
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
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'servers',
          include: ['tests/**/*.servers.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
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
