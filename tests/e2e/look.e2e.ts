import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PretendedPage, pretendedPage } from '../kit/pretended-page.ts';

/** Every screen and state that a person can meet, by how to get there. */
interface State {
  query: string;
  reach?(page: Page): Promise<void>;
}

const openTopic = async (page: Page, topic: string) => {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill(`#${topic}`);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: topic, exact: true }).waitFor();
};
const consume = async (page: Page) => {
  await openTopic(page, 'tweets');
  await page.getByRole('radio', { name: 'Beginning' }).click();
  await page.getByRole('gridcell').first().waitFor();
};
const command = async (page: Page, words: string) => {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill(`>${words}`);
  await page.keyboard.press('Enter');
};
const choose = (page: Page, connector: string) =>
  page.getByRole('table').getByRole('row').filter({ hasText: connector }).locator('td').first().click();
const dialog = (page: Page) => page.locator('[role=dialog], [role=alertdialog]').first().waitFor();

const STATES: Readonly<Record<string, State>> = {
  'first-run': { query: 'scenario=first-run' },
  'first-run-failed': {
    query: 'scenario=demo-fails',
    async reach(page) {
      await page.keyboard.press('Enter');
      await page.getByText('is in use by another program').first().waitFor();
    },
  },
  loading: {
    query: 'scenario=loading',
    reach: (page) => page.getByText('Waiting for the worker').waitFor(),
  },
  'worker-failed': { query: 'scenario=worker-failed', reach: (page) => page.getByRole('alert').waitFor() },
  'broker-stopped': { query: 'scenario=broker-off', reach: (page) => page.getByText('is stopped.').waitFor() },
  'disk-alarms': { query: 'scenario=disk-alarms', reach: (page) => page.getByText('orders-2: ').waitFor() },
  pipelines: { query: 'scenario=healthy', reach: (page) => choose(page, 'tweets-demo') },
  'pipelines-failed': {
    query: 'scenario=failing',
    async reach(page) {
      await choose(page, 'shop-jdbc-source');
      await page.getByText('Caused by').waitFor();
    },
  },
  'pipelines-problem': {
    query: 'scenario=failing',
    async reach(page) {
      await choose(page, 'meetups-http');
      await page.keyboard.press('s');
      await page.getByText('did not stop').waitFor();
    },
  },
  'pipelines-undo': {
    query: 'scenario=failing',
    async reach(page) {
      await choose(page, 'tweets-to-file');
      await page.keyboard.press('s');
      await page.getByText('Its offsets are kept').waitFor();
    },
  },
  delete: {
    query: 'scenario=failing',
    async reach(page) {
      await choose(page, 'shop-jdbc-source');
      await page.keyboard.press('Delete');
      await dialog(page);
      await page.getByRole('checkbox').click();
      await page.keyboard.type('shop-jdbc-sou');
    },
  },
  'remove-demo': {
    query: 'scenario=failing',
    async reach(page) {
      await command(page, 'remove the tweets');
      await page.getByRole('button', { name: 'Remove the demo' }).waitFor();
    },
  },
  'new-connector': {
    query: 'scenario=failing',
    async reach(page) {
      await page.keyboard.press('Control+o');
      await page.getByText('available connectors are').waitFor();
    },
  },
  catalog: {
    query: 'scenario=failing',
    async reach(page) {
      await page.keyboard.press('Control+2');
      await page.getByRole('option', { name: 'TwitterSource' }).click();
      await page.getByRole('heading', { name: 'TwitterSource' }).waitFor();
    },
  },
  editor: {
    query: 'scenario=failing',
    async reach(page) {
      await page.keyboard.press('Control+2');
      await page.getByRole('option', { name: 'FileStreamSource' }).click();
      await page.getByRole('button', { name: 'Create connector' }).click();
      await page.getByLabel('tasks.max', { exact: true }).fill('two');
      await page.getByText('Not a number of type INT').first().waitFor();
      const json = page.getByRole('textbox', { name: 'Configuration as JSON' });
      await page.getByLabel('tasks.max', { exact: true }).fill('1');
      await page.getByLabel('topic', { exact: true }).fill('\u202e<b>lines');
      expect(await json.inputValue()).toContain('"topic": "\u202e<b>lines"');
      await page.getByText('no errors').waitFor();
      await page.getByRole('radio', { name: '.properties' }).click();
      await page.getByRole('textbox', { name: 'Configuration as properties' }).press('End');
    },
  },
  'catalog-refused': {
    query: 'scenario=failing',
    async reach(page) {
      await page.keyboard.press('Control+2');
      await page.getByRole('searchbox').fill('weather');
      await page.getByText('delivery is missing').last().waitFor();
    },
  },
  'catalog-all-keys': {
    query: 'scenario=failing',
    async reach(page) {
      await page.keyboard.press('Control+2');
      await page.getByRole('button', { name: 'Show all of Kafka Connect' }).click();
      await page.getByRole('cell', { name: 'errors.tolerance', exact: true }).waitFor();
    },
  },
  'catalog-nothing': {
    query: 'scenario=failing',
    async reach(page) {
      await page.keyboard.press('Control+2');
      await page.getByRole('searchbox').fill('no such plugin');
      await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    },
  },
  palette: {
    query: 'scenario=failing',
    async reach(page) {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').fill('twe');
      await page.getByRole('option').first().waitFor();
    },
  },
  shortcuts: {
    query: 'scenario=failing',
    async reach(page) {
      await page.keyboard.press('?');
      await dialog(page);
    },
  },
  settings: {
    query: 'scenario=failing',
    async reach(page) {
      await command(page, 'settings');
      await page.getByText('Bootstrap servers').waitFor();
    },
  },
  quit: {
    query: 'scenario=failing',
    async reach(page) {
      await page.evaluate('world.wantQuit()');
      await dialog(page);
    },
  },
  consumer: {
    query: 'scenario=failing&rate=20',
    async reach(page) {
      await consume(page);
      // Down to a record that is a post: others have no tree.
      const tree = page.getByRole('tree');
      do await page.keyboard.press('j');
      while ((await tree.count()) === 0);
    },
  },
  'consumer-following': {
    query: 'scenario=failing&rate=50000',
    async reach(page) {
      await openTopic(page, 'tweets');
      await page.getByText('the list shows 1 in 50').waitFor();
    },
  },
  'consumer-filter': {
    query: 'scenario=failing&rate=20',
    async reach(page) {
      await consume(page);
      await page.keyboard.press('/');
      await page.keyboard.type('frankfurt');
      await page.getByText('% match').waitFor();
    },
  },
  'consumer-paused': {
    query: 'scenario=failing&rate=100',
    async reach(page) {
      await consume(page);
      await page.keyboard.press('Space');
      await page.getByText('records behind').waitFor();
    },
  },
  'consumer-empty': {
    query: 'scenario=failing',
    async reach(page) {
      await openTopic(page, 'shop.customers');
      await page.getByText('No record yet in').waitFor();
    },
  },
  'consumer-error': {
    query: 'scenario=failing',
    async reach(page) {
      await openTopic(page, 'orders.import');
      await page.getByText('OFFSET_OUT_OF_RANGE').waitFor();
    },
  },
  'consumer-bad-filter': {
    query: 'scenario=failing',
    async reach(page) {
      await consume(page);
      await page.keyboard.press('/');
      await page.keyboard.type('/(/');
      await page.getByText('Not an expression').waitFor();
    },
  },
  'consumer-start': {
    query: 'scenario=failing',
    async reach(page) {
      await consume(page);
      await page.getByRole('radio', { name: 'Time…' }).click();
      await page.getByRole('textbox', { name: 'Time' }).waitFor();
    },
  },
  'consumer-partitions': {
    query: 'scenario=failing',
    async reach(page) {
      await consume(page);
      await page.getByRole('button', { name: /Partitions/ }).click();
      await page.getByRole('checkbox', { name: /Partition 2/ }).waitFor();
    },
  },
};

let looked: PretendedPage;
beforeAll(async () => {
  looked = await pretendedPage();
});
afterAll(() => looked?.close());

/** Those that show every component; the others differ from them in words, and are looked at in CI. */
const PRINCIPAL = [
  'first-run-failed',
  'disk-alarms',
  'catalog',
  'pipelines-failed',
  'delete',
  'palette',
  'consumer',
  'consumer-filter',
];
const quick = process.env.RUNNEL_TESTS !== 'ci' && process.env.RUNNEL_TESTS !== 'night';
const principal = Object.entries(STATES).filter(([name]) => PRINCIPAL.includes(name));

test.each(quick ? principal : Object.entries(STATES))(
  '%s: axe finds nothing, the page reports no error',
  async (name, state) => {
    await looked.open(state.query, 'light');
    await state.reach?.(looked.page);
    await looked.picture(`${name}-light`);
    expect(await looked.axe()).toEqual([]);
    expect(looked.errors.splice(0)).toEqual([]);
  },
);

test.each(quick ? principal : Object.entries(STATES))('%s in the dark: axe finds nothing', async (name, state) => {
  await looked.open(state.query, 'dark');
  await state.reach?.(looked.page);
  await looked.picture(`${name}-dark`);
  expect(await looked.axe('contrast')).toEqual([]);
});

describe.each(['medium', 'narrow'] as const)('%s window', (size) => {
  test.each([['first-run', STATES['first-run']!], ...principal] as const)(
    '%s: nothing is pushed out of the window',
    async (name, state) => {
      await looked.open(state.query, 'light', size);
      await state.reach?.(looked.page);
      await looked.picture(`${name}-${size}`);
      expect(await overflowing(looked.page)).toEqual([]);
    },
  );
});

/** Buttons, fields and tabs that stand outside the window or are cut by the region around them. */
function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, input, [role=tab]')]
      .filter((element) => element.offsetParent !== null && element.closest('.side-lists, .tab') === null)
      .flatMap((element) => {
        const { left, right } = element.getBoundingClientRect();
        return left < -1 || right > window.innerWidth + 1 ? [`${element.textContent}: ${left} to ${right}`] : [];
      }),
  );
}
