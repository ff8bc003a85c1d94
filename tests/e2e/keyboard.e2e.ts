import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type PretendedPage, pretendedPage } from '../kit/pretended-page.ts';

let looked: PretendedPage;
let page: Page;
beforeAll(async () => {
  looked = await pretendedPage();
  page = looked.page;
  // A test that reaches for the pointer fails.
  page.mouse.click = () => Promise.reject(new Error('The keyboard alone has to suffice'));
});
afterAll(() => looked?.close());
beforeEach(() => {
  looked.errors.length = 0;
});

const press = async (...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};
/** Where the focus is, in words. */
const focus = () =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null;
    const region = element?.closest('[data-region]')?.getAttribute('data-region');
    const dialog = element?.closest('[role=dialog], [role=alertdialog]');
    return dialog ? 'dialog' : (region ?? element?.tagName ?? 'nowhere');
  });
const selectedRow = () => page.locator('[role=row][aria-selected=true], tr[aria-selected=true]').first();

test('from the first run to an opened record, and back to nothing', async () => {
  await looked.open('scenario=first-run&rate=50');
  await press('Enter');
  await page.getByRole('heading', { name: 'tweets', exact: true }).waitFor();
  await page.getByText('following').waitFor();

  await press('j');
  await page.getByRole('heading', { name: /Partition \d, offset/ }).waitFor();
  await press('ArrowDown', 'ArrowDown', 'k');
  expect(await selectedRow().count()).toBe(1);

  await press('f');
  await page.getByText('following').waitFor();
  expect(await page.getByRole('heading', { name: /Partition \d, offset/ }).count()).toBe(1);

  await press('Space');
  await page.getByText('paused', { exact: true }).waitFor();
  await press('Space');
  await page.getByText('following').waitFor();

  await press('/');
  await page.keyboard.type('frankfurt');
  await press('Enter');
  await page.getByText(/% match/).waitFor();

  await press('Control+Shift+C');
  expect(await page.evaluate('window.copied')).toContain('kafka-console-consumer --bootstrap-server localhost:9092');

  await press('Control+k');
  await page.keyboard.type('>remove the tweets');
  await press('Enter');
  await page.getByRole('button', { name: 'Remove the demo' }).waitFor();
  await press('Tab', 'Enter');
  await page.getByRole('heading', { name: 'No pipeline yet' }).waitFor();
  expect(looked.errors).toEqual([]);
});

test('F6 walks through the regions and back', async () => {
  await looked.open('scenario=failing');
  await press('Control+k');
  await page.keyboard.type('#tweets');
  await press('Enter');
  await page.getByRole('gridcell').first().waitFor();
  expect(await focus()).toBe('main');
  await press('j');
  const way: string[] = [];
  for (let step = 0; step < 5; step++) {
    await press('F6');
    way.push(await focus());
  }
  expect(way).toEqual(['detail', 'status', 'sidebar', 'tabs', 'main']);
  await press('Shift+F6', 'Shift+F6');
  expect(await focus()).toBe('sidebar');
});

test('a connector is chosen, stopped, taken back, and deleted with its offsets', async () => {
  await looked.open('scenario=failing');
  await press('Control+k');
  await page.keyboard.type('@tweets-to-file');
  await press('Enter');
  const row = page.locator('tbody tr').filter({ hasText: 'tweets-to-file' });
  await expect.poll(() => row.evaluate((element) => element === document.activeElement)).toBe(true);
  await press('s');
  await row.getByText('STOPPED').waitFor();
  await press('Control+z');
  await row.getByText('RUNNING').waitFor();
  await press('p');
  await row.getByText('PAUSED').waitFor();

  await press('Delete');
  await page.getByRole('alertdialog').waitFor();
  expect(await focus()).toBe('dialog');
  // Under a dialog nothing else listens.
  await press('s', 'Control+1');
  expect(await row.getByText('PAUSED').count()).toBe(1);
  await press('Escape');
  await page.getByRole('alertdialog').waitFor({ state: 'detached' });

  await press('Delete');
  await page.getByRole('checkbox').focus();
  await press('Space');
  await page.keyboard.type('tweets-to-file');
  await press('Tab', 'Tab', 'Enter');
  await row.waitFor({ state: 'detached' });
});

test('a connector is written, checked and created', async () => {
  await looked.open('scenario=failing');
  await press('Control+n');
  await page.getByRole('textbox', { name: /Configuration/ }).waitFor();
  await page.keyboard.type('name=mine\nconnector.class=FileStreamSource\ntopic=t\ntasks.max=two\n');
  await page.getByText('2 problems').first().waitFor();
  await press('Control+Shift+Enter');
  expect(await page.getByRole('dialog').count()).toBe(1);
  await press('Backspace', 'Backspace', 'Backspace', 'Backspace', '2');
  await page.getByText('4 keys fit').waitFor();
  await press('Control+Shift+Enter');
  await page.locator('tbody tr').filter({ hasText: 'mine' }).waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
});

test('tabs open, change and close; letters in a field are text', async () => {
  await looked.open('scenario=failing');
  for (const topic of ['tweets', 'meetups']) {
    await press('Control+t');
    await page.keyboard.type(topic);
    await press('Enter');
    await page.getByRole('heading', { name: topic, exact: true }).waitFor();
  }
  const tabs = page.getByRole('tablist', { name: 'Open tabs' });
  expect(await tabs.getByRole('tab').allTextContents()).toEqual(['Pipelines', 'tweets', 'meetups']);
  await press('Control+Tab');
  await page.getByRole('heading', { name: 'Pipelines' }).waitFor();
  await press('Control+Shift+Tab');
  await page.getByRole('heading', { name: 'meetups' }).waitFor();
  await press('/');
  await page.keyboard.type('fjk? space');
  expect(await page.getByRole('searchbox').inputValue()).toBe('fjk? space');
  expect(await page.getByRole('dialog').count()).toBe(0);
  await press('Escape');
  expect(await page.getByRole('searchbox').inputValue()).toBe('');
  await press('Control+w');
  await page.getByRole('heading', { name: 'tweets' }).waitFor();
  expect(await tabs.getByRole('tab').allTextContents()).toEqual(['Pipelines', 'tweets']);
});

test('tabs come back when the page is loaded again', async () => {
  await looked.open('scenario=failing');
  await press('Control+t');
  await page.keyboard.type('tweets');
  await press('Enter');
  await page.getByRole('radio', { name: 'Beginning' }).focus();
  await press('Space');
  await press('/');
  await page.keyboard.type('/main/i');
  await press('Enter');
  await page.getByText(/% match/).waitFor();
  await expect.poll(() => page.evaluate(() => sessionStorage.getItem('page'))).toContain('/main/i');
  await page.reload();
  await page.getByRole('heading', { name: 'tweets', exact: true }).waitFor();
  expect(await page.getByRole('searchbox').inputValue()).toBe('/main/i');
  expect(await page.getByRole('radio', { name: 'Beginning' }).getAttribute('aria-checked')).toBe('true');
});

test('the tree of a record opens, closes and filters', async () => {
  await looked.open('scenario=failing&rate=100');
  await press('Control+t');
  await page.keyboard.type('tweets');
  await press('Enter');
  await page.getByRole('gridcell').first().waitFor();
  // Down to the first record that is a post: others have no tree.
  await press('j');
  while ((await page.getByRole('treeitem', { name: /screen_name/ }).count()) === 0) await press('j');
  await page.getByRole('tree').focus();
  await press('Home');
  const user = page.getByRole('treeitem', { name: /^user/ });
  while ((await user.getAttribute('aria-selected')) !== 'true') await press('ArrowDown');
  await press('ArrowLeft');
  expect(await user.getAttribute('aria-expanded')).toBe('false');
  await press('ArrowRight', 'ArrowRight');
  expect(await page.getByRole('treeitem', { selected: true }).textContent()).toMatch(/^id:\d+$/);
  await press('Tab');
  const filter = page.getByRole('button', { name: /^Filter id =/ });
  await filter.focus();
  await press('Enter');
  await expect.poll(() => page.getByRole('searchbox').inputValue()).toMatch(/^\/"id"\\s\*:\\s\*\d+\/$/);
});
