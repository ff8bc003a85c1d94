import type { ConnectorSummary, TaskSummary } from '../../../common/connect/connector-summary.ts';
import type { ShapedState } from '../../components/state.tsx';

export function failedTasks({ tasks, finished }: ConnectorSummary): TaskSummary[] {
  return finished ? [] : tasks.filter(({ state }) => state === 'FAILED');
}

/** A connector's own state as it is drawn. Connect has no word for a source that came to its end; the window does. */
export function shapeOf({ connector, finished }: ConnectorSummary): ShapedState {
  if (finished) return 'STOPPED';
  return connector.state === 'DESTROYED' ? 'UNASSIGNED' : connector.state;
}

/** The worst of connector and tasks: what lists and tabs show. */
export function worstOf(summary: ConnectorSummary): ShapedState {
  return failedTasks(summary).length > 0 ? 'FAILED' : shapeOf(summary);
}

/** `twitter-source: RUNNING, 1 of 2 tasks FAILED` */
export function sentenceOf(summary: ConnectorSummary): string {
  const failed = failedTasks(summary).length;
  const state = summary.finished ? 'finished' : summary.connector.state;
  return `${summary.name}: ${state}${failed > 0 ? `, ${failed} of ${summary.tasks.length} tasks FAILED` : ''}`;
}

/** `TwitterSourceConnector` of its full Java name. */
export function shortClass(connectorClass: string): string {
  return connectorClass.split('.').at(-1) ?? connectorClass;
}

export type Action = 'pause' | 'resume' | 'stop' | 'restart' | 'delete';

/** Why an action makes no sense now; undefined when it does. */
export function unavailable(summary: ConnectorSummary, action: Action): string | undefined {
  const { state } = summary.connector;
  switch (action) {
    case 'pause':
      if (state === 'PAUSED') return 'It is PAUSED';
      if (state === 'STOPPED') return 'It is STOPPED';
      return undefined;
    case 'resume':
      return state === 'RUNNING' ? 'It is RUNNING' : state === 'UNASSIGNED' ? 'It is about to start' : undefined;
    case 'stop':
      return state === 'STOPPED' ? 'It is STOPPED' : undefined;
    default:
      return undefined;
  }
}

/** Pause and resume share a place: which of the two stands there. */
export function pauseOrResume({ connector }: ConnectorSummary): 'pause' | 'resume' {
  return connector.state === 'PAUSED' || connector.state === 'STOPPED' ? 'resume' : 'pause';
}
