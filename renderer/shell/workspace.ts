import type { Catalog } from '../../common/connect/catalog.ts';
import type { ConnectorSummary } from '../../common/connect/connector-summary.ts';
import type { EnvironmentState } from '../../common/connect/worker-info.ts';
import type { DesktopClient, WorkerClient } from '../../common/contract.ts';
import type { MemoryUse, SandboxState, WorkerState } from '../../common/desktop/processes.ts';
import type { Settings } from '../../common/desktop/settings.ts';
import type { TopicSummary } from '../../common/kafka/topics.ts';
import { Toasts } from '../components/toast.tsx';
import type { Connections } from '../connection.ts';
import { type ConfigDocument, documentOf } from '../features/config-editor/config-document.ts';
import type { Spelling } from '../features/consumer/command-bar.tsx';
import { ConsumerSession } from '../features/consumer/consumer-session.ts';
import { ConnectorRates } from '../features/pipelines/connector-rates.ts';
import { Live } from '../live.ts';
import { Store } from './store.ts';
import {
  changeSettings,
  closeTab,
  FIRST_TABS,
  showEditor,
  type Tab,
  type TabList,
  tabsFromJson,
  tabsToJson,
} from './tab-list.ts';

/** What the window shows of the far sides, and what it remembers itself. One for the page. */
export class Workspace {
  readonly connections: Connections;
  readonly toasts = new Toasts();
  readonly rates = new ConnectorRates();

  readonly sandbox: Live<DesktopClient, SandboxState>;
  readonly workerState: Live<DesktopClient, WorkerState>;
  readonly settings: Live<DesktopClient, Settings>;
  readonly memory: Live<DesktopClient, MemoryUse>;
  readonly quitRequested: Live<DesktopClient, boolean>;
  readonly environment: Live<WorkerClient, EnvironmentState>;
  readonly connectors: Live<WorkerClient, ConnectorSummary[]>;
  /** Asked for anew when the worker is. */
  readonly catalog: Live<WorkerClient, Catalog>;
  readonly topics: Live<WorkerClient, TopicSummary[]>;

  readonly tabs = new Store<TabList>(FIRST_TABS);
  readonly spelling = new Store<Spelling>('current');
  /** The connector chosen in the pipelines. */
  readonly selected = new Store<string | undefined>(undefined);
  /** What is being written, by its tab. */
  readonly drafts = new Store<ReadonlyMap<string, ConfigDocument>>(new Map());
  readonly #sessions = new Map<string, ConsumerSession>();
  #saving: ReturnType<typeof setTimeout> | undefined;

  constructor(connections: Connections) {
    this.connections = connections;
    const { desktop, worker } = connections;
    this.sandbox = new Live(desktop, (client, emit, fail) => client.sandbox(emit, fail));
    this.workerState = new Live(desktop, (client, emit, fail) => client.worker(emit, fail));
    this.settings = new Live(desktop, (client, emit, fail) => client.settings(emit, fail));
    this.memory = new Live(desktop, (client, emit, fail) => client.memory(emit, fail));
    this.quitRequested = new Live(desktop, (client, emit, fail) => client.quitRequested(emit, fail));
    this.environment = new Live(worker, (client, emit, fail) => client.environment(emit, fail));
    this.connectors = new Live(worker, (client, emit, fail) => client.connectors(emit, fail));
    this.topics = new Live(worker, (client, emit, fail) => client.topics(emit, fail));
    this.catalog = new Live(worker, (client, emit, fail) => {
      const abort = new AbortController();
      const unless =
        <T>(then: (value: T) => void) =>
        (value: T) =>
          abort.signal.aborted || then(value);
      void client.catalog({ signal: abort.signal }).then(unless(emit), unless(fail));
      return () => abort.abort();
    });
    this.connectors.subscribe(() => {
      const { value } = this.connectors.get();
      if (value) this.rates.add(performance.now(), value);
    });
  }

  /** Takes up the tabs of the run before, then keeps what changes. */
  async restore(client: DesktopClient): Promise<void> {
    const saved = parsed(await client.pageState());
    this.tabs.set(tabsFromJson(saved));
    if (saved.spelling === 'older') this.spelling.set('older');
    this.tabs.subscribe(() => this.#save());
    this.spelling.subscribe(() => this.#save());
  }

  /** The consumer behind a tab; begins to read when the tab is first shown. */
  session(tab: Tab & { kind: 'consumer' }): ConsumerSession {
    let session = this.#sessions.get(tab.id);
    if (!session) {
      const created = new ConsumerSession(tab.topic, tab.settings, {
        worker: this.connections.worker,
        frames: window,
        now: () => performance.now(),
        nextFrame,
      });
      this.#sessions.set(tab.id, created);
      let settings = tab.settings;
      created.notifier.subscribe(() => {
        if (created.settings === settings) return;
        settings = created.settings;
        this.tabs.update((tabs) => changeSettings(tabs, tab.id, settings));
      });
      session = created;
    }
    return session;
  }

  /** A tab in which this configuration is written on. */
  edit(document: ConfigDocument, title: string): void {
    const id = crypto.randomUUID();
    this.drafts.update((drafts) => new Map(drafts).set(id, document));
    this.tabs.update((tabs) => showEditor(tabs, id, title));
  }

  /** The configuration of a connector as it is now, its secrets as placeholders that keep them. */
  async editConnector(name: string): Promise<void> {
    const info = await this.connections.worker.current?.connectorInfo({ name });
    if (info) this.edit(documentOf(Object.entries(info.config)), name);
  }

  close(id: string): void {
    this.#sessions.get(id)?.close();
    this.#sessions.delete(id);
    this.drafts.update((drafts) => new Map([...drafts].filter(([of]) => of !== id)));
    this.tabs.update((tabs) => closeTab(tabs, id));
  }

  #save(): void {
    clearTimeout(this.#saving);
    this.#saving = setTimeout(() => {
      const json = JSON.stringify({ ...(tabsToJson(this.tabs.get()) as object), spelling: this.spelling.get() });
      // A main process that is gone has nothing left to keep it for.
      this.connections.desktop.current?.savePageState({ json }).catch(() => undefined);
    }, 200);
  }
}

function parsed(json: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** Pulls are paced by frames; a hidden window has none and takes what comes. */
function nextFrame(): Promise<void> {
  if (document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      cancelAnimationFrame(frame);
      resolve();
    };
    const timer = setTimeout(done, 250);
    const frame = requestAnimationFrame(done);
  });
}
