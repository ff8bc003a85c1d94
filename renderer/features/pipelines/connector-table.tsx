import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import type { ConnectorSummary } from '../../../common/connect/connector-summary.ts';
import { IconButton } from '../../components/button.tsx';
import { focusInPage } from '../../components/focus.ts';
import { Icon } from '../../components/icon.tsx';
import { Sparkline } from '../../components/sparkline.tsx';
import { State } from '../../components/state.tsx';
import { clock, count, rate } from '../../format.ts';
import type { ConnectorActions } from './connector-actions.tsx';
import type { ConnectorRates } from './connector-rates.ts';
import { failedTasks, pauseOrResume, shapeOf, shortClass, unavailable } from './connector-state.ts';
import './connector-table.css';

export interface ConnectorTableProps {
  connectors: readonly ConnectorSummary[];
  rates: ConnectorRates;
  actions: ConnectorActions;
  selected: string | undefined;
  onSelect(name: string): void;
  onDelete(connector: ConnectorSummary): void;
  onTopic(topic: string): void;
}

/** One row a connector. Arrows move between rows, Tab into the actions of the chosen one. */
export function ConnectorTable({
  connectors,
  rates,
  actions,
  selected,
  onSelect,
  onDelete,
  onTopic,
}: ConnectorTableProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  const at = connectors.findIndex(({ name }) => name === selected);
  // Chosen in the sidebar or the palette: keys go to its row.
  useEffect(() => {
    if (selected !== undefined && !focusInPage())
      body.current?.querySelector<HTMLElement>('[aria-selected=true]')?.focus();
  }, [selected]);
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: connectors.length - 1 };
    const target = moves[event.key];
    if (target === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const index = Math.max(0, Math.min(connectors.length - 1, target));
    const next = connectors[index];
    if (!next) return;
    onSelect(next.name);
    body.current?.rows[index]?.focus();
  };
  return (
    <table className="table connectors" aria-label="Connectors">
      <thead>
        <tr>
          <th className="column-name">Name</th>
          <th className="column-state">State</th>
          <th className="column-type type">Type</th>
          <th className="wide-only">Class</th>
          <th className="column-tasks number">Tasks</th>
          <th>Topics</th>
          <th className="column-rate number">rec/s</th>
          <th className="column-history not-narrow">Last 5 min</th>
          <th className="column-progress number">Offset or lag</th>
          <th className="column-errors number">Errors</th>
          <th className="column-actions">Actions</th>
        </tr>
      </thead>
      <tbody ref={body} onKeyDown={onKeyDown}>
        {connectors.map((connector, index) => (
          <ConnectorRow
            key={connector.name}
            connector={connector}
            rates={rates.of(connector.name)}
            actions={actions}
            selected={connector.name === selected}
            reachable={connector.name === selected || (at < 0 && index === 0)}
            onSelect={() => onSelect(connector.name)}
            onDelete={() => onDelete(connector)}
            onTopic={onTopic}
          />
        ))}
      </tbody>
    </table>
  );
}

interface ConnectorRowProps {
  connector: ConnectorSummary;
  rates: readonly (number | undefined)[];
  actions: ConnectorActions;
  selected: boolean;
  reachable: boolean;
  onSelect(): void;
  onDelete(): void;
  onTopic(topic: string): void;
}

function ConnectorRow(props: ConnectorRowProps) {
  const { connector, rates, actions, selected, reachable, onSelect, onDelete, onTopic } = props;
  const { name, type, connectorClass, topics, recordsPerSecond } = connector;
  const idle = connector.connector.state !== 'RUNNING' || connector.finished;
  const tabIndex = reachable ? 0 : -1;
  return (
    <tr aria-selected={selected} tabIndex={tabIndex} onClick={onSelect} onFocus={onSelect}>
      <td>
        <span className="name" title={name}>
          <Icon name={type === 'sink' ? 'sink' : 'source'} size={14} />
          <code className="one-line">{name}</code>
        </span>
      </td>
      <td>
        <StateCell connector={connector} />
      </td>
      <td className="type">{type}</td>
      <td className="wide-only cut" title={connectorClass}>
        <code>{shortClass(connectorClass)}</code>
      </td>
      <td className="number">
        <Tasks connector={connector} />
      </td>
      <td className="cut topics" title={topics.join(', ')}>
        <Topics topics={topics} tabIndex={tabIndex} onTopic={onTopic} />
      </td>
      <td className="number">
        <code>{idle && recordsPerSecond === 0 ? '–' : rate(recordsPerSecond)}</code>
      </td>
      <td className="not-narrow">
        {rates.some((value) => value !== undefined && value > 0) ? (
          <Sparkline
            values={rates}
            idle={idle || recordsPerSecond === 0}
            version={`${rates.length} ${rates.at(-1)} ${performance.now() >> 11}`}
            label={`Records a second over the last five minutes, now ${rate(recordsPerSecond)}`}
          />
        ) : (
          <span className="third">{idle ? 'not running' : 'nothing yet'}</span>
        )}
      </td>
      <td className="number cut">
        <Progress connector={connector} />
      </td>
      <td className="number">
        {connector.errors > 0 ? (
          <span className="state" data-state="FAILED">
            <Icon name="error" size={12} />
            {count(connector.errors)}
          </span>
        ) : (
          <span className="third">0</span>
        )}
      </td>
      <td>
        <RowActions connector={connector} actions={actions} tabIndex={tabIndex} onDelete={onDelete} />
      </td>
    </tr>
  );
}

function StateCell({ connector }: { connector: ConnectorSummary }) {
  const { finished, waitingFor } = connector;
  const waits = waitingFor ? `Waiting for ${waitingFor.what} since ${clock(waitingFor.since)}` : undefined;
  return (
    <span title={waits} style={{ display: 'flex', alignItems: 'center', gap: 5 }}>
      <State state={shapeOf(connector)}>{finished ? 'finished' : undefined}</State>
      {waits && (
        <span className="third">
          <Icon name="clock" size={12} />
          <span className="unseen">{waits}</span>
        </span>
      )}
    </span>
  );
}

function Tasks({ connector }: { connector: ConnectorSummary }) {
  const failed = failedTasks(connector).length;
  const { tasks } = connector;
  if (failed > 0) {
    return (
      <State state="FAILED" size={10}>
        {failed} FAILED
      </State>
    );
  }
  const running = tasks.filter(({ state }) => state === 'RUNNING' || state === 'PAUSED').length;
  return (
    <>
      {running} / {Math.max(tasks.length, tasks.length === 0 ? connector.tasksMax : 0)}
    </>
  );
}

function Topics({
  topics,
  tabIndex,
  onTopic,
}: {
  topics: readonly string[];
  tabIndex: number;
  onTopic(topic: string): void;
}): ReactNode {
  if (topics.length === 0) return <span className="third">none yet</span>;
  return topics.slice(0, 5).map((topic, index) => (
    <span key={topic}>
      {index > 0 && ', '}
      <button
        type="button"
        tabIndex={tabIndex}
        onClick={(event) => {
          event.stopPropagation();
          onTopic(topic);
        }}
      >
        {topic}
      </button>
    </span>
  ));
}

function Progress({ connector }: { connector: ConnectorSummary }) {
  if (connector.type === 'sink') {
    return connector.lag === null ? (
      <span className="third">lag unknown</span>
    ) : (
      <code>lag {count(connector.lag)}</code>
    );
  }
  return connector.offset === null ? (
    <span className="third">no offset yet</span>
  ) : (
    <code title={connector.offset}>{connector.offset}</code>
  );
}

interface RowActionsProps {
  connector: ConnectorSummary;
  actions: ConnectorActions;
  tabIndex: number;
  onDelete(): void;
}

function RowActions({ connector, actions, tabIndex, onDelete }: RowActionsProps) {
  const { name } = connector;
  const busy = actions.busy.has(name);
  const first = pauseOrResume(connector);
  const shared = { size: 'small', busy, tabIndex } as const;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: keeps a press on a button from choosing the row
    <span className="row-actions" onClick={(event) => event.stopPropagation()}>
      <IconButton
        {...shared}
        icon={first === 'pause' ? 'pause' : 'play'}
        label={`${first === 'pause' ? 'Pause' : 'Resume'} ${name}`}
        chord="P"
        unavailable={unavailable(connector, first)}
        onClick={() => actions[first](connector)}
      />
      <IconButton
        {...shared}
        icon="stop"
        label={`Stop ${name}`}
        chord="S"
        unavailable={unavailable(connector, 'stop')}
        onClick={() => actions.stop(connector)}
      />
      <IconButton
        {...shared}
        icon="restart"
        label={`Restart ${name}`}
        chord="R"
        onClick={() => actions.restart(connector)}
      />
      <IconButton {...shared} icon="trash" label={`Delete ${name}…`} chord="Delete" onClick={onDelete} />
    </span>
  );
}
