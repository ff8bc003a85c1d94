import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../kit/app.ts';

const work = mkdtempSync(join(tmpdir(), 'runnel-journey-'));
const shots = resolve(import.meta.dirname, '../../test-results/journey');
mkdirSync(shots, { recursive: true });
let app: RunningApp | undefined;
afterAll(async () => {
  await app?.quit();
  rmSync(work, { recursive: true, force: true });
});

const soon = <T>(ask: () => Promise<T>) => expect.poll(ask, { timeout: 20_000 });
const picture = (page: Page, name: string) => page.screenshot({ path: join(shots, `${name}.png`) });
const recordsRead = async (page: Page) => {
  const text = await page
    .getByText(/[\d,]+ records? read/)
    .first()
    .textContent();
  return Number(/([\d,]+) records? read/.exec(text ?? '')?.[1]?.replaceAll(',', ''));
};
const rest = async (port: number, path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).json();
const restPort = async (page: Page) =>
  Number(
    /127\.0\.0\.1:(\d+)/.exec(
      (await page
        .getByText(/127\.0\.0\.1:\d+/)
        .first()
        .textContent()) ?? '',
    )?.[1],
  );

test('from the first run to tweets in the live consumer, and everything is there after a restart', {
  timeout: 120_000,
}, async () => {
  const dataDir = join(work, 'data');
  app = await startApp({ dataDir });
  let { page } = app;
  await page.getByRole('heading', { name: 'No pipeline yet' }).waitFor();
  await picture(page, 'first-run');

  // One click, and tweets flow within seconds.
  await page.getByRole('button', { name: /Start the tweets demo/ }).click();
  await page.getByRole('heading', { name: 'tweets', exact: true }).waitFor();
  await page.getByRole('gridcell').first().waitFor();
  await page.getByText('following').waitFor();
  await soon(() => recordsRead(page)).toBeGreaterThan(40);
  await picture(page, 'live-consumer');

  // Paused, the list stands still while the topic goes on.
  await page.keyboard.press('Space');
  await page.getByText('paused', { exact: true }).waitFor();
  const offsets = () => page.getByRole('row').allTextContents();
  const before = await offsets();
  const port = await restPort(page);
  const position = async () => JSON.stringify((await rest(port, '/connectors/tweets-demo-source/offsets')) as object);
  const then = await position();
  await soon(position).not.toBe(then);
  expect(await offsets()).toEqual(before);
  await page.keyboard.press('Space');
  await page.getByText('following').waitFor();

  // A filter, and the record behind a row with its digits exact.
  await page.keyboard.press('/');
  await page.keyboard.type('frankfurt');
  await page.keyboard.press('Enter');
  await page.getByText(/% match/).waitFor();
  await page.getByRole('grid').press('j');
  await page.getByRole('heading', { name: /Partition \d, offset/ }).waitFor();
  const id = await page.getByRole('treeitem', { name: /^id/ }).first().textContent();
  const digits = /\d{18,19}/.exec(id ?? '')?.[0] as string;
  expect(BigInt(digits)).toBeGreaterThan(2n ** 53n);
  await page.getByRole('tab', { name: 'Raw' }).click();
  await page.getByText(`"id":${digits}`).first().waitFor();
  await picture(page, 'record');

  // The connector is stopped where it is listed.
  await page.keyboard.press('Control+1');
  const row = page.locator('tbody tr').filter({ hasText: 'tweets-demo-source' });
  await row.getByText('RUNNING').waitFor();
  await picture(page, 'pipelines');
  await row.getByRole('button', { name: /^Stop/ }).click();
  await row.getByText('STOPPED').waitFor();
  const stopped = await position();
  expect(app.errors).toEqual([]);
  expect(await app.quit()).toBe(0);

  // Started again: the tabs, the connector's state, its offset and every record are as they were.
  app = await startApp({ dataDir });
  ({ page } = app);
  const tabs = page.getByRole('tablist', { name: 'Open tabs' });
  await soon(() => tabs.getByRole('tab').allTextContents()).toEqual(['Pipelines', 'tweets']);
  const again = page.locator('tbody tr').filter({ hasText: 'tweets-demo-source' });
  await again.getByText('STOPPED').waitFor();
  const newPort = await restPort(page);
  expect(JSON.stringify(await rest(newPort, '/connectors/tweets-demo-source/offsets'))).toBe(stopped);
  await tabs.getByRole('tab', { name: 'tweets' }).click();
  await page.getByRole('heading', { name: 'tweets', exact: true }).waitFor();
  await page.getByRole('gridcell').first().waitFor();
  expect(await page.getByRole('searchbox').inputValue()).toBe('frankfurt');

  // And nothing is left of the demo when it is removed.
  await page.keyboard.press('Control+k');
  await page.keyboard.type('>remove the tweets');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Remove the demo' }).click();
  await page.getByRole('heading', { name: 'No pipeline yet' }).waitFor();
  expect(await rest(newPort, '/connectors')).toEqual([]);
  expect(app.errors).toEqual([]);
});
