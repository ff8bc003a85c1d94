import type { EnvironmentState } from '../../common/connect/worker-info.ts';
import type { SandboxState } from '../../common/desktop/processes.ts';
import type { Settings } from '../../common/desktop/settings.ts';
import type { ShapedState } from '../components/state.tsx';

/** The environment as one line: shape, words, address. */
export interface BrokerState {
  name: string;
  shape: ShapedState;
  words: string;
  address: string;
  /** `:9092`, where there is little room */
  port: string;
  sandbox: boolean;
  error: SandboxState['error'];
}

export function brokerState(
  sandbox: SandboxState | undefined,
  environment: EnvironmentState | undefined,
  settings: Settings | undefined,
): BrokerState {
  if (settings?.bootstrapServers) {
    const address = settings.bootstrapServers;
    const status = environment?.status ?? 'connecting';
    return {
      name: address,
      shape: status === 'connected' ? 'RUNNING' : status === 'unreachable' ? 'FAILED' : 'UNASSIGNED',
      words: status === 'connected' ? 'connected' : status === 'unreachable' ? 'not reachable' : 'connecting…',
      address,
      port: portOf(address),
      sandbox: false,
      error: environment?.error ?? null,
    };
  }
  const status = sandbox?.status ?? 'stopped';
  const words = {
    running: 'broker on',
    starting: 'broker starting…',
    restarting: 'broker restarting…',
    stopping: 'broker stopping…',
    stopped: 'broker stopped',
    failed: 'broker failed',
  } as const;
  const shapes = {
    running: 'RUNNING',
    starting: 'UNASSIGNED',
    restarting: 'UNASSIGNED',
    stopping: 'UNASSIGNED',
    stopped: 'STOPPED',
    failed: 'FAILED',
  } as const;
  const address = sandbox?.bootstrapServers ?? 'localhost:9092';
  return {
    name: 'Sandbox',
    shape: shapes[status],
    words: words[status],
    address,
    port: portOf(address),
    sandbox: true,
    error: sandbox?.error ?? null,
  };
}

function portOf(address: string): string {
  return /:\d+(?=,|$)/.exec(address)?.[0] ?? '';
}
