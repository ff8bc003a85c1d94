import type { ConnectorSummary } from '../../../common/connect/connector-summary.ts';
import { Button } from '../../components/button.tsx';
import { Copy } from '../../components/copy.tsx';
import { DataText } from '../../components/data-text.tsx';
import { State } from '../../components/state.tsx';
import type { ConnectorActions } from './connector-actions.tsx';
import { failedTasks } from './connector-state.ts';
import { plainReason } from './trace.ts';
import './failure-pane.css';

interface Failure {
  title: string;
  trace: string;
  task: number | undefined;
}

/** What failed in the chosen connector: in plain words, then the trace as REST has it, and the way on. */
export function FailurePane({ connector, actions }: { connector: ConnectorSummary; actions: ConnectorActions }) {
  return failuresOf(connector).map(({ title, trace, task }) => (
    <section key={title} className="failure-pane" aria-label={title} data-region="detail">
      <header>
        <State state="FAILED">{title}</State>
        <strong>{plainReason(trace)}</strong>
        <span className="actions">
          <Copy text={() => trace} label="Copy the trace" size="small">
            Copy trace
          </Copy>
          {task === undefined ? (
            <Button size="small" icon="restart" chord="R" onClick={() => actions.restart(connector)}>
              Restart
            </Button>
          ) : (
            <Button size="small" icon="restart" chord="Shift+R" onClick={() => actions.restartTask(connector, task)}>
              Restart task {task}
            </Button>
          )}
        </span>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
      <pre tabIndex={0}>
        <DataText text={trace} lines />
      </pre>
    </section>
  ));
}

/** At most the first two; what they have in common is usually all there is to know. */
function failuresOf(connector: ConnectorSummary): Failure[] {
  const failures: Failure[] = [];
  const { trace, state } = connector.connector;
  if (state === 'FAILED') failures.push({ title: 'Connector FAILED', trace: trace ?? '', task: undefined });
  for (const task of failedTasks(connector))
    failures.push({ title: `Task ${task.id} FAILED`, trace: task.trace ?? '', task: task.id });
  return failures.slice(0, 2);
}
