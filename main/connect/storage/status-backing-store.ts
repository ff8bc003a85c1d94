import type { State } from '../../../common/connect/connector-state-info.ts';

export interface Status {
  state: State;
  workerId: string;
  trace?: string;
}

/** States of connectors and tasks, and the topics that each connector has used. Java: `StatusBackingStore`. */
export interface StatusBackingStore {
  connector(name: string): Status | null;
  putConnector(name: string, status: Status): void;
  /** By number of the task. */
  tasks(connector: string): Map<number, Status>;
  putTask(connector: string, task: number, status: Status): void;
  removeTask(connector: string, task: number): void;
  /** The connector's status and those of its tasks; topics stay. */
  remove(connector: string): void;
  /** Sorted by name. */
  topics(connector: string): string[];
  addTopic(connector: string, topic: string): void;
  resetTopics(connector: string): void;
}
