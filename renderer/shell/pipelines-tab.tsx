import { RemoteException } from '../../common/errors.ts';
import { Button } from '../components/button.tsx';
import { Notice, Problem, Waiting } from '../components/surfaces.tsx';
import { FirstRunScreen } from '../features/first-run/first-run-screen.tsx';
import { PipelinesScreen } from '../features/pipelines/pipelines-screen.tsx';
import { useLive } from '../live.ts';
import { brokerState } from './broker-state.ts';
import { useStore } from './store.ts';
import { showTopic } from './tab-list.ts';
import { useWorkspace } from './workspace-context.ts';

export interface PipelinesTabProps {
  onOpenFile(): void;
  onNewConnector(): void;
  onRemoveDemo(): void;
}

/** The pipelines, or the first run while there is none; and what keeps them from running. */
export function PipelinesTab({ onOpenFile, onNewConnector, onRemoveDemo }: PipelinesTabProps) {
  const workspace = useWorkspace();
  const { connections, tabs, rates } = workspace;
  const connectors = useLive(workspace.connectors);
  const worker = useLive(workspace.workerState).value;
  const sandbox = useLive(workspace.sandbox).value;
  const settings = useLive(workspace.settings).value;
  const environment = useLive(workspace.environment).value;
  const selected = useStore(workspace.selected);
  const broker = brokerState(sandbox, environment, settings);
  const desktop = connections.desktop.current;

  const workerFailed = worker?.status === 'failed' && (
    <Problem
      strip
      what="The worker does not run"
      error={worker.error ? new RemoteException(worker.error) : 'no reason is known'}
    >
      <Button size="small" icon="restart" onClick={() => void desktop?.restartWorker().catch(() => undefined)}>
        Start it again
      </Button>
    </Problem>
  );
  if (connectors.value === undefined) {
    return (
      <>
        <h1 className="unseen">Pipelines</h1>
        {workerFailed || <Waiting what="Waiting for the worker" />}
      </>
    );
  }
  if (connectors.value.length === 0) {
    return (
      <>
        {workerFailed}
        <FirstRunScreen
          desktop={connections.desktop}
          worker={connections.worker}
          address={broker.address}
          sandbox={broker.sandbox}
          brokerProblem={broker.shape === 'FAILED' && broker.error ? new RemoteException(broker.error) : undefined}
          onStarted={(topic) =>
            tabs.update((list) => showTopic(list, topic, crypto.randomUUID(), { start: { type: 'beginning' } }))
          }
          onOpenFile={onOpenFile}
          onNewConnector={onNewConnector}
        />
      </>
    );
  }
  const brokerOff = broker.sandbox && (broker.shape === 'STOPPED' || broker.shape === 'FAILED');
  const notice =
    workerFailed ||
    (worker?.status === 'restarting' && (
      <Notice strip>The worker ended and is being restarted; connectors go on from their offsets.</Notice>
    )) ||
    (brokerOff && (
      <Notice
        strip
        actions={
          <Button size="small" icon="play" onClick={() => void desktop?.startSandbox().catch(() => undefined)}>
            Start the sandbox
          </Button>
        }
      >
        {broker.shape === 'FAILED'
          ? `The sandbox broker failed: ${broker.error?.message ?? 'no reason is known'}`
          : 'The sandbox broker is stopped.'}{' '}
        Connectors wait for it; nothing is lost.
      </Notice>
    )) ||
    (environment?.status === 'unreachable' && !broker.sandbox && (
      <Problem
        strip
        what={`Kafka at ${broker.address} does not answer`}
        error={environment.error ? new RemoteException(environment.error) : 'no reason is known'}
      />
    ));
  return (
    <PipelinesScreen
      connectors={connectors.value}
      rates={rates}
      worker={connections.worker}
      selected={selected}
      onSelect={(name) => workspace.selected.set(name)}
      onTopic={(topic) => tabs.update((list) => showTopic(list, topic, crypto.randomUUID()))}
      onOpenFile={onOpenFile}
      onNewConnector={onNewConnector}
      onRemoveDemo={connectors.value.some(({ demo }) => demo) ? onRemoveDemo : undefined}
      notice={notice}
      stale={connectors.error !== undefined}
    />
  );
}
