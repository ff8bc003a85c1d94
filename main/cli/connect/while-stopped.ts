import type { State } from '../../../common/connect/connector-state-info.ts';
import { ConnectException } from '../../../common/errors.ts';
import type { CommandContext } from '../command-context.ts';
import { awaitState } from './await-state.ts';
import { type ConnectClient, segment } from './connect-client.ts';

const STOP_MS = 60_000;

/**
 * Offsets change only while a connector is STOPPED. With `stop` it is stopped for that and then given back the state
 * that it had, also when the change is refused; each step is said. Without it, one that is not stopped is left alone.
 */
export async function whileStopped(
  client: ConnectClient,
  name: string,
  stop: boolean,
  context: CommandContext,
  change: () => Promise<void>,
): Promise<void> {
  const path = `/connectors/${segment(name)}`;
  const { connector } = await client.get<{ connector: { state: State } }>(`${path}/status`);
  if (connector.state === 'STOPPED') return change();
  if (!stop)
    throw new ConnectException(`${name} is ${connector.state}, and offsets change only while a connector is STOPPED`, {
      key: name,
      hint: `--stop stops it for that and lets it go on; or runnel connect stop ${name}.`,
    });
  const back = connector.state === 'PAUSED' ? 'pause' : 'resume';
  context.tell(
    `${name} is ${connector.state}: stopping it; afterwards ${back === 'pause' ? 'it is paused again' : 'it is resumed'}`,
  );
  await client.put(`${path}/stop`);
  try {
    await awaitState(client, name, 'STOPPED', { time: context.time, signal: context.signal, timeoutMs: STOP_MS });
    await change();
  } finally {
    await client.put(`${path}/${back}`);
  }
}
