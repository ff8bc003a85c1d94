import { useEffect, useRef } from 'react';
import type { DesktopClient } from '../../common/contract.ts';
import type { MenuCommand } from '../../common/desktop/app-info.ts';
import { useCommand } from '../keyboard/commands.tsx';
import { useLive } from '../live.ts';
import type { Overlay } from './app.tsx';
import { stepRegion } from './regions.ts';
import { useStore } from './store.ts';
import { activeTab, showCatalog, showPipelines, stepTab } from './tab-list.ts';
import { useWorkspace } from './workspace-context.ts';

export interface AppCommandsProps {
  onOverlay(overlay: Overlay): void;
  onPalette(initial?: string): void;
  onOpenFile(): void;
  onNewConnector(): void;
}

/** What can be done wherever one is, by key, palette and the application's menu. */
export function AppCommands({ onOverlay, onPalette, onOpenFile, onNewConnector }: AppCommandsProps) {
  const workspace = useWorkspace();
  const { tabs, connections } = workspace;
  const tab = activeTab(useStore(tabs));
  const sandbox = useLive(workspace.sandbox).value;
  const settings = useLive(workspace.settings).value;
  const connectors = useLive(workspace.connectors).value;
  const desktop = (run: (client: DesktopClient) => Promise<unknown>) => () => {
    const client = connections.desktop.current;
    // What goes wrong shows in the state that changes: the sandbox's, the worker's.
    if (client) run(client).catch(() => undefined);
  };
  const onSandbox = settings?.bootstrapServers == null;
  const running = sandbox?.status === 'running';

  useCommand({ id: 'palette', run: () => onPalette() });
  useCommand({ id: 'shortcuts', title: 'Shortcuts', icon: 'keyboard', run: () => onOverlay({ kind: 'shortcuts' }) });
  useCommand({ id: 'new-tab', title: 'Open a topic in a tab', icon: 'plus', run: () => onPalette('#') });
  useCommand({ id: 'close-tab', title: 'Close this tab', icon: 'close', run: () => workspace.close(tab.id) });
  useCommand({ id: 'next-tab', run: () => tabs.update((list) => stepTab(list, 1)) });
  useCommand({ id: 'previous-tab', run: () => tabs.update((list) => stepTab(list, -1)) });
  useCommand({ id: 'pipelines', title: 'Pipelines', icon: 'pipelines', run: () => tabs.update(showPipelines) });
  useCommand({ id: 'catalog', title: 'Catalog', icon: 'catalog', run: () => tabs.update(showCatalog) });
  useCommand({ id: 'next-region', run: () => stepRegion(1) });
  useCommand({ id: 'previous-region', run: () => stepRegion(-1) });
  useCommand({ id: 'open-file', title: 'Open a connector file…', icon: 'folder', run: onOpenFile });
  useCommand({ id: 'new-connector', title: 'New connector…', icon: 'plus', run: onNewConnector });
  useCommand({
    id: 'consume-beginning',
    title: tab.kind === 'consumer' ? `Consume ${tab.topic} from the beginning` : 'Consume a topic from the beginning…',
    icon: 'follow',
    run: () => {
      if (tab.kind === 'consumer') workspace.session(tab).change({ start: { type: 'beginning' } });
      else onPalette('#');
    },
  });
  useCommand(
    {
      id: 'remove-demo',
      title: 'Remove the tweets demo…',
      detail: 'connector, offsets, topic',
      icon: 'trash',
      run: () => onOverlay({ kind: 'remove-demo' }),
    },
    connectors?.some(({ demo }) => demo) ?? false,
  );
  useCommand(
    { id: 'start-sandbox', title: 'Start the sandbox', icon: 'play', run: desktop((client) => client.startSandbox()) },
    onSandbox && !running,
  );
  useCommand(
    {
      id: 'stop-sandbox',
      title: 'Stop the sandbox',
      detail: 'data stays',
      icon: 'stop',
      run: desktop((client) => client.stopSandbox()),
    },
    onSandbox && running,
  );
  useCommand({
    id: 'restart-worker',
    title: 'Restart the worker',
    icon: 'restart',
    run: desktop((client) => client.restartWorker()),
  });
  useCommand({ id: 'settings', title: 'Settings…', icon: 'theme', run: () => onOverlay({ kind: 'settings' }) });
  for (const theme of ['light', 'dark', 'system'] as const) {
    // biome-ignore lint/correctness/useHookAtTopLevel: three, always the same
    useCommand({
      id: `theme-${theme}`,
      title: { light: 'Light theme', dark: 'Dark theme', system: 'Theme of the system' }[theme],
      icon: 'theme',
      run: desktop((client) => client.changeSettings({ theme })),
    });
  }
  useCommand({
    id: 'data-folder',
    title: 'Show the data folder',
    icon: 'folder',
    run: desktop((client) => client.showFolder({ folder: 'data' })),
  });
  useCommand({
    id: 'logs-folder',
    title: 'Show the logs',
    icon: 'folder',
    run: desktop((client) => client.showFolder({ folder: 'logs' })),
  });

  useMenu({
    commandPalette: () => onPalette(),
    newConnector: onNewConnector,
    openConnectorFile: onOpenFile,
    newTab: () => onPalette('#'),
    closeTab: () => workspace.close(activeTab(tabs.get()).id),
    nextTab: () => tabs.update((list) => stepTab(list, 1)),
    previousTab: () => tabs.update((list) => stepTab(list, -1)),
    settings: () => onOverlay({ kind: 'settings' }),
    shortcuts: () => onOverlay({ kind: 'shortcuts' }),
    about: () => onOverlay({ kind: 'settings' }),
  });
  return null;
}

/** Does what is chosen in the application's menu, as long as the page lives. */
function useMenu(next: Readonly<Record<MenuCommand, () => void>>): void {
  const { desktop } = useWorkspace().connections;
  const handlers = useRef(next);
  useEffect(() => {
    handlers.current = next;
  });
  useEffect(() => {
    const abort = new AbortController();
    const listen = async () => {
      const client = desktop.current;
      if (!client) return;
      try {
        for await (const command of client.menuCommands({ signal: abort.signal })) handlers.current[command]();
      } catch {
        // The port closed: with the main process the menu is gone too.
      }
    };
    void listen();
    const unsubscribe = desktop.subscribe(() => void listen());
    return () => {
      unsubscribe();
      abort.abort();
    };
  }, [desktop]);
}
