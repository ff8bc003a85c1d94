import { CLIENTS, type Setting } from './setting.ts';

const ALL = CLIENTS;

/** What every client has: where the brokers are, and how long anything may take. */
export const BASIC_SETTINGS = {
  'bootstrap.servers': { type: 'LIST', default: [], required: true, clients: ALL },
  'client.id': { type: 'STRING', default: '', clients: ALL },
  'connections.max.idle.ms': { type: 'LONG', default: 540_000, defaultOf: { admin: 300_000 }, clients: ALL },
  'default.api.timeout.ms': { type: 'INT', default: 60_000, min: 0, clients: ['consumer', 'admin'] },
  'metadata.max.age.ms': { type: 'LONG', default: 300_000, min: 0, clients: ALL },
  'reconnect.backoff.ms': { type: 'LONG', default: 50, min: 0, clients: ALL },
  'reconnect.backoff.max.ms': { type: 'LONG', default: 1_000, min: 0, clients: ALL },
  'request.timeout.ms': { type: 'INT', default: 30_000, min: 0, clients: ALL },
  'retry.backoff.ms': { type: 'LONG', default: 100, min: 0, clients: ALL },
  'retry.backoff.max.ms': { type: 'LONG', default: 1_000, min: 0, clients: ALL },
  // Java: 10 s. A person is told of a silent port within 2 s here; doubled with each failure in a row, as in Java.
  'socket.connection.setup.timeout.ms': { type: 'LONG', default: 1_500, min: 1, clients: ALL },
  'socket.connection.setup.timeout.max.ms': { type: 'LONG', default: 30_000, min: 1, clients: ALL },
} as const satisfies Readonly<Record<string, Setting>>;
