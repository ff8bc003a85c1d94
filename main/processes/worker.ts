import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { workerContract } from '../../common/contract.ts';
import type { Logger } from '../../common/logger.ts';
import type { Port } from '../../common/port.ts';
import { type WorkerReady, workerControl } from '../../common/process-control.ts';
import { serve } from '../../common/rpc.ts';
import { connectService } from '../connect/connect-service.ts';
import { startConnectStandalone } from '../connect/connect-standalone.ts';
import { forkPlugin } from '../connect/fork-plugin.ts';
import { kafkaClients } from '../kafka/index.ts';
import { systemTime as time } from '../time.ts';
import { exitSoon, liveAsChild, processLog } from './child-process.ts';
import { parent } from './parent.ts';
import { ParentsPlugins } from './parents-plugins.ts';
import { TopicsThreadOwner } from './topics-thread-owner.ts';

const DEFAULT_REST_PORT = 8083;

/** Keys as text and values as JSON without schemas: what most people who look at a topic expect. */
const CONVERTERS = {
  'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'value.converter.schemas.enable': 'false',
};

/** Another entry of this program, as it lies beside this one: a source file or what it was bundled into. */
const entry = (name: string) => new URL(`./${name}`, import.meta.url);
const bundled = import.meta.url.endsWith('.js');
const TASK_THREAD = entry(bundled ? 'task-thread.js' : '../connect/task-thread.ts');
const PLUGIN_PROCESS = entry(bundled ? 'plugin-process.js' : '../connect/plugin-process.ts');
const TOPICS_THREAD = entry(bundled ? 'topics-thread.js' : 'topics-thread.ts');

const random = () => randomInt(2 ** 47) / 2 ** 47;

let logger: Logger | undefined;
let running: { serve(port: Port): void; dropConnections(): void; stop(): Promise<void> } | undefined;

async function stop(): Promise<void> {
  const stopping = running;
  running = undefined;
  await stopping?.stop();
}

const { control, onPort, onPluginPort } = parent();
const parentsPlugins = new ParentsPlugins(onPluginPort ?? (() => {}));
liveAsChild(() => logger, stop);
onPort((port) => {
  if (running) running.serve(port);
  else port.close();
});
serve(control, workerControl, {
  ...parentsPlugins.services,
  async start({
    dataFolder,
    workingFolder,
    logFolder,
    pluginFolder,
    bootstrapServers,
    restPort,
    secretKey,
  }): Promise<WorkerReady> {
    const log = processLog(logFolder, 'worker');
    logger = log.logger;
    mkdirSync(workingFolder, { recursive: true });
    process.chdir(workingFolder);
    const kafka = { 'bootstrap.servers': bootstrapServers };
    const clients = kafkaClients({ time, logger: logger.named('kafka'), random });
    const connect = await startConnectStandalone({
      properties: {
        ...kafka,
        ...CONVERTERS,
        ...(pluginFolder === undefined ? {} : { 'plugin.path': pluginFolder }),
        ...(restPort === null ? {} : { listeners: `http://127.0.0.1:${restPort}` }),
      },
      clients,
      time,
      logger,
      random,
      databasePath: join(dataFolder, 'connect.sqlite'),
      secretKey,
      taskThread: TASK_THREAD,
      forkPlugin: onPluginPort === null ? forkPlugin(PLUGIN_PROCESS, time) : parentsPlugins.fork,
      onLog: log.write,
      defaultRestPort: DEFAULT_REST_PORT,
    });
    const topics = new TopicsThreadOwner({
      entry: TOPICS_THREAD,
      data: { config: kafka },
      time,
      logger: logger.named('topics.TopicService'),
    });
    const admin = clients.admin(kafka);
    const services = connectService({
      herder: connect.herder,
      admin,
      topics: topics.services(),
      info: {
        commit: '',
        restUrl: connect.restUrl,
        bootstrapServers,
        keyConverter: CONVERTERS['key.converter'],
        valueConverter: CONVERTERS['value.converter'],
      },
      time,
      logger,
    });
    const served = new Set<() => void>();
    running = {
      serve(port) {
        const end = serve(port, workerContract, services);
        served.add(end);
        port.onClose(() => served.delete(end));
      },
      dropConnections() {
        connect.dropConnections();
        topics.dropConnections();
      },
      async stop() {
        // Windows first: nobody may ask a herder whose store is closed.
        for (const end of served) end();
        await connect.stop();
        await topics.close();
        await admin.close();
      },
    };
    const port = Number(new URL(connect.restUrl ?? '').port);
    return {
      restUrl: connect.restUrl ?? '',
      restPort: port,
      portMoved: restPort === null && port !== DEFAULT_REST_PORT,
    };
  },
  dropConnections: () => running?.dropConnections(),
  async stop() {
    await stop();
    exitSoon();
  },
});
