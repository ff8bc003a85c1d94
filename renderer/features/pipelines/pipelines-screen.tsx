import { type ReactNode, useRef, useState } from 'react';
import type { ConnectorSummary } from '../../../common/connect/connector-summary.ts';
import type { WorkerClient } from '../../../common/contract.ts';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Keys } from '../../components/keys.tsx';
import { Menu } from '../../components/menu.tsx';
import { Segments } from '../../components/segments.tsx';
import { State } from '../../components/state.tsx';
import { Empty, Problem } from '../../components/surfaces.tsx';
import type { Connection } from '../../connection.ts';
import { counted } from '../../format.ts';
import { useCommand } from '../../keyboard/commands.tsx';
import { useConnectorActions } from './connector-actions.tsx';
import type { ConnectorRates } from './connector-rates.ts';
import { failedTasks, pauseOrResume, unavailable } from './connector-state.ts';
import { ConnectorTable } from './connector-table.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { FailurePane } from './failure-pane.tsx';
import '../../components/page.css';
import './pipelines-screen.css';

type Kind = 'all' | 'source' | 'sink';

export interface PipelinesScreenProps {
  connectors: readonly ConnectorSummary[];
  rates: ConnectorRates;
  worker: Connection<WorkerClient>;
  selected: string | undefined;
  onSelect(name: string | undefined): void;
  onTopic(topic: string): void;
  onOpenFile(): void;
  onNewConnector(): void;
  onEdit(name: string): void;
  /** Set while the demo is there. */
  onRemoveDemo: (() => void) | undefined;
  /** What stands over the table: the broker is off, the worker is gone. */
  notice?: ReactNode;
  /** The values are from before. */
  stale?: boolean;
}

/** Every connector with its state, rate and actions. */
export function PipelinesScreen(props: PipelinesScreenProps) {
  const { connectors, rates, worker, selected, onSelect, onTopic, onOpenFile, onNewConnector, onRemoveDemo } = props;
  const [kind, setKind] = useState<Kind>('all');
  const [filter, setFilter] = useState('');
  const [deleting, setDeleting] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  const actions = useConnectorActions(worker);
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = connectors.filter(
    (connector) =>
      (kind === 'all' || connector.type === kind) &&
      words.every((word) =>
        `${connector.name} ${connector.connectorClass} ${connector.topics.join(' ')}`.toLowerCase().includes(word),
      ),
  );
  const chosen = shown.find(({ name }) => name === selected);
  const toDelete = connectors.find(({ name }) => name === deleting);

  useCommand({ id: 'filter', title: 'Filter connectors', icon: 'search', run: () => field.current?.select() });
  useConnectorCommands(chosen, actions, setDeleting);
  useCommand(
    {
      id: 'edit-connector',
      title: `Edit ${chosen?.name ?? ''}…`,
      icon: 'edit',
      run: () => chosen && props.onEdit(chosen.name),
    },
    chosen !== undefined,
  );

  return (
    <div className="pipelines">
      <header className="page-head">
        <h1>Pipelines</h1>
        <div className="facts-line">
          <span>{counted(connectors.length, 'connector')}</span>
          <StateCounts connectors={connectors} />
        </div>
        <div className="actions">
          <Button icon="folder" chord="Mod+O" className="button wide-only" onClick={onOpenFile}>
            Open file…
          </Button>
          <Button kind="primary" icon="plus" chord="Mod+N" onClick={onNewConnector}>
            New connector
          </Button>
          {onRemoveDemo && (
            <Menu
              trigger={
                <button type="button" className="button" data-square aria-label="More">
                  <Icon name="more" size={14} />
                </button>
              }
              entries={[{ icon: 'trash', label: 'Remove the tweets demo…', run: onRemoveDemo }]}
            />
          )}
        </div>
      </header>
      <div className="toolbar">
        <Field
          ref={field}
          type="search"
          icon="search"
          label="Filter connectors"
          placeholder="Filter connectors"
          fieldClass="connector-filter"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && filter !== '') {
              event.preventDefault();
              setFilter('');
            }
          }}
          end={filter === '' ? <Keys chord="/" /> : undefined}
        />
        <Segments<Kind>
          label="Type"
          value={kind}
          onChange={setKind}
          options={[
            { value: 'all', label: `All ${connectors.length}` },
            { value: 'source', label: `Sources ${connectors.filter(({ type }) => type === 'source').length}` },
            { value: 'sink', label: `Sinks ${connectors.filter(({ type }) => type === 'sink').length}` },
          ]}
        />
        {chosen && (
          <span className="push selection">
            <span className="small second one-line not-narrow">
              <code>{chosen.name}</code>
            </span>
            <Button size="small" icon="edit" className="button wide-only" onClick={() => props.onEdit(chosen.name)}>
              Edit
            </Button>
            <Button size="small" icon="restart" chord="R" onClick={() => actions.restart(chosen)}>
              {failedTasks(chosen).length > 0 ? 'Restart failed tasks' : 'Restart'}
            </Button>
          </span>
        )}
      </div>
      {props.notice}
      {actions.problem && (
        <Problem strip what={actions.problem.what} error={actions.problem.error}>
          <Button size="small" onClick={actions.dismiss}>
            Dismiss
          </Button>
        </Problem>
      )}
      <div className="table-region" data-stale={props.stale || undefined}>
        <ConnectorTable
          connectors={shown}
          rates={rates}
          actions={actions}
          selected={selected}
          onSelect={onSelect}
          onDelete={({ name }) => setDeleting(name)}
          onTopic={onTopic}
        />
        {shown.length === 0 && (
          <Empty title="No connector matches">
            <p>
              {counted(connectors.length, 'connector')} {connectors.length === 1 ? 'is' : 'are'} here, none with “
              {filter}”{kind === 'all' ? '' : ` among the ${kind}s`}.
            </p>
            <Button
              size="small"
              onClick={() => {
                setFilter('');
                setKind('all');
              }}
            >
              Show all
            </Button>
          </Empty>
        )}
      </div>
      {chosen && <FailurePane connector={chosen} actions={actions} />}
      {toDelete && (
        <DeleteDialog connector={toDelete} worker={worker} actions={actions} onClose={() => setDeleting(undefined)} />
      )}
    </div>
  );
}

function StateCounts({ connectors }: { connectors: readonly ConnectorSummary[] }) {
  const failedTask = connectors.filter((c) => c.connector.state !== 'FAILED' && failedTasks(c).length > 0).length;
  const states = (['RUNNING', 'FAILED', 'PAUSED', 'STOPPED', 'UNASSIGNED', 'RESTARTING'] as const).map((state) => ({
    state,
    count: connectors.filter((c) => c.connector.state === state && !c.finished).length,
  }));
  return (
    <>
      {states.map(({ state, count }) =>
        count > 0 ? (
          <span key={state} className={state === 'RUNNING' || state === 'FAILED' ? undefined : 'wide-only'}>
            <State state={state}>
              {count} {state === 'RESTARTING' ? 'restarting…' : state}
            </State>
          </span>
        ) : null,
      )}
      {failedTask > 0 && <State state="FAILED">{failedTask} with a FAILED task</State>}
    </>
  );
}

/** The keys and palette entries for the chosen connector. */
function useConnectorCommands(
  chosen: ConnectorSummary | undefined,
  actions: ReturnType<typeof useConnectorActions>,
  onDelete: (name: string) => void,
): void {
  const name = chosen?.name ?? '';
  const first = chosen ? pauseOrResume(chosen) : 'pause';
  const failed = chosen ? failedTasks(chosen)[0] : undefined;
  useCommand(
    {
      id: 'pause-connector',
      title: `${first === 'pause' ? 'Pause' : 'Resume'} ${name}`,
      icon: first === 'pause' ? 'pause' : 'play',
      run: () => chosen && actions[first](chosen),
    },
    chosen !== undefined && unavailable(chosen, first) === undefined,
  );
  useCommand(
    { id: 'stop-connector', title: `Stop ${name}`, icon: 'stop', run: () => chosen && actions.stop(chosen) },
    chosen !== undefined && unavailable(chosen, 'stop') === undefined,
  );
  useCommand(
    {
      id: 'restart-connector',
      title: `Restart ${name}`,
      icon: 'restart',
      run: () => chosen && actions.restart(chosen),
    },
    chosen !== undefined,
  );
  useCommand(
    {
      id: 'restart-task',
      title: `Restart task ${failed?.id ?? 0} of ${name}`,
      icon: 'restart',
      run: () => chosen && failed && actions.restartTask(chosen, failed.id),
    },
    failed !== undefined,
  );
  useCommand(
    { id: 'delete-connector', title: `Delete ${name}…`, icon: 'trash', run: () => chosen && onDelete(name) },
    chosen !== undefined,
  );
}
