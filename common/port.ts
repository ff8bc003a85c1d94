/**
 * One end of a two-way channel that copies structured data: the only thing that calls across processes need. A
 * browser's MessagePort, one of `node:worker_threads` and Electron's MessagePortMain all become one of these.
 */
export interface Port {
  postMessage(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** The other end is gone: closed, or its process died. Called once. */
  onClose(listener: () => void): void;
  close(): void;
}

/** What a page's MessagePort and the one of `node:worker_threads` have in common. */
interface EventTargetPort {
  postMessage(message: unknown): void;
  addEventListener(type: string, listener: (event: object) => void): void;
  start(): void;
  close(): void;
}

/** What Electron's MessagePortMain has, in the main and in utility processes. */
interface EmitterPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

export function fromMessagePort(port: EventTargetPort): Port {
  return {
    postMessage: (message) => port.postMessage(message),
    onMessage(listener) {
      port.addEventListener('message', (event) => listener((event as { data: unknown }).data));
      port.start();
    },
    onClose: (listener) => port.addEventListener('close', once(listener)),
    close: () => port.close(),
  };
}

export function fromMessagePortMain(port: EmitterPort): Port {
  return {
    postMessage: (message) => port.postMessage(message),
    onMessage(listener) {
      port.on('message', (event) => listener(event.data));
      port.start();
    },
    onClose: (listener) => void port.on('close', once(listener)),
    close: () => port.close(),
  };
}

function once(listener: () => void): () => void {
  let called = false;
  return () => {
    if (called) return;
    called = true;
    listener();
  };
}
