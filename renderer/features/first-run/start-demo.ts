import type { DesktopClient, WorkerClient } from '../../../common/contract.ts';
import { type Connection, whenConnected } from '../../connection.ts';

/** What the demo is made of, in the order in which it comes up. */
export const DEMO_STEPS = ['sandbox', 'connector', 'consumer'] as const;
export type DemoStep = (typeof DEMO_STEPS)[number];

export interface DemoOptions {
  desktop: Connection<DesktopClient>;
  worker: Connection<WorkerClient>;
  /** False where the worker's Kafka is not the sandbox. */
  sandbox: boolean;
  onStep(step: DemoStep): void;
  signal: AbortSignal;
}

/** Brings up the broker, then topic and connector; resolves to the topic that fills. */
export async function startDemo({ desktop, worker, sandbox, onStep, signal }: DemoOptions): Promise<string> {
  if (sandbox) {
    onStep('sandbox');
    await (await whenConnected(desktop, null, signal)).startSandbox({ signal });
  }
  onStep('connector');
  const { topic } = await (await whenConnected(worker, null, signal)).startDemo({}, { signal });
  onStep('consumer');
  return topic;
}
