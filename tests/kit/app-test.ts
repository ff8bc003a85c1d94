import { test as base } from 'vitest';
import { type RunningApp, startApp } from './app.ts';

/** A test with an app of its own, which fails when the page reported an error that the test did not take out. */
export const test = base.extend<{ app: RunningApp }>({
  app: async ({ task }, use) => {
    const app = await startApp();
    await use(app);
    if (task.result?.state === 'fail') console.error(app.stderr());
    await app.quit();
    if (app.errors.length > 0) throw new Error(`The page reported errors:\n${app.errors.join('\n')}`);
  },
});
