import type { State } from '../../../common/connect/connector-state-info.ts';
import type { Time } from '../../../common/time.ts';
import type { Database, Statement } from '../../storage/database.ts';
import type { Status, StatusBackingStore } from './status-backing-store.ts';

/** Stands for the connector itself among the numbers of its tasks. */
const CONNECTOR = -1;

interface Row {
  task: bigint;
  state: State;
  worker_id: string;
  trace: string | null;
}

export class SqliteStatusBackingStore implements StatusBackingStore {
  readonly #time: Time;
  readonly #get: Statement<Row>;
  readonly #tasks: Statement<Row>;
  readonly #put: Statement<void>;
  readonly #removeTask: Statement<void>;
  readonly #remove: Statement<void>;
  readonly #topics: Statement<{ topic: string }>;
  readonly #addTopic: Statement<void>;
  readonly #resetTopics: Statement<void>;

  constructor(database: Database, time: Time) {
    this.#time = time;
    this.#get = database.prepare('SELECT task, state, worker_id, trace FROM status WHERE connector = ? AND task = ?');
    this.#tasks = database.prepare(
      'SELECT task, state, worker_id, trace FROM status WHERE connector = ? AND task >= 0 ORDER BY task',
    );
    this.#put = database.prepare(
      `INSERT INTO status (connector, task, state, worker_id, trace, time) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET state = excluded.state, worker_id = excluded.worker_id, trace = excluded.trace,
       time = excluded.time`,
    );
    this.#removeTask = database.prepare('DELETE FROM status WHERE connector = ? AND task = ?');
    this.#remove = database.prepare('DELETE FROM status WHERE connector = ?');
    this.#topics = database.prepare('SELECT topic FROM topic_use WHERE connector = ? ORDER BY topic');
    this.#addTopic = database.prepare(
      'INSERT INTO topic_use (connector, topic, time) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.#resetTopics = database.prepare('DELETE FROM topic_use WHERE connector = ?');
  }

  connector(name: string): Status | null {
    const row = this.#get.get(name, CONNECTOR);
    return row === undefined ? null : read(row);
  }

  putConnector(name: string, status: Status): void {
    this.#write(name, CONNECTOR, status);
  }

  tasks(connector: string): Map<number, Status> {
    return new Map(this.#tasks.all(connector).map((row) => [Number(row.task), read(row)]));
  }

  putTask(connector: string, task: number, status: Status): void {
    this.#write(connector, task, status);
  }

  removeTask(connector: string, task: number): void {
    this.#removeTask.run(connector, task);
  }

  remove(connector: string): void {
    this.#remove.run(connector);
  }

  topics(connector: string): string[] {
    return this.#topics.all(connector).map((row) => row.topic);
  }

  addTopic(connector: string, topic: string): void {
    this.#addTopic.run(connector, topic, this.#time.milliseconds());
  }

  resetTopics(connector: string): void {
    this.#resetTopics.run(connector);
  }

  #write(connector: string, task: number, status: Status): void {
    this.#put.run(connector, task, status.state, status.workerId, status.trace ?? null, this.#time.milliseconds());
  }
}

function read(row: Row): Status {
  const status: Status = { state: row.state, workerId: row.worker_id };
  if (row.trace !== null) status.trace = row.trace;
  return status;
}
