import type { Page } from 'playwright-core';

export type Part = 'desktop' | 'worker';

/** An answer as it came over the port. */
export type Answer =
  | { type: 'value'; value: unknown }
  | { type: 'end' }
  | { type: 'error'; error: Record<string, unknown> };

/**
 * Ports of a page's own, as a script that took it over could get them: asked for as the page asks, spoken to without
 * the typed client. They follow a restarted worker.
 */
export async function takePorts(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const taken = { count: 0, closed: 0, ports: new Map<string, MessagePort>(), closedPorts: new Set<MessagePort>() };
    Object.assign(window, { taken });
    await new Promise<void>((resolve) => {
      window.addEventListener('message', ({ data, ports, source }) => {
        const [port] = ports;
        if (source !== window || data?.type !== 'runnel-port' || !port) return;
        taken.count++;
        taken.ports.set(data.part, port);
        port.addEventListener('close', () => {
          taken.closed++;
          taken.closedPorts.add(port);
        });
        port.start();
        if (taken.ports.has('desktop') && taken.ports.has('worker')) resolve();
      });
      window.postMessage({ type: 'runnel-ready' }, window.origin);
    });
  });
}

let nextId = 1_000_000;

/** Sends any message at all. */
export async function post(page: Page, part: Part, message: unknown): Promise<void> {
  await page.evaluate(
    ([to, what]) => {
      const { taken } = window as unknown as { taken: { ports: Map<string, MessagePort> } };
      taken.ports.get(to as string)?.postMessage(what);
    },
    [part, message],
  );
}

/** Calls a method with whatever arguments and waits for the first answer. */
export async function request(page: Page, part: Part, method: string, args?: unknown): Promise<Answer> {
  return (await page.evaluate(
    async ([to, name, what, number]) => {
      const { taken } = window as unknown as {
        taken: { ports: Map<string, MessagePort>; closedPorts: Set<MessagePort> };
      };
      const port = taken.ports.get(to as string) as MessagePort;
      const answer = new Promise((resolve) => {
        const listener = (event: MessageEvent) => {
          if (event.data.id !== number) return;
          port.removeEventListener('message', listener);
          resolve(event.data);
        };
        port.addEventListener('message', listener);
        // One that closed before says nothing: it was noted when it did.
        const closed = () => resolve({ type: 'error', error: { code: 'DISCONNECTED' } });
        port.addEventListener('close', closed);
        if (taken.closedPorts.has(port)) closed();
      });
      port.postMessage({ type: 'open', id: number, method: name, args: what });
      // An event or stream sends nothing before it is asked.
      port.postMessage({ type: 'credit', id: number, count: 1 });
      return answer;
    },
    [part, method, args, nextId++] as const,
  )) as Answer;
}

/** The result of a call that must succeed. */
export async function result<T>(page: Page, part: Part, method: string, args?: unknown): Promise<T> {
  const answer = await request(page, part, method, args);
  if (answer.type !== 'value') throw new Error(`${method} answered ${JSON.stringify(answer)}`);
  return answer.value as T;
}

/** How many ports came and how many closed since `takePorts`. */
export function portCounts(page: Page): Promise<{ count: number; closed: number }> {
  return page.evaluate(() => {
    const { taken } = window as unknown as { taken: { count: number; closed: number } };
    return { count: taken.count, closed: taken.closed };
  });
}
