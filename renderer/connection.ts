import {
  type DesktopClient,
  desktopContract,
  PORT_MESSAGE,
  READY_MESSAGE,
  type ServedPart,
  type WorkerClient,
  workerContract,
} from '../common/contract.ts';
import { fromMessagePort } from '../common/port.ts';
import { client } from '../common/rpc.ts';

/** The present client of one part, replaced when its process was restarted. */
export interface Connection<C> {
  readonly current: C | null;
  /** Calls back when a new client is there. */
  subscribe(listener: () => void): () => void;
}

class Slot<C> implements Connection<C> {
  current: C | null = null;
  readonly #listeners = new Set<() => void>();

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  put(next: C): void {
    this.current = next;
    for (const listener of this.#listeners) listener();
  }
}

export interface Connections {
  readonly desktop: Connection<DesktopClient>;
  readonly worker: Connection<WorkerClient>;
}

/** Takes the ports that the preload hands to this page, and tells it that the page listens. */
export function connect(page: Window): Connections {
  const desktop = new Slot<DesktopClient>();
  const worker = new Slot<WorkerClient>();
  page.addEventListener('message', (event: MessageEvent<unknown>) => {
    const port = event.ports[0];
    if (event.source !== page || !port || !isPortMessage(event.data)) return;
    if (event.data.part === 'desktop') desktop.put(client(desktopContract, fromMessagePort(port)));
    else worker.put(client(workerContract, fromMessagePort(port)));
  });
  page.postMessage({ type: READY_MESSAGE }, '*');
  return { desktop, worker };
}

function isPortMessage(data: unknown): data is { type: typeof PORT_MESSAGE; part: ServedPart } {
  if (typeof data !== 'object' || data === null || !('type' in data) || !('part' in data)) return false;
  return data.type === PORT_MESSAGE && (data.part === 'desktop' || data.part === 'worker');
}

/** The client once there is one; rejects when `signal` aborts first. */
export function whenConnected<C>(connection: Connection<C>, not: C | null, signal: AbortSignal): Promise<C> {
  return new Promise((resolve, reject) => {
    const done = () => {
      unsubscribe();
      signal.removeEventListener('abort', done);
      const { current } = connection;
      if (current !== null && current !== not) resolve(current);
      else reject(signal.reason);
    };
    const unsubscribe = connection.subscribe(done);
    signal.addEventListener('abort', done);
    if (signal.aborted || (connection.current !== null && connection.current !== not)) done();
  });
}
