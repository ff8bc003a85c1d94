import { expect, test } from 'vitest';
import type { ConnectorStateInfo, State } from '../../../../common/connect/connector-state-info.ts';
import { awaitState } from '../../../../main/cli/connect/await-state.ts';
import { MockTime } from '../../../kit/mock-time.ts';

/** What a worker says from these moments on (ms): states of connector and tasks, or a trace of task 0. */
type Said = Readonly<Record<number, readonly State[] | string>>;

function infoOf(said: readonly State[] | string): ConnectorStateInfo {
  const [connector = 'RUNNING', ...tasks] = typeof said === 'string' ? ['RUNNING', 'FAILED'] : said;
  return {
    name: 'c',
    type: 'source',
    connector: { state: connector as State, worker_id: 'w' },
    tasks: tasks.map((state, id) => ({
      id,
      state: state as State,
      worker_id: 'w',
      ...(typeof said === 'string' && { trace: said }),
    })),
  };
}

/** How the wait ends, and when. */
async function wait(wanted: State, said: Said, timeoutMs = 60_000): Promise<{ at: number; error?: string }> {
  const time = new MockTime(0);
  const get = async <T>(): Promise<T> => {
    const moments = Object.keys(said).map(Number);
    const last = moments.filter((moment) => moment <= time.hiResMilliseconds()).at(-1) as number;
    return infoOf(said[last]!) as T;
  };
  const waiting = { time, signal: new AbortController().signal, timeoutMs };
  const ended = awaitState({ get }, 'c', wanted, waiting).then(
    () => ({ at: time.hiResMilliseconds() }),
    (error: Error) => ({ at: time.hiResMilliseconds(), error: error.message }),
  );
  await time.advance(timeoutMs + 10_000);
  return ended;
}

test('RUNNING has to last: a task that fails at its first record does not run', async () => {
  const trace = 'java.lang.Exception: no\n\tat x';
  expect(await wait('RUNNING', { 0: ['RUNNING', 'RUNNING'], 600: trace })).toEqual({
    at: 2600,
    error: 'c does not become RUNNING: task 0 is FAILED: java.lang.Exception: no',
  });
  expect(await wait('RUNNING', { 0: ['UNASSIGNED'], 1000: ['RUNNING', 'RUNNING'] })).toEqual({ at: 2000 });
});

test('the old tasks of a cluster that is about to meet are not taken for the new ones', async () => {
  const said: Said = { 0: ['RUNNING', 'RUNNING'], 800: ['RUNNING', 'UNASSIGNED'], 4000: ['RUNNING', 'RUNNING'] };
  expect(await wait('RUNNING', said)).toEqual({ at: 5000 });
});

test('PAUSED and STOPPED hold at once', async () => {
  expect(await wait('PAUSED', { 0: ['RUNNING', 'RUNNING'], 400: ['PAUSED', 'PAUSED'] })).toEqual({ at: 400 });
  expect(await wait('STOPPED', { 0: ['RUNNING', 'RUNNING'], 400: ['STOPPED'] })).toEqual({ at: 400 });
});

test('when time is up what runs gets its while, and what does not is told', async () => {
  expect(await wait('RUNNING', { 0: ['UNASSIGNED'], 900: ['RUNNING', 'RUNNING'] }, 1000)).toEqual({ at: 2000 });
  expect(await wait('RUNNING', { 0: ['RUNNING', 'UNASSIGNED'] }, 1000)).toEqual({
    at: 1000,
    error: 'c is not RUNNING after 1 s, but RUNNING, task 0 UNASSIGNED',
  });
});
