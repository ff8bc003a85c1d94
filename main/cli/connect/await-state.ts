import type { ConnectorStateInfo, State, TaskState } from '../../../common/connect/connector-state-info.ts';
import { ConnectException } from '../../../common/errors.ts';
import { sleep, type Time } from '../../../common/time.ts';
import { Interrupted } from '../command-context.ts';
import { type ConnectClient, segment } from './connect-client.ts';
import { ConnectRestException } from './connect-errors.ts';

export interface Waiting {
  time: Time;
  signal: AbortSignal;
  timeoutMs: number;
}

const POLL_MS = 200;
/** A task that is started again says FAILED until it runs: only what fails for so long has failed. */
const FAILED_FOR_MS = 2_000;
/**
 * A task says RUNNING before its first record, and a cluster says it of the old tasks until its workers have met: only
 * what is so for this long runs.
 */
const RUNNING_FOR_MS = 1_000;

/**
 * Asks until the connector and all its tasks are in this state: RUNNING with at least one task and for a while, PAUSED,
 * STOPPED with no task. Throws when time is up, and before it when connector or task stays FAILED, with the first line of its trace.
 */
export async function awaitState(
  client: Pick<ConnectClient, 'get'>,
  name: string,
  wanted: State,
  waiting: Waiting,
): Promise<void> {
  const { time, signal, timeoutMs } = waiting;
  const start = time.hiResMilliseconds();
  let failedSince: number | null = null;
  let reachedSince: number | null = null;
  for (;;) {
    const status = await statusOf(client, name);
    const now = time.hiResMilliseconds();
    reachedSince = status !== null && isReached(status, wanted) ? (reachedSince ?? now) : null;
    if (reachedSince !== null && now - reachedSince >= (wanted === 'RUNNING' ? RUNNING_FOR_MS : 0)) return;
    const failure = status === null || wanted === 'STOPPED' ? null : failureIn(status);
    failedSince = failure === null ? null : (failedSince ?? now);
    if (failure !== null && now - (failedSince as number) >= FAILED_FOR_MS)
      throw new ConnectException(`${name} does not become ${wanted}: ${failure}`, {
        code: 'STATE_NOT_REACHED',
        key: name,
      });
    if (now - start >= timeoutMs && reachedSince === null)
      throw new ConnectException(
        `${name} is not ${wanted} after ${timeoutMs / 1_000} s, but ${status === null ? 'without a status' : summary(status)}`,
        { code: 'STATE_NOT_REACHED', key: name },
      );
    await sleep(time, POLL_MS, signal);
    if (signal.aborted) throw new Interrupted();
  }
}

/** Null while the connector has none yet. */
async function statusOf(client: Pick<ConnectClient, 'get'>, name: string): Promise<ConnectorStateInfo | null> {
  try {
    return await client.get<ConnectorStateInfo>(`/connectors/${segment(name)}/status`);
  } catch (error) {
    if (error instanceof ConnectRestException && error.status === 404) return null;
    throw error;
  }
}

function isReached({ connector, tasks }: ConnectorStateInfo, wanted: State): boolean {
  if (connector.state !== wanted) return false;
  if (wanted === 'STOPPED') return tasks.length === 0;
  // A connector that was stopped and is paused then has no tasks to pause.
  if (wanted === 'PAUSED') return tasks.every(({ state }) => state === wanted);
  return tasks.length > 0 && tasks.every(({ state }) => state === wanted);
}

function failureIn({ connector, tasks }: ConnectorStateInfo): string | null {
  if (connector.state === 'FAILED') return `it is FAILED: ${firstLine(connector.trace)}`;
  const failed = tasks.find(({ state }) => state === 'FAILED');
  return failed === undefined ? null : `task ${failed.id} is FAILED: ${firstLine(failed.trace)}`;
}

function summary({ connector, tasks }: ConnectorStateInfo): string {
  const states = tasks.map(({ id, state }: TaskState) => `task ${id} ${state}`);
  return [connector.state, ...states].join(', ');
}

function firstLine(trace: string | undefined): string {
  return (trace ?? '').split('\n')[0] || 'without a trace';
}
