import type { TaskHost, TaskSpec } from './runtime/task-host.ts';

/**
 * A connector that reads the standard input or writes to the standard output (FileStream without `file`, as in Kafka's
 * console examples) has to run in the main thread: a worker thread has no standard streams of its own.
 */
export function standardStreamsApart(threads: TaskHost, here: TaskHost): TaskHost {
  const usesStandardStreams = ({ connectorClass, taskConfig }: TaskSpec) =>
    connectorClass.includes('FileStream') && (taskConfig.file ?? '') === '';
  return {
    start: (spec, listener) => (usesStandardStreams(spec) ? here : threads).start(spec, listener),
    async close() {
      await Promise.all([threads.close(), here.close()]);
    },
    dropConnections: () => threads.dropConnections?.(),
  };
}
