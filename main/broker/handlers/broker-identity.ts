export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Who this broker says it is. */
export interface BrokerIdentity {
  readonly nodeId: number;
  readonly clusterId: string;
  /** Where a client that came by `listener` is told to find it. */
  endpoint(listener: Endpoint): Endpoint;
}

/** `advertised` is `advertised.listeners`: empty, `host:port` or `PLAINTEXT://host:port`. */
export function brokerIdentity(nodeId: number, clusterId: string, advertised: string): BrokerIdentity {
  const match = /^(?:[A-Z_]+:\/\/)?\[?([^\]]+?)\]?:(\d+)$/.exec(advertised.trim());
  const fixed = match ? { host: match[1] as string, port: Number(match[2]) } : undefined;
  return { nodeId, clusterId, endpoint: (listener) => fixed ?? { host: listener.host, port: listener.port } };
}
