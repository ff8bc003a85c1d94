import type { ReactNode } from 'react';
import type { WireError } from '../../common/errors.ts';
import { RemoteException } from '../../common/errors.ts';
import { Button } from '../components/button.tsx';
import { Notice, Problem, Waiting } from '../components/surfaces.tsx';
import { FirstRunScreen } from '../features/first-run/first-run-screen.tsx';
import { PipelinesScreen } from '../features/pipelines/pipelines-screen.tsx';
import { useLive } from '../live.ts';
import { type BrokerState, brokerState } from './broker-state.ts';
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
  const sandbox = useLive(workspace.sandbox).value;
  const settings = useLive(workspace.settings).value;
  const environment = useLive(workspace.environment).value;
  const selected = useStore(workspace.selected);
  const broker = brokerState(sandbox, environment, settings);

  if (connectors.value === undefined) {
    return (
      <>
        <h1 className="unseen">Pipelines</h1>
        <WorkerNotice otherwise={<Waiting what="Waiting for the worker" />} />
      </>
    );
  }
  if (connectors.value.length === 0) {
    return (
      <>
        <WorkerNotice />
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
      onEdit={(name) => void workspace.editConnector(name)}
      onRemoveDemo={connectors.value.some(({ demo }) => demo) ? onRemoveDemo : undefined}
      notice={<WorkerNotice otherwise={<BrokerNotice broker={broker} />} />}
      stale={connectors.error !== undefined}
    />
  );
}

/** What is wrong with the worker; `otherwise` when nothing is. */
function WorkerNotice({ otherwise }: { otherwise?: ReactNode }) {
  const workspace = useWorkspace();
  const worker = useLive(workspace.workerState).value;
  const desktop = workspace.connections.desktop.current;
  if (worker?.status === 'failed') {
    return (
      <Problem strip what="The worker does not run" error={reasonOf(worker.error)}>
        <Button size="small" icon="restart" onClick={() => void desktop?.restartWorker().catch(() => undefined)}>
          Start it again
        </Button>
      </Problem>
    );
  }
  if (worker?.status === 'restarting')
    return <Notice strip>The worker ended and is being restarted; connectors go on from their offsets.</Notice>;
  return otherwise ?? null;
}

function BrokerNotice({ broker }: { broker: BrokerState }) {
  const desktop = useWorkspace().connections.desktop.current;
  const { shape, error, address } = broker;
  if (!broker.sandbox)
    return shape === 'FAILED' && <Problem strip what={`Kafka at ${address} does not answer`} error={reasonOf(error)} />;
  if (shape !== 'STOPPED' && shape !== 'FAILED') return null;
  return (
    <Notice
      strip
      actions={
        <Button size="small" icon="play" onClick={() => void desktop?.startSandbox().catch(() => undefined)}>
          Start the sandbox
        </Button>
      }
    >
      {shape === 'FAILED'
        ? `The sandbox broker failed: ${error?.message ?? 'no reason is known'}.`
        : 'The sandbox broker is stopped.'}{' '}
      Connectors wait for it; nothing is lost.
    </Notice>
  );
}

function reasonOf(error: WireError | null): Error {
  return error ? new RemoteException(error) : new Error('no reason is known');
}
