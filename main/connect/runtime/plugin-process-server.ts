import type { PluginDescription } from '../../../common/connect/catalog.ts';
import { toWireError } from '../../../common/errors.ts';
import type { ConnectorHost, ConnectorListener, HostedConnector } from './connector-host.ts';
import type { FromPlugin, PluginCall, PluginCalls, PluginLoad, ToPlugin } from './plugin-messages.ts';
import type { ThreadPort } from './task-thread-server.ts';

export interface LoadedPlugins {
  /** Of the packages alone. */
  descriptions: readonly PluginDescription[];
  host: ConnectorHost;
}

/**
 * The plugin process's end: answers calls about its packages' connectors. `load` is the first call and is called once;
 * tasks are for `serveTaskThread`.
 */
export function servePluginProcess(
  port: ThreadPort,
  load: (args: PluginLoad) => Promise<LoadedPlugins>,
  exit: () => void,
): void {
  const send = (message: FromPlugin) => port.postMessage(message);
  const runs = new Map<number, HostedConnector>();
  // Whoever does not want to wait any longer ends this process.
  const never = new AbortController().signal;
  let loaded: Promise<LoadedPlugins> | undefined;

  const host = async (): Promise<ConnectorHost> => {
    if (loaded === undefined) throw new Error('Nothing is loaded');
    return (await loaded).host;
  };
  const runOf = (run: number): HostedConnector => {
    const connector = runs.get(run);
    if (connector === undefined) throw new Error(`There is no run ${run}`);
    return connector;
  };
  const listener = (run: number): ConnectorListener => ({
    onReconfigurationRequested: () => send({ type: 'reconfigure', run }),
    onFailure: (error) => send({ type: 'raised', run, error: toWireError(error) }),
  });

  const methods: {
    [Method in keyof PluginCalls]: (args: PluginCalls[Method]['args']) => Promise<PluginCalls[Method]['result']>;
  } = {
    async load(args) {
      loaded = load(args);
      return (await loaded).descriptions;
    },
    async validate({ received, resolved }) {
      const { infos, secretKeys } = await (await host()).validate(received, () => resolved);
      return { infos, secretKeys: [...secretKeys] };
    },
    async startConnector({ run, spec }) {
      runs.set(run, await (await host()).startConnector(spec, listener(run), never));
      return null;
    },
    taskConfigs: async ({ run, maxTasks }) => runOf(run).taskConfigs(maxTasks, never),
    async stopConnector({ run, timeoutMs }) {
      const connector = runOf(run);
      runs.delete(run);
      return connector.stop(timeoutMs);
    },
    alterOffsets: async ({ spec, offsets }) => (await host()).alterOffsets(spec, offsets),
  };

  const answer = async ({ call, method, args }: PluginCall) => {
    try {
      send({ type: 'result', call, value: await (methods[method] as (args: unknown) => Promise<unknown>)(args) });
    } catch (error) {
      send({ type: 'error', call, error: toWireError(error) });
    }
  };
  port.on('message', (message) => {
    const known = message as ToPlugin;
    if (known.type === 'call') void answer(known);
    else if (known.type === 'exit') exit();
  });
}
