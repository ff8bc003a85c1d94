import { afterAll, beforeAll, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { type RunningApp, startApp } from '../kit/app.ts';
import { securityChecks } from './security-checks.ts';

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => {
  expect(await app.quit()).toBe(0);
  expect(app.errors).toEqual([]);
});

securityChecks(() => app);

test('users get a current Electron', () => {
  expect(Number.parseInt(manifest.devDependencies.electron, 10)).toBeGreaterThanOrEqual(45);
});
