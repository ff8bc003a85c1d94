import { useState } from 'react';
import type { ConnectorSummary } from '../../../common/connect/connector-summary.ts';
import type { WorkerClient } from '../../../common/contract.ts';
import type { IconName } from '../../components/icon.tsx';
import { useToasts } from '../../components/toast.tsx';
import type { Connection } from '../../connection.ts';
import { failedTasks } from './connector-state.ts';

/** An action that failed, beside the connector it was for. */
export interface ActionProblem {
  what: string;
  error: unknown;
}

export interface ConnectorActions {
  /** Names of connectors with an action under way. */
  busy: ReadonlySet<string>;
  problem: ActionProblem | undefined;
  dismiss(): void;
  pause(connector: ConnectorSummary): void;
  resume(connector: ConnectorSummary): void;
  stop(connector: ConnectorSummary): void;
  /** Restarts what failed in it, else connector and tasks. */
  restart(connector: ConnectorSummary): void;
  restartTask(connector: ConnectorSummary, task: number): void;
  /** Rejects with the reason, for the dialog that asked. */
  remove(connector: ConnectorSummary, forgetOffsets: boolean): Promise<void>;
}

/** What is reversible is done at once and says how to take it back. */
export function useConnectorActions(worker: Connection<WorkerClient>): ConnectorActions {
  const toasts = useToasts();
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set());
  const [problem, setProblem] = useState<ActionProblem>();

  const client = (): WorkerClient => {
    if (!worker.current) throw new Error('The worker is not there; it is being restarted');
    return worker.current;
  };
  const attempt = async (name: string, what: string, action: () => Promise<unknown>): Promise<boolean> => {
    setProblem(undefined);
    setBusy((before) => new Set(before).add(name));
    try {
      await action();
      return true;
    } catch (error) {
      setProblem({ what: `Can't ${what} ${name}`, error });
      return false;
    } finally {
      setBusy((before) => new Set([...before].filter((other) => other !== name)));
    }
  };
  const done = (name: string, icon: IconName, words: string, undo?: () => void) =>
    toasts.show({
      icon,
      text: (
        <>
          <code>{name}</code> {words}
        </>
      ),
      ...(undo ? { undo } : {}),
    });

  const back = (name: string, target: 'RUNNING' | 'PAUSED' | 'STOPPED') => () =>
    void attempt(name, target === 'RUNNING' ? 'resume' : target === 'PAUSED' ? 'pause' : 'stop', () =>
      target === 'RUNNING'
        ? client().resumeConnector({ name })
        : target === 'PAUSED'
          ? client().pauseConnector({ name })
          : client().stopConnector({ name }),
    );
  const before = ({ connector }: ConnectorSummary) =>
    connector.state === 'PAUSED' || connector.state === 'STOPPED' ? connector.state : 'RUNNING';

  return {
    busy,
    problem,
    dismiss: () => setProblem(undefined),
    pause: (connector) => {
      const { name } = connector;
      void attempt(name, 'pause', () => client().pauseConnector({ name })).then((ok) => {
        if (ok) done(name, 'pause', 'paused. Its tasks stay and do nothing.', back(name, before(connector)));
      });
    },
    resume: (connector) => {
      const { name } = connector;
      void attempt(name, 'resume', () => client().resumeConnector({ name })).then((ok) => {
        if (ok) done(name, 'play', 'goes on from its offsets.', back(name, before(connector)));
      });
    },
    stop: (connector) => {
      const { name } = connector;
      void attempt(name, 'stop', () => client().stopConnector({ name })).then((ok) => {
        if (ok) done(name, 'stop', 'stopped. Its offsets are kept.', back(name, before(connector)));
      });
    },
    restart: (connector) => {
      const { name } = connector;
      const onlyFailed = failedTasks(connector).length > 0 && connector.connector.state !== 'FAILED';
      void attempt(name, 'restart', () => client().restartConnector({ name, includeTasks: true, onlyFailed })).then(
        (ok) => {
          if (ok) done(name, 'restart', onlyFailed ? 'restarts its failed tasks.' : 'restarts.');
        },
      );
    },
    restartTask: (connector, task) => {
      const { name } = connector;
      void attempt(name, `restart task ${task} of`, () => client().restartTask({ name, task })).then((ok) => {
        if (ok) done(name, 'restart', `restarts task ${task}.`);
      });
    },
    remove: async ({ name }, forgetOffsets) => {
      await client().deleteConnector({ name, forgetOffsets });
      done(name, 'trash', forgetOffsets ? 'deleted with its offsets.' : 'deleted. Its offsets are kept.');
    },
  };
}
