import type { TaskThreadServer } from './runtime/task-thread-server.ts';

/** A thread or process of tasks that ends says first what it ended for, and by whose code. */
export function endTelling(server: TaskThreadServer): void {
  const crash = (error: unknown) => {
    server.crashed(error);
    process.exit(1);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  process.on('exit', (code) => server.exiting(code));
}
