import { useState } from 'react';
import type { ConnectorSummary } from '../../common/connect/connector-summary.ts';
import type { TopicSummary } from '../../common/kafka/topics.ts';
import { Icon } from '../components/icon.tsx';
import { ariaKeys, Keys } from '../components/keys.tsx';
import { State, StateShape } from '../components/state.tsx';
import { Tooltip } from '../components/tooltip.tsx';
import { failedTasks, sentenceOf, worstOf } from '../features/pipelines/connector-state.ts';
import { count, shortRate } from '../format.ts';
import { useLive } from '../live.ts';
import { EnvironmentCard } from './environment-card.tsx';
import { useStore } from './store.ts';
import { activeTab, showCatalog, showPipelines, showTopic } from './tab-list.ts';
import { useWorkspace } from './workspace-context.ts';
import './sidebar.css';

export interface SidebarProps {
  onPalette(): void;
  onShortcuts(): void;
}

/** Where one is: the environment, the sections that exist, and the live lists. */
export function Sidebar({ onPalette, onShortcuts }: SidebarProps) {
  const workspace = useWorkspace();
  const connectors = useLive(workspace.connectors).value ?? [];
  const topics = useLive(workspace.topics).value ?? [];
  const shown = activeTab(useStore(workspace.tabs));
  const available = useLive(workspace.catalog).value?.plugins.filter(
    ({ kind }) => kind === 'source' || kind === 'sink',
  ).length;
  const failing = connectors.filter((connector) => worstOf(connector) === 'FAILED').length;
  return (
    <aside className="sidebar" aria-label="Workspace" data-region="sidebar">
      <div className="brand">
        <Icon name="mark" className="brand-mark" />
        <span className="brand-name">Runnel</span>
      </div>
      <EnvironmentCard />
      <nav className="sections" aria-label="Sections">
        <Tooltip text={failing > 0 ? `Pipelines, ${failing} failing` : 'Pipelines'} chord="Mod+1" side="right">
          <button
            type="button"
            className="section"
            data-region-start
            aria-current={shown.kind === 'pipelines' ? 'page' : undefined}
            aria-keyshortcuts={ariaKeys('Mod+1')}
            onClick={() => workspace.tabs.update(showPipelines)}
          >
            <Icon name="pipelines" className="section-icon" />
            <span className="section-name">Pipelines</span>
            <span className="section-count">
              {count(connectors.length)}
              <span className="unseen"> connectors</span>
            </span>
            {failing > 0 && (
              <span className="section-failing">
                {failing}
                <span className="unseen"> failing</span>
              </span>
            )}
          </button>
        </Tooltip>
        <Tooltip text="Catalog" chord="Mod+2" side="right">
          <button
            type="button"
            className="section"
            aria-current={shown.kind === 'catalog' ? 'page' : undefined}
            aria-keyshortcuts={ariaKeys('Mod+2')}
            onClick={() => workspace.tabs.update(showCatalog)}
          >
            <Icon name="catalog" className="section-icon" />
            <span className="section-name">Catalog</span>
            {available !== undefined && (
              <span className="section-count">
                {count(available)}
                <span className="unseen"> connectors that can be created</span>
              </span>
            )}
          </button>
        </Tooltip>
      </nav>
      <div className="side-lists">
        <TopicList topics={topics} current={shown.kind === 'consumer' ? shown.topic : undefined} />
        <ConnectorList connectors={connectors} />
      </div>
      <footer className="side-foot">
        <button type="button" className="side-key" onClick={onPalette}>
          <Keys chord="Mod+K" /> Commands
        </button>
        <button type="button" className="side-key" onClick={onShortcuts} aria-label="Shortcuts">
          <Keys chord="?" /> <span className="wide-only">Shortcuts</span>
        </button>
      </footer>
    </aside>
  );
}

function TopicList({ topics, current }: { topics: readonly TopicSummary[]; current: string | undefined }) {
  const workspace = useWorkspace();
  const [withInternal, setWithInternal] = useState(false);
  const internal = topics.filter((topic) => topic.internal).length;
  const shown = withInternal ? topics : topics.filter((topic) => !topic.internal);
  return (
    <>
      <h2 className="side-title">Topics {shown.length > 0 && <span>rec/s</span>}</h2>
      {shown.length === 0 && (
        <p className="side-empty">None yet. Topics of this broker are listed here with their live rate.</p>
      )}
      <ul aria-label="Topics">
        {shown.map(({ name, recordsPerSecond }) => (
          <li key={name}>
            <button
              type="button"
              className="side-item"
              title={name}
              aria-current={name === current ? 'page' : undefined}
              onClick={() => workspace.tabs.update((tabs) => showTopic(tabs, name, crypto.randomUUID()))}
            >
              <Icon name="topic" size={12} className="third" />
              <span className="one-line">{name}</span>
              <span className="side-rate">{shortRate(recordsPerSecond)}</span>
            </button>
          </li>
        ))}
      </ul>
      {internal > 0 && (
        <button type="button" className="side-more" onClick={() => setWithInternal(!withInternal)}>
          {withInternal ? 'Hide' : 'Show'} {count(internal)} internal
        </button>
      )}
    </>
  );
}

function ConnectorList({ connectors }: { connectors: readonly ConnectorSummary[] }) {
  const workspace = useWorkspace();
  const selected = useStore(workspace.selected);
  const onPipelines = activeTab(useStore(workspace.tabs)).kind === 'pipelines';
  return (
    <>
      <h2 className="side-title">Connectors</h2>
      {connectors.length === 0 && (
        <p className="side-empty">
          None yet. Each one shows its state: <State state="RUNNING" /> <State state="PAUSED" />{' '}
          <State state="STOPPED" /> <State state="FAILED" />
        </p>
      )}
      <ul aria-label="Connectors">
        {connectors.map((connector) => (
          <li key={connector.name}>
            <button
              type="button"
              className="side-item"
              title={sentenceOf(connector)}
              aria-label={sentenceOf(connector)}
              aria-current={onPipelines && connector.name === selected ? 'true' : undefined}
              onClick={() => {
                workspace.selected.set(connector.name);
                workspace.tabs.update(showPipelines);
              }}
            >
              <StateShape state={worstOf(connector)} />
              <span className="one-line">{connector.name}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What fails now, for the status bar: `1 task FAILED`. */
export function failingNow(connectors: readonly ConnectorSummary[]): string | undefined {
  const tasks = connectors.reduce((sum, connector) => sum + failedTasks(connector).length, 0);
  const own = connectors.filter(({ connector, finished }) => connector.state === 'FAILED' && !finished).length;
  const words = [
    ...(own > 0 ? [`${own} ${own === 1 ? 'connector' : 'connectors'}`] : []),
    ...(tasks > 0 ? [`${tasks} ${tasks === 1 ? 'task' : 'tasks'}`] : []),
  ];
  return words.length > 0 ? `${words.join(', ')} FAILED` : undefined;
}
