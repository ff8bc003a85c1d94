/** Unwinds a task's work when it is to stop: what was not sent comes again at the next start. Never shown. */
export class TaskStopping extends Error {
  override get name(): string {
    return 'TaskStopping';
  }
}
