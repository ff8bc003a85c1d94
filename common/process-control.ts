import { z } from 'zod';
import type { RestoredSandbox, SavedSandbox } from './desktop/sandbox-archive.ts';
import type { StorageAlarms } from './kafka/storage-alarms.ts';
import { call, event, stream } from './rpc.ts';

/** What the main process says to the processes that it owns, over the channel that each is born with. */

const port = z.int().min(0).max(65_535).nullable();

export interface WorkerReady {
  restUrl: string;
  restPort: number;
  /** The default port was busy and another one was taken. */
  portMoved: boolean;
}

export const workerControl = {
  start: call(
    z.object({
      /** Its SQLite is here, and `workingFolder` is what relative paths in configurations mean. */
      dataFolder: z.string(),
      workingFolder: z.string(),
      logFolder: z.string(),
      /** Where plugin packages are; absent: there are none. */
      pluginFolder: z.string().optional(),
      bootstrapServers: z.string(),
      /** null: 8083 or the next free one; a number: that one or an error. */
      restPort: port,
      /** Encrypts secrets in the store; null: a file of the data folder holds the key. */
      secretKey: z.custom<Uint8Array>((value) => value instanceof Uint8Array).nullable(),
    }),
  ).of<WorkerReady>(),
  /** After sleep or a change of network: connections are opened anew instead of being waited for. */
  dropConnections: call().of<void>(),
  /** Ends tasks cleanly, commits offsets, closes the store; the process exits after the answer. */
  stop: call().of<void>(),
  /** Processes that the worker wants to have, or not any more: in Electron only the main process can make one. */
  pluginForks: stream().of<PluginFork>(),
  /** Whole lines that such a process has printed. */
  pluginPrinted: call(z.object({ id: z.int(), line: z.string() })).of<void>(),
  pluginExited: call(z.object({ id: z.int(), code: z.int() })).of<void>(),
};

/** `id` is the worker's number for a process. */
export type PluginFork = { type: 'fork'; id: number; name: string; heapMiB: number } | { type: 'kill'; id: number };

export interface BrokerReady {
  port: number;
  portMoved: boolean;
  /** Where containers find it: `host.docker.internal:9094`; null: they don't. */
  containersAddress: string | null;
}

export const brokerControl = {
  start: call(
    z.object({
      dataFolder: z.string(),
      logFolder: z.string(),
      /** A port that a person named: that one or an error. */
      port,
      /** Tried first when `port` is null. */
      defaultPort: z.int().min(1).max(65_535),
      /** Containers of this computer reach it too. */
      shareWithContainers: z.boolean(),
    }),
  ).of<BrokerReady>(),
  /** What people should know of its disk, at each change. */
  alarms: event().of<StorageAlarms>(),
  /** Syncs and closes the log; the process exits after the answer. */
  stop: call().of<void>(),
  /** Of a sandbox that runs nowhere; the process was not started for another purpose. */
  save: call(z.object({ dataFolder: z.string(), file: z.string() })).of<SavedSandbox>(),
  /** What is there before is set aside. */
  restore: call(z.object({ dataFolder: z.string(), file: z.string() })).of<RestoredSandbox>(),
};

/** A port for a window comes as this message with the port beside it. */
export const CONNECT_MESSAGE = 'runnel-connect';
/** The same for a port to a plugin process, whose number is the message's `id`. */
export const PLUGIN_MESSAGE = 'runnel-plugin';
