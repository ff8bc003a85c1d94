/** Who this broker says it is. Where it is found, the request's listener knows. */
export interface BrokerIdentity {
  readonly nodeId: number;
  readonly clusterId: string;
}
