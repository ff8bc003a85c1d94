import { useEffect, useState } from 'react';
import type { ConfigEntries } from '../../common/connect/properties-text.ts';
import type { ChosenFile } from '../../common/desktop/app-info.ts';
import { Clipboard } from '../components/copy.tsx';
import { ToastList, ToastProvider } from '../components/toast.tsx';
import { TooltipProvider } from '../components/tooltip.tsx';
import { CatalogScreen } from '../features/catalog/catalog-screen.tsx';
import { documentOf } from '../features/config-editor/config-document.ts';
import { ConfigEditor } from '../features/config-editor/config-editor.tsx';
import { ConnectorDialog } from '../features/connector-file/connector-dialog.tsx';
import { ConsumerScreen } from '../features/consumer/consumer-screen.tsx';
import { RemoveDemoDialog } from '../features/pipelines/remove-demo-dialog.tsx';
import { type Command, commands, useKeys } from '../keyboard/commands.tsx';
import { useLive } from '../live.ts';
import { AppCommands } from './app-commands.tsx';
import { brokerState } from './broker-state.ts';
import { Palette } from './palette.tsx';
import { PipelinesTab } from './pipelines-tab.tsx';
import { QuitDialog } from './quit-dialog.tsx';
import { SettingsDialog } from './settings-dialog.tsx';
import { ShortcutsSheet } from './shortcuts-sheet.tsx';
import { Sidebar } from './sidebar.tsx';
import { StatusBar } from './status-bar.tsx';
import { StorageAlarms } from './storage-alarms.tsx';
import { useStore } from './store.ts';
import { activeTab, showPipelines } from './tab-list.ts';
import { TabStrip, tabId } from './tab-strip.tsx';
import type { Workspace } from './workspace.ts';
import { useWorkspace, WorkspaceContext } from './workspace-context.ts';
import './app.css';

/** What lies over the window; one at a time. */
export type Overlay =
  | { kind: 'palette'; initial: string; available: readonly Command[] }
  | { kind: 'shortcuts' }
  | { kind: 'settings' }
  | { kind: 'connector'; files: readonly ChosenFile[] }
  | { kind: 'remove-demo' };

export function App({ workspace }: { workspace: Workspace }) {
  return (
    <WorkspaceContext value={workspace}>
      <ToastProvider value={workspace.toasts}>
        <Clipboard
          value={async (text) => {
            await workspace.connections.desktop.current?.writeClipboard({ text });
          }}
        >
          <TooltipProvider delay={400} closeDelay={0}>
            <Shell />
          </TooltipProvider>
        </Clipboard>
      </ToastProvider>
    </WorkspaceContext>
  );
}

function Shell() {
  const workspace = useWorkspace();
  const tab = activeTab(useStore(workspace.tabs));
  const [overlay, setOverlay] = useState<Overlay>();
  const close = () => setOverlay(undefined);
  const openPalette = (initial = '') => setOverlay({ kind: 'palette', initial, available: commands.active() });
  const openFile = async () => {
    const files = await workspace.connections.desktop.current?.chooseConnectorFiles();
    if (files && files.length > 0) setOverlay({ kind: 'connector', files });
  };
  const newConnector = () => setOverlay({ kind: 'connector', files: [] });
  const createFrom = (config: ConfigEntries) => {
    const name = config.find(([key]) => key === 'name')?.[1] ?? 'connector';
    workspace.edit(documentOf(config), name);
  };
  const removeDemo = () => setOverlay({ kind: 'remove-demo' });
  useKeys();
  useTheme();

  return (
    <div className="app">
      <AppCommands
        onOverlay={setOverlay}
        onPalette={openPalette}
        onOpenFile={() => void openFile()}
        onNewConnector={newConnector}
      />
      <Sidebar onPalette={() => openPalette('>')} onShortcuts={() => setOverlay({ kind: 'shortcuts' })} />
      <TabStrip onNew={() => openPalette('#')} onSearch={() => openPalette()} />
      <main className="main" data-region="main" tabIndex={-1}>
        <StorageAlarms />
        <div className="page" id="page" role="tabpanel" aria-labelledby={tabId(tab)}>
          {tab.kind === 'pipelines' && (
            <PipelinesTab onOpenFile={() => void openFile()} onNewConnector={newConnector} onRemoveDemo={removeDemo} />
          )}
          {tab.kind === 'catalog' && <CatalogTab onCreate={createFrom} />}
          {tab.kind === 'editor' && <EditorTab key={tab.id} id={tab.id} />}
          {tab.kind === 'consumer' && <ConsumerTab key={tab.id} />}
        </div>
      </main>
      <StatusBar />
      <ToastList />
      <Overlays overlay={overlay} onClose={close} />
    </div>
  );
}

function CatalogTab({ onCreate }: { onCreate(config: ConfigEntries): void }) {
  const workspace = useWorkspace();
  const { value, error } = useLive(workspace.catalog);
  return <CatalogScreen catalog={value} problem={error} worker={workspace.connections.worker} onCreate={onCreate} />;
}

function EditorTab({ id }: { id: string }) {
  const workspace = useWorkspace();
  const document = useStore(workspace.drafts).get(id);
  const connectors = useLive(workspace.connectors).value ?? [];
  if (!document) return null;
  return (
    <ConfigEditor
      document={document}
      onChange={(next) => workspace.drafts.update((drafts) => new Map(drafts).set(id, next))}
      worker={workspace.connections.worker}
      present={new Set(connectors.map(({ name }) => name))}
      onSaved={(name) => {
        workspace.close(id);
        workspace.selected.set(name);
        workspace.tabs.update(showPipelines);
        workspace.toasts.show({
          icon: 'play',
          text: (
            <>
              <code>{name}</code> starts.
            </>
          ),
        });
      }}
    />
  );
}

function ConsumerTab() {
  const workspace = useWorkspace();
  const tab = activeTab(useStore(workspace.tabs));
  const spelling = useStore(workspace.spelling);
  const sandbox = useLive(workspace.sandbox).value;
  const settings = useLive(workspace.settings).value;
  const environment = useLive(workspace.environment).value;
  const session = tab.kind === 'consumer' ? workspace.session(tab) : undefined;
  // What ended because Kafka was gone goes on when it is back.
  const connected = environment?.status === 'connected';
  useEffect(() => {
    if (connected && session?.phase === 'failed') session.resume();
  }, [connected, session]);
  if (!session) return null;
  return (
    <ConsumerScreen
      session={session}
      worker={workspace.connections.worker}
      bootstrapServers={environment?.bootstrapServers ?? brokerState(sandbox, environment, settings).address}
      spelling={spelling}
      onSpelling={(next) => workspace.spelling.set(next)}
    />
  );
}

function Overlays({ overlay, onClose }: { overlay: Overlay | undefined; onClose(): void }) {
  const workspace = useWorkspace();
  const { connections, tabs } = workspace;
  const tab = activeTab(useStore(tabs));
  const connectors = useLive(workspace.connectors).value ?? [];
  const topics = useLive(workspace.topics).value ?? [];
  const quitRequested = useLive(workspace.quitRequested).value;
  if (quitRequested) return <QuitDialog />;
  switch (overlay?.kind) {
    case undefined:
      return null;
    case 'palette':
      return <Palette available={overlay.available} initial={overlay.initial} onClose={onClose} />;
    case 'shortcuts':
      return <ShortcutsSheet screen={tab.kind === 'consumer' ? 'Live consumer' : 'Pipelines'} onClose={onClose} />;
    case 'settings':
      return <SettingsDialog onClose={onClose} />;
    case 'connector':
      return (
        <ConnectorDialog
          desktop={connections.desktop}
          worker={connections.worker}
          connectors={connectors}
          files={overlay.files}
          onCreated={(name) => {
            workspace.selected.set(name);
            tabs.update(showPipelines);
          }}
          onClose={onClose}
        />
      );
    case 'remove-demo':
      return (
        <RemoveDemoDialog
          connectors={connectors}
          topics={topics}
          worker={connections.worker}
          onRemoved={(gone) => {
            for (const open of tabs.get().tabs)
              if (open.kind === 'consumer' && gone.includes(open.topic)) workspace.close(open.id);
            tabs.update(showPipelines);
          }}
          onClose={onClose}
        />
      );
  }
}

/** The chosen theme on the document; `system` leaves it to the system. */
function useTheme(): void {
  const { settings } = useWorkspace();
  const theme = useLive(settings).value?.theme;
  useEffect(() => {
    const root = document.documentElement;
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
    else delete root.dataset.theme;
  }, [theme]);
}
