import type { ConnectorInfo } from '../../../common/connect/connector-state-info.ts';
import type { Config } from './config-diff.ts';
import { type ConnectClient, segment } from './connect-client.ts';
import { ConnectRestException } from './connect-errors.ts';

/** The configuration that the worker has; null: there is no such connector. */
export async function presentConfig(client: ConnectClient, name: string): Promise<Map<string, string> | null> {
  try {
    const config = await client.get<Record<string, string>>(`/connectors/${segment(name)}/config`);
    return new Map(Object.entries(config));
  } catch (error) {
    if (error instanceof ConnectRestException && error.status === 404) return null;
    throw error;
  }
}

/** Replaces it as a whole; the connector restarts. */
export function putConfig(client: ConnectClient, name: string, config: Config): Promise<ConnectorInfo> {
  return client.put<ConnectorInfo>(`/connectors/${segment(name)}/config`, Object.fromEntries(config));
}
