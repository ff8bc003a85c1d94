import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { electronArgs, electronBinary } from '../../scripts/electron.mjs';
import { buildPretendedPage } from '../renderer/page/build.mjs';
import { servePage } from '../renderer/page/serve.ts';
import { electronDist, LOADER } from './app.ts';

const ROOT = resolve(import.meta.dirname, '../..');
export const SCREENSHOTS = join(ROOT, 'out', 'screenshots');

export const SIZES = { wide: [1440, 900], medium: [1100, 700], narrow: [960, 600] } as const;

/** The product's page on services that are pretended, in the tests' Electron, under the product's own policy. */
export interface PretendedPage {
  page: Page;
  /** What the page said at error level, policy violations among it. */
  errors: string[];
  /** Opens the page anew: `scenario=failing&rate=200` says what is pretended. */
  open(query: string, theme?: 'light' | 'dark', size?: keyof typeof SIZES): Promise<void>;
  /** A picture in `out/screenshots`, to be looked at. */
  picture(name: string): Promise<void>;
  /** What axe finds, as sentences; with `contrast` it looks at colours only, which is what a theme can change. */
  axe(rules?: 'contrast'): Promise<string[]>;
  close(): Promise<void>;
}

export async function pretendedPage(): Promise<PretendedPage> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  const server = await servePage(await buildPretendedPage());
  const electron: ElectronApplication = await _electron.launch({
    executablePath: electronBinary(electronDist()),
    args: [...electronArgs(), '-r', LOADER, join(ROOT, 'tests/renderer/page/electron')],
  });
  const page = await electron.firstWindow();
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  return {
    page,
    errors,
    async open(query, theme = 'light', size = 'wide') {
      const [width, height] = SIZES[size];
      await electron.evaluate(
        ({ BrowserWindow }, content) => BrowserWindow.getAllWindows()[0]?.setContentSize(content.width, content.height),
        { width, height },
      );
      await page.goto(`${server.url}?theme=${theme}&${query}`);
      await page.evaluate(() => sessionStorage.clear());
      await page.goto(`${server.url}?theme=${theme}&${query}`);
      await page.locator('.app').waitFor();
    },
    async picture(name) {
      await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
    },
    async axe(rules) {
      // Electron has no second page for axe's frames: its older way needs none.
      const builder = new AxeBuilder({ page }).setLegacyMode(true);
      if (rules === 'contrast') builder.withRules(['color-contrast']);
      const { violations } = await builder.analyze();
      return violations.flatMap(({ id, help, nodes }) =>
        nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`),
      );
    },
    async close() {
      await electron.close();
      await server.close();
    },
  };
}
