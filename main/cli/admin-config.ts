import type { ClientConfig } from '../kafka/api.ts';
import { loadProps } from './kafka-options.ts';

/** Settings of the clients of a tool: those of the file, and where to connect to. */
export function adminConfig({
  bootstrapServer,
  commandConfig,
}: {
  bootstrapServer: string;
  commandConfig?: string;
}): ClientConfig {
  return { ...Object.fromEntries(loadProps(commandConfig)), 'bootstrap.servers': bootstrapServer };
}
