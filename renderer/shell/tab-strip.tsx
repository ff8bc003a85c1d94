import type { KeyboardEvent } from 'react';
import { IconButton } from '../components/button.tsx';
import { Icon } from '../components/icon.tsx';
import { ariaKeys, Keys } from '../components/keys.tsx';
import { StateShape } from '../components/state.tsx';
import { worstOf } from '../features/pipelines/connector-state.ts';
import { useLive } from '../live.ts';
import { useStore } from './store.ts';
import { activeTab, showTab, stepTab, type Tab } from './tab-list.ts';
import { useWorkspace } from './workspace-context.ts';
import './tab-strip.css';

export interface TabStripProps {
  onNew(): void;
  onSearch(): void;
}

/** What is open, and the field that finds the rest. Arrows move between tabs, Delete closes one. */
export function TabStrip({ onNew, onSearch }: TabStripProps) {
  const workspace = useWorkspace();
  const list = useStore(workspace.tabs);
  const active = activeTab(list);
  const failing = (useLive(workspace.connectors).value ?? []).some((connector) => worstOf(connector) === 'FAILED');
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowRight') workspace.tabs.update((tabs) => stepTab(tabs, 1));
    else if (event.key === 'ArrowLeft') workspace.tabs.update((tabs) => stepTab(tabs, -1));
    else if (event.key === 'Delete') workspace.close(active.id);
    else return;
    event.preventDefault();
    requestAnimationFrame(() => document.getElementById(tabId(activeTab(workspace.tabs.get())))?.focus());
  };
  return (
    <header className="tab-strip" data-region="tabs">
      <div className="tab-row" role="tablist" aria-label="Open tabs" onKeyDown={onKeyDown}>
        {list.tabs.map((tab) => (
          <div key={tab.id} className="tab" role="presentation" data-active={tab.id === active.id || undefined}>
            <button
              type="button"
              role="tab"
              className="tab-face"
              id={tabId(tab)}
              aria-selected={tab.id === active.id}
              aria-controls="page"
              tabIndex={tab.id === active.id ? 0 : -1}
              data-region-start={tab.id === active.id || undefined}
              title={nameOf(tab)}
              onClick={() => workspace.tabs.update((tabs) => showTab(tabs, tab.id))}
              onAuxClick={(event) => event.button === 1 && workspace.close(tab.id)}
            >
              {tab.kind === 'pipelines' && failing ? (
                <StateShape state="FAILED" size={14} />
              ) : (
                <Icon name={ICONS[tab.kind]} size={14} />
              )}
              <span className={tab.kind === 'consumer' ? 'one-line data' : 'one-line'}>{nameOf(tab)}</span>
            </button>
            <button
              type="button"
              className="tab-close"
              tabIndex={-1}
              aria-hidden="true"
              title="Close"
              onClick={() => workspace.close(tab.id)}
            >
              <Icon name="close" size={12} />
            </button>
          </div>
        ))}
      </div>
      <span className="tab-new">
        <IconButton icon="plus" size="small" label="New tab" chord="Mod+T" onClick={onNew} />
      </span>
      <div className="tab-strip-end">
        <button
          type="button"
          className="search"
          aria-haspopup="dialog"
          aria-keyshortcuts={ariaKeys('Mod+K')}
          onClick={onSearch}
        >
          <Icon name="search" size={14} />
          <span className="search-words">
            Search<span className="wide-only"> or run</span>
          </span>
          <Keys chord="Mod+K" />
        </button>
      </div>
    </header>
  );
}

const ICONS = { pipelines: 'pipelines', catalog: 'catalog', consumer: 'topic', editor: 'edit' } as const;

function nameOf(tab: Tab): string {
  if (tab.kind === 'consumer') return tab.topic;
  if (tab.kind === 'editor') return tab.title;
  return tab.kind === 'pipelines' ? 'Pipelines' : 'Catalog';
}

export function tabId(tab: Tab): string {
  return `tab-${tab.id}`;
}
