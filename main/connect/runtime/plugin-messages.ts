import type { PluginDescription } from '../../../common/connect/catalog.ts';
import type { ConfigInfos } from '../../../common/connect/config-infos.ts';
import type { WireError } from '../../../common/errors.ts';
import type { ConfigMap } from '../api/connector.ts';
import type { ConnectorSpec } from './connector-host.ts';
import type { ReceivedConfig } from './connector-validation.ts';
import type { OffsetChange } from './herder.ts';
import type { FromThread, ToThread } from './thread-messages.ts';

/** What a plugin process is for. */
export interface PluginLoad {
  /** Folders of the packages that it imports. */
  packages: readonly string[];
  /** Plugins of other packages, to be known by name. */
  others: readonly PluginDescription[];
  /** The worker's settings. */
  worker: ConfigMap;
}

/** The calls to a plugin process, by name. `run` is the caller's number for a connector from its start to its stop. */
export interface PluginCalls {
  load: { args: PluginLoad; result: readonly PluginDescription[] };
  validate: {
    /** `resolved`: with the values of providers and secrets put in. */
    args: { received: ReceivedConfig; resolved: ConfigMap };
    result: { infos: ConfigInfos; secretKeys: readonly string[] };
  };
  startConnector: { args: { run: number; spec: ConnectorSpec }; result: null };
  taskConfigs: { args: { run: number; maxTasks: number }; result: readonly ConfigMap[] };
  stopConnector: { args: { run: number; timeoutMs: number }; result: boolean };
  alterOffsets: { args: { spec: ConnectorSpec; offsets: readonly OffsetChange[] }; result: boolean };
}

export type PluginCall = {
  [Method in keyof PluginCalls]: { type: 'call'; call: number; method: Method; args: PluginCalls[Method]['args'] };
}[keyof PluginCalls];

export type ToPlugin =
  | ToThread
  | PluginCall
  /** Nothing of it is needed any more. */
  | { type: 'exit' };

export type FromPlugin =
  | FromThread
  | { type: 'result'; call: number; value: unknown }
  | { type: 'error'; call: number; error: WireError }
  | { type: 'reconfigure'; run: number }
  | { type: 'raised'; run: number; error: WireError };
