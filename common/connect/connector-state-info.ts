/** Answers of Connect's REST API, field for field. Java: `org.apache.kafka.connect.runtime.rest.entities`. */

export type ConnectorType = 'source' | 'sink' | 'unknown';

/** Java: `AbstractStatus.State`. */
export type State = 'UNASSIGNED' | 'RUNNING' | 'PAUSED' | 'FAILED' | 'RESTARTING' | 'STOPPED' | 'DESTROYED';

/** What a connector is asked to be. Java: `TargetState`. */
export type TargetState = 'STARTED' | 'PAUSED' | 'STOPPED';

/** What a new connector may start as. Java: `CreateConnectorRequest.InitialState`. */
export type InitialState = 'RUNNING' | 'PAUSED' | 'STOPPED';

export interface ConnectorState {
  state: State;
  worker_id: string;
  trace?: string;
  /** The plugin's (KIP-891); null when its class is not known any more. */
  version?: string | null;
}

export interface TaskState extends ConnectorState {
  id: number;
}

/** `GET /connectors/{name}/status` */
export interface ConnectorStateInfo {
  name: string;
  connector: ConnectorState;
  tasks: TaskState[];
  type: ConnectorType;
}

export interface ConnectorTaskId {
  connector: string;
  task: number;
}

/** `GET /connectors/{name}` */
export interface ConnectorInfo {
  name: string;
  config: Readonly<Record<string, string>>;
  tasks: ConnectorTaskId[];
  type: ConnectorType;
}

/** `GET /connectors/{name}/offsets`; what stands in the maps is JSON with exact integers (bigint beyond 2^53). */
export interface ConnectorOffsets {
  offsets: { partition: Readonly<Record<string, unknown>>; offset: Readonly<Record<string, unknown>> | null }[];
}
