import { Icon } from '../components/icon.tsx';
import { StateShape } from '../components/state.tsx';
import { Tooltip } from '../components/tooltip.tsx';
import { worstOf } from '../features/pipelines/connector-state.ts';
import { bytes, rate } from '../format.ts';
import { useLive } from '../live.ts';
import { brokerState } from './broker-state.ts';
import { failingNow } from './sidebar.tsx';
import { showPipelines } from './tab-list.ts';
import { useWorkspace } from './workspace-context.ts';
import './status-bar.css';

/** What goes on now: broker, REST, rates, failures, memory. */
export function StatusBar() {
  const workspace = useWorkspace();
  const sandbox = useLive(workspace.sandbox).value;
  const settings = useLive(workspace.settings).value;
  const environment = useLive(workspace.environment).value;
  const worker = useLive(workspace.workerState).value;
  const connectors = useLive(workspace.connectors).value ?? [];
  const topics = useLive(workspace.topics).value ?? [];
  const broker = brokerState(sandbox, environment, settings);
  const into = topics.filter(({ internal }) => !internal).reduce((sum, topic) => sum + topic.recordsPerSecond, 0);
  const out = connectors.filter(({ type }) => type === 'sink').reduce((sum, sink) => sum + sink.recordsPerSecond, 0);
  const failing = failingNow(connectors);
  const restUrl = worker?.restUrl?.replace(/^https?:\/\//, '');
  return (
    <section className="status-bar" aria-label="Status" data-region="status" tabIndex={-1}>
      <span>
        <StateShape state={broker.shape} size={10} /> {broker.shape === 'RUNNING' ? 'Broker' : capital(broker.words)}{' '}
        <code>{broker.address}</code>
        {sandbox?.portMoved && <span>(9092 is taken)</span>}
      </span>
      <span>
        {restUrl ? (
          <>
            Worker REST <code>{restUrl}</code>
            {worker?.portMoved && <span>(8083 is taken)</span>}
          </>
        ) : (
          `Worker ${worker?.status ?? 'starting'}`
        )}
      </span>
      <span className="space" />
      <Tooltip text="Records a second into topics of this broker" side="top">
        <span>
          <Icon name="arrow-down" size={12} /> in <b>{rate(into)}</b> rec/s
        </span>
      </Tooltip>
      <Tooltip text="Records a second out of topics, through sink connectors" side="top">
        <span>
          <Icon name="arrow-up" size={12} /> out <b>{rate(out)}</b> rec/s
        </span>
      </Tooltip>
      {failing ? (
        <button
          type="button"
          className="failing"
          onClick={() => {
            workspace.selected.set(connectors.find((connector) => worstOf(connector) === 'FAILED')?.name);
            workspace.tabs.update(showPipelines);
          }}
        >
          <Icon name="error" size={12} /> {failing}
        </button>
      ) : (
        <span>
          <Icon name="check" size={12} /> No errors
        </span>
      )}
      <Memory />
    </section>
  );
}

function Memory() {
  const workspace = useWorkspace();
  const memory = useLive(workspace.memory).value;
  if (!memory) return null;
  const own = memory.processes.filter(({ kind }) => kind === 'worker' || kind === 'sandbox');
  const shown = own.reduce((sum, process) => sum + process.bytes, 0);
  const measure = memory.measure === 'pss' ? 'proportional set size' : 'working set';
  return (
    <Tooltip
      side="top"
      text={`Worker and sandbox, ${measure}. The whole program with its window: ${bytes(memory.total)}`}
    >
      <span className="not-narrow">
        <Icon name="memory" size={12} /> {bytes(shown)}
        <span className="unseen">of memory for worker and sandbox</span>
      </span>
    </Tooltip>
  );
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
