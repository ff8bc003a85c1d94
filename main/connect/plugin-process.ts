import { randomInt } from 'node:crypto';
import { kafkaClients } from '../kafka/index.ts';
import { createLogger } from '../logging.ts';
import { systemTime as time } from '../time.ts';
import { CATALOGUE } from './catalogue.ts';
import { clientDefinitions } from './client-definitions.ts';
import { endTelling } from './end-telling.ts';
import { guardMemory } from './memory-guard.ts';
import { describedPlugin, describePlugin } from './plugins/plugin-description.ts';
import { loadPluginPackage } from './plugins/plugin-loader.ts';
import { Plugins } from './plugins/plugins.ts';
import { boundedLog } from './runtime/bounded-log.ts';
import { InProcessTaskHost } from './runtime/in-process-task-host.ts';
import { LocalConnectorHost } from './runtime/local-connector-host.ts';
import { servePluginProcess } from './runtime/plugin-process-server.ts';
import { serveTaskThread, type ThreadPort } from './runtime/task-thread-server.ts';
import { workerConfig } from './runtime/worker-config.ts';

// A process with the code of plugin packages: the entry that the composition gives to PluginProcessHost.

guardMemory();
const port = takePort();
const logger = createLogger({ time, write: boundedLog(time, (entry) => port.postMessage({ type: 'log', entry })) });
const random = () => randomInt(2 ** 47) / 2 ** 47;
const clients = kafkaClients({ time, logger: logger.named('kafka'), random });
const plugins = new Plugins(CATALOGUE);
const tasks = new InProcessTaskHost({ clients, plugins, time, logger, random });
endTelling(serveTaskThread(port, tasks, time, logger.loggers, () => clients.dropConnections()));
servePluginProcess(
  port,
  async ({ packages, others, worker }) => {
    const builtIn = new Set([...CATALOGUE.connectors, ...CATALOGUE.plugins].map(({ className }) => className));
    const loaded = [];
    for (const folder of packages) loaded.push(...(await loadPluginPackage(folder, builtIn)).plugins);
    plugins.add([...loaded, ...others.map(describedPlugin)]);
    const host = new LocalConnectorHost({
      plugins,
      worker: workerConfig(worker),
      clientDefinitions,
      tasks,
      time,
      logger,
    });
    return { descriptions: loaded.map(describePlugin), host };
  },
  () => process.exit(0),
);

/** The line to the worker is ours alone: a plugin that finds `process.send` has nobody to talk to. */
function takePort(): ThreadPort {
  const { parentPort } = process as { parentPort?: ElectronParentPort };
  if (parentPort !== undefined) return electronPort(parentPort);
  const send = process.send?.bind(process);
  if (send === undefined) throw new Error('This process is started by a worker of Runnel and does nothing alone');
  process.on('disconnect', () => process.exit(0));
  Object.defineProperty(process, 'send', { value: undefined });
  return {
    postMessage: (message) => void send(message),
    on: (event, listener) => process.on(event, listener),
  };
}

interface ElectronPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
  start(): void;
}
interface ElectronParentPort {
  once(event: 'message', listener: (event: { ports: ElectronPort[] }) => void): void;
}

/** Electron's main process made this one; the worker's end of the channel comes as its first message. */
function electronPort(parentPort: ElectronParentPort): ThreadPort {
  const early: unknown[] = [];
  const listeners: ((message: unknown) => void)[] = [];
  let line: ElectronPort | undefined;
  parentPort.once('message', ({ ports }) => {
    line = ports[0] as ElectronPort;
    line.on('message', ({ data }) => {
      for (const listener of listeners) listener(data);
    });
    line.on('close', () => process.exit(0));
    for (const message of early.splice(0)) line.postMessage(message);
    line.start();
  });
  return {
    postMessage: (message) => (line === undefined ? void early.push(message) : line.postMessage(message)),
    on: (_, listener) => listeners.push(listener),
  };
}
