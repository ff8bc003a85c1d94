import { z } from 'zod';
import type { Catalog } from './connect/catalog.ts';
import type { ConfigInfos, ConfigKeyInfo } from './connect/config-infos.ts';
import type { ConnectorInfo, ConnectorOffsets, ConnectorStateInfo } from './connect/connector-state-info.ts';
import type { ConnectorSummary } from './connect/connector-summary.ts';
import type { DemoInfo, EnvironmentState, WorkerInfo } from './connect/worker-info.ts';
import type { AppInfo, ChosenFile, MenuCommand } from './desktop/app-info.ts';
import type { MemoryUse, SandboxState, WorkerState } from './desktop/processes.ts';
import type { RestoredSandbox, SavedSandbox } from './desktop/sandbox-archive.ts';
import { type Settings, settingsChange } from './desktop/settings.ts';
import { type ConsumeBatch, consumeRequest, int64, partitionNumber, topicName } from './kafka/consume.ts';
import type { ConsumerRecord } from './kafka/records.ts';
import type { TopicDetail, TopicSummary } from './kafka/topics.ts';
import { type Client, call, event, type Services, stream } from './rpc.ts';

const name = z.string().min(1).max(1_000);
const config = z.record(z.string().max(10_000), z.string().max(1_000_000));
const connector = z.object({ name });
const topic = z.object({ topic: topicName });

/** What the main process does for a window: the machine, the program's processes, its settings. */
export const desktopContract = {
  appInfo: call().of<AppInfo>(),
  /** Memory of all processes, measured every ten seconds while someone listens. */
  memory: event().of<MemoryUse>(),

  sandbox: event().of<SandboxState>(),
  /** Resolves when it accepts connections (and the worker uses it); rejects with the reason why it can't. */
  startSandbox: call().of<SandboxState>(),
  /** Closes it cleanly; what was acknowledged is kept. */
  stopSandbox: call().of<SandboxState>(),
  /** Asks where and saves the whole sandbox there, stopped for the moment of it; null when the dialog was left. */
  saveSandbox: call().of<SavedSandbox | null>(),
  /** Asks for such a file and puts it in the sandbox's place; what was there is set aside. null as above. */
  restoreSandbox: call().of<RestoredSandbox | null>(),
  worker: event().of<WorkerState>(),
  restartWorker: call().of<WorkerState>(),

  settings: event().of<Settings>(),
  changeSettings: call(settingsChange).of<Settings>(),
  /** What the page stored with `savePageState` in the run before (JSON); null at the first. */
  pageState: call().of<string | null>(),
  savePageState: call(z.object({ json: z.string().max(1_000_000) })).of<void>(),

  /** The system's dialog; null when it was left. `file` and `save` give a path for a configuration key. */
  choosePath: call(z.object({ kind: z.enum(['file', 'folder', 'save']), title: z.string().max(200) })).of<
    string | null
  >(),
  /** The system's dialog for connector files (.properties, .json), read as text; [] when it was left. */
  chooseConnectorFiles: call().of<ChosenFile[]>(),
  /** Only https, and only after the person has agreed to the address shown; false when they did not. */
  openExternal: call(z.object({ url: z.url({ protocol: /^https$/ }).max(2_000) })).of<boolean>(),
  /** Shows the data folder (or its logs) in the system's file manager. */
  showFolder: call(z.object({ folder: z.enum(['data', 'logs']) })).of<void>(),
  writeClipboard: call(z.object({ text: z.string().max(16_000_000) })).of<void>(),

  /** What is chosen in the application's menu or by one of its keys. */
  menuCommands: stream().of<MenuCommand>(),
  /** True while someone wants to quit and the page should ask: it answers with `quit` or `cancelQuit`. */
  quitRequested: event().of<boolean>(),
  quit: call().of<void>(),
  cancelQuit: call().of<void>(),
};

/** Topics and their records. The worker serves it too; it lives in a thread of its own there. */
export const topicContract = {
  /** Whether the worker's Kafka answers. */
  environment: event().of<EnvironmentState>(),
  /** Every topic with its counts and rate, about once a second; silent while the environment can't be reached. */
  topics: event().of<TopicSummary[]>(),
  describeTopic: call(topic).of<TopicDetail>(),
  consume: stream(consumeRequest).of<ConsumeBatch>(),
  /** One record whole. NotFoundException when the topic no longer has it. */
  record: call(z.object({ topic: topicName, partition: partitionNumber, offset: int64.min(0n) })).of<ConsumerRecord>(),
};

/** What the worker does for a window. The same Herder answers REST and the command line. */
export const workerContract = {
  ...topicContract,
  info: call().of<WorkerInfo>(),
  /** Every connector with its state and rates: at each change of state, else once a second. */
  connectors: event().of<ConnectorSummary[]>(),
  connectorInfo: call(connector).of<ConnectorInfo>(),
  connectorStatus: call(connector).of<ConnectorStateInfo>(),
  connectorOffsets: call(connector).of<ConnectorOffsets>(),
  /** `connector.class` is in the configuration. Never rejects for what is wrong in it: that is the answer. */
  validateConnectorConfig: call(z.object({ config })).of<ConfigInfos>(),
  createConnector: call(
    z.object({ name, config, initialState: z.enum(['RUNNING', 'PAUSED', 'STOPPED']).optional() }),
  ).of<ConnectorInfo>(),
  putConnectorConfig: call(z.object({ name, config })).of<ConnectorInfo>(),
  pauseConnector: call(connector).of<void>(),
  resumeConnector: call(connector).of<void>(),
  /** Unlike pause it ends the tasks; offsets can be changed then. */
  stopConnector: call(connector).of<void>(),
  restartConnector: call(
    z.object({ name, includeTasks: z.boolean(), onlyFailed: z.boolean() }),
  ).of<ConnectorStateInfo>(),
  restartTask: call(z.object({ name, task: z.int().min(0) })).of<void>(),
  /** `forgetOffsets`: its source offsets go too (else a connector of the same name goes on where this one stopped). */
  deleteConnector: call(z.object({ name, forgetOffsets: z.boolean() })).of<void>(),
  /** Every plugin with what it says of itself, and the plugin packages that are not used. */
  catalog: call().of<Catalog>(),
  /** All keys that a plugin's configuration may have; a connector's with those of the framework. */
  pluginConfig: call(z.object({ className: name, version: z.string().max(200) })).of<ConfigKeyInfo[]>(),
  /** Reads what `connect-standalone` takes: a properties file or either JSON form; the configurations in it. */
  parseConnectorFile: call(z.object({ fileName: z.string().max(4_096), text: z.string().max(4_000_000) })).of<
    { name: string; config: Readonly<Record<string, string>> }[]
  >(),

  /** The demo's topic and connector, made where they are missing; resolves when the connector runs. */
  startDemo: call(z.object({ recordsPerSecond: z.int().min(1).max(50_000).optional() })).of<DemoInfo>(),
  /** Undoes all of it: connector, its offsets, topic. */
  removeDemo: call().of<void>(),
};

export type DesktopClient = Client<typeof desktopContract>;
export type DesktopServices = Services<typeof desktopContract>;
export type TopicServices = Services<typeof topicContract>;
export type WorkerClient = Client<typeof workerContract>;
export type WorkerServices = Services<typeof workerContract>;

export { PORT_MESSAGE, READY_MESSAGE, type ServedPart } from './window-ports.ts';
