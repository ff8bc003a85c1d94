import type { TargetState } from '../../common/connect/connector-state-info.ts';
import type { WorkerInfo } from '../../common/connect/worker-info.ts';
import type { TopicServices, WorkerServices } from '../../common/contract.ts';
import type { Logger } from '../../common/logger.ts';
import type { Time } from '../../common/time.ts';
import type { Admin } from '../kafka/api.ts';
import { KAFKA_VERSION } from './api/versions.ts';
import { parseConnectorFile } from './connector-files.ts';
import { ConnectorMonitor } from './connector-monitor.ts';
import { removeDemo, startDemo } from './demo.ts';
import { withName } from './runtime/connector-name.ts';
import type { Herder } from './runtime/herder.ts';

const AUTHOR = 'window';

const INITIAL_STATES: Readonly<Record<'RUNNING' | 'PAUSED' | 'STOPPED', TargetState>> = {
  RUNNING: 'STARTED',
  PAUSED: 'PAUSED',
  STOPPED: 'STOPPED',
};

export interface ConnectServiceOptions {
  herder: Herder;
  info: Omit<WorkerInfo, 'version' | 'kafka_cluster_id'>;
  /** For the demo's topic. */
  admin: Admin;
  topics: TopicServices;
  time: Time;
  logger: Logger;
}

/** Answers the worker's contract: each call is one of the herder's, as it is for REST. */
export function connectService(options: ConnectServiceOptions): WorkerServices {
  const { herder, admin, info, topics } = options;
  const monitor = new ConnectorMonitor(options);
  return {
    ...topics,
    info: async () => ({ ...info, version: KAFKA_VERSION, kafka_cluster_id: await herder.kafkaClusterId() }),
    connectors: (_, emit) => monitor.onSummaries(emit),
    connectorInfo: ({ name }) => herder.connectorInfo(name),
    connectorStatus: ({ name }) => herder.connectorStatus(name),
    connectorOffsets: ({ name }) => herder.connectorOffsets(name),
    validateConnectorConfig: ({ config }) => herder.validateConnectorConfig(config),
    async createConnector({ name, config, initialState }) {
      const { info: created } = await herder.putConnectorConfig(name, withName(name, config), {
        allowReplace: false,
        author: AUTHOR,
        ...(initialState ? { targetState: INITIAL_STATES[initialState] } : {}),
      });
      return created;
    },
    async putConnectorConfig({ name, config }) {
      const { info: put } = await herder.putConnectorConfig(name, withName(name, config), {
        allowReplace: true,
        author: AUTHOR,
      });
      return put;
    },
    pauseConnector: ({ name }) => herder.pauseConnector(name),
    resumeConnector: ({ name }) => herder.resumeConnector(name),
    stopConnector: ({ name }) => herder.stopConnector(name),
    async restartConnector({ name, includeTasks, onlyFailed }) {
      if (includeTasks || onlyFailed)
        return herder.restartConnectorAndTasks({ connector: name, includeTasks, onlyFailed });
      await herder.restartConnector(name);
      return herder.connectorStatus(name);
    },
    restartTask: ({ name, task }) => herder.restartTask(name, task),
    async deleteConnector({ name, forgetOffsets }) {
      if (forgetOffsets) {
        await herder.stopConnector(name);
        await herder.resetConnectorOffsets(name);
      }
      await herder.deleteConnector(name);
    },
    catalog: () => herder.catalog(),
    pluginConfig: ({ className, version }) => herder.pluginConfig(className, version),
    parseConnectorFile({ fileName, text }) {
      const { name, config } = parseConnectorFile(fileName, text);
      return [{ name, config }];
    },
    startDemo: ({ recordsPerSecond }) => startDemo({ herder, admin }, recordsPerSecond),
    removeDemo: () => removeDemo({ herder, admin }),
  };
}
