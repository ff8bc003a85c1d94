import { type ConsumerSettings, DEFAULT_SETTINGS, fromJson, toJson } from '../features/consumer/consumer-settings.ts';

/** A tab of the window, as it is kept over restarts. */
export type Tab =
  | { readonly id: string; readonly kind: 'pipelines' }
  | { readonly id: string; readonly kind: 'catalog' }
  /** Not kept over restarts: what is written may hold secrets. */
  | { readonly id: string; readonly kind: 'editor'; readonly title: string }
  | { readonly id: string; readonly kind: 'consumer'; readonly topic: string; readonly settings: ConsumerSettings };

/** Tabs in their order; there is always one, and one of them is shown. */
export interface TabList {
  readonly tabs: readonly Tab[];
  readonly active: string;
}

const PIPELINES: Tab = { id: 'pipelines', kind: 'pipelines' };
const CATALOG: Tab = { id: 'catalog', kind: 'catalog' };
export const FIRST_TABS: TabList = { tabs: [PIPELINES], active: PIPELINES.id };

const MOST_TABS = 40;

export function activeTab({ tabs, active }: TabList): Tab {
  return tabs.find(({ id }) => id === active) ?? tabs[0] ?? PIPELINES;
}

/** Shows the pipelines, first in the row if they were closed. */
export function showPipelines({ tabs }: TabList): TabList {
  return { tabs: tabs.some(({ kind }) => kind === 'pipelines') ? tabs : [PIPELINES, ...tabs], active: PIPELINES.id };
}

/** Shows the catalog, after the others if it was not open. */
export function showCatalog({ tabs }: TabList): TabList {
  return { tabs: tabs.some(({ kind }) => kind === 'catalog') ? tabs : [...tabs, CATALOG], active: CATALOG.id };
}

/** A configuration that is being written, in a tab of its own. */
export function showEditor({ tabs, ...list }: TabList, id: string, title: string): TabList {
  return tabs.length >= MOST_TABS ? { tabs, ...list } : { tabs: [...tabs, { id, kind: 'editor', title }], active: id };
}

/** Shows a topic's consumer: the tab that it has, unless another is wanted or new settings are. */
export function showTopic(list: TabList, topic: string, newId: string, settings?: Partial<ConsumerSettings>): TabList {
  const open = list.tabs.find((tab) => tab.kind === 'consumer' && tab.topic === topic);
  if (open && !settings) return { ...list, active: open.id };
  if (list.tabs.length >= MOST_TABS) return list;
  const tab: Tab = { id: newId, kind: 'consumer', topic, settings: { ...DEFAULT_SETTINGS, ...settings } };
  return { tabs: [...list.tabs, tab], active: tab.id };
}

export function showTab(list: TabList, id: string): TabList {
  return list.tabs.some((tab) => tab.id === id) ? { ...list, active: id } : list;
}

/** Closes a tab; its right neighbour is shown next, else the left, and with the last one the pipelines come back. */
export function closeTab(list: TabList, id: string): TabList {
  const at = list.tabs.findIndex((tab) => tab.id === id);
  if (at < 0) return list;
  const tabs = list.tabs.filter((tab) => tab.id !== id);
  if (tabs.length === 0) return FIRST_TABS;
  const active = list.active === id ? tabs[Math.min(at, tabs.length - 1)]!.id : list.active;
  return { tabs, active };
}

/** The tab to the right (1) or left (-1), around the ends. */
export function stepTab(list: TabList, direction: 1 | -1): TabList {
  const at = list.tabs.findIndex(({ id }) => id === list.active);
  const next = list.tabs.at((at + direction) % list.tabs.length);
  return next ? { ...list, active: next.id } : list;
}

export function changeSettings(list: TabList, id: string, settings: ConsumerSettings): TabList {
  const tabs = list.tabs.map((tab) => (tab.id === id && tab.kind === 'consumer' ? { ...tab, settings } : tab));
  return { ...list, tabs };
}

export function tabsToJson({ tabs, active }: TabList): unknown {
  return {
    active,
    tabs: tabs
      .filter(({ kind }) => kind !== 'editor')
      .map((tab) => (tab.kind === 'consumer' ? { ...tab, settings: toJson(tab.settings) } : tab)),
  };
}

/** Reads what an earlier run kept; what is not understood is left out. */
export function tabsFromJson(json: unknown): TabList {
  if (!isRecord(json) || !Array.isArray(json.tabs)) return FIRST_TABS;
  const tabs: Tab[] = [];
  for (const saved of json.tabs.slice(0, MOST_TABS)) {
    if (!isRecord(saved) || typeof saved.id !== 'string' || tabs.some(({ id }) => id === saved.id)) continue;
    if (saved.kind === 'pipelines') tabs.push(PIPELINES);
    else if (saved.kind === 'catalog') tabs.push(CATALOG);
    else if (saved.kind === 'consumer' && typeof saved.topic === 'string' && saved.topic !== '')
      tabs.push({ id: saved.id, kind: 'consumer', topic: saved.topic, settings: fromJson(saved.settings) });
  }
  if (tabs.length === 0) return FIRST_TABS;
  const active = tabs.find(({ id }) => id === json.active) ?? tabs[0]!;
  return { tabs, active: active.id };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
