import { parseConfig } from '../../main/connect/api/config-validation.ts';
import type { ConfigMap, SinkConnector, SinkTask, SinkTaskContext } from '../../main/connect/api/connector.ts';
import type { SinkRecord } from '../../main/connect/api/records.ts';
import type { Schema } from '../../main/connect/api/schema.ts';
import { MockTime } from './mock-time.ts';
import { recordingLogger } from './recording-logger.ts';

/** A record of topic `t`, partition 0, as a sink's task gets it. */
export function sinkRecord(value: unknown, valueSchema: Schema | null = null, offset = 0n): SinkRecord {
  return {
    topic: 't',
    kafkaPartition: 0,
    kafkaOffset: offset,
    originalTopic: 't',
    originalKafkaPartition: 0,
    originalKafkaOffset: offset,
    keySchema: null,
    key: null,
    valueSchema,
    value,
    timestamp: null,
    timestampType: 'NoTimestampType',
    headers: [],
  };
}

/** Starts a sink's task as the worker does; its clock runs by itself while the task starts. */
export async function startSinkTask(
  connector: SinkConnector,
  config: ConfigMap,
  task: SinkTask = connector.task(),
): Promise<{ task: SinkTask; log: string[]; time: MockTime }> {
  const time = new MockTime();
  const { logger, lines } = recordingLogger();
  const context: SinkTaskContext = {
    logger,
    time,
    assignment: () => [{ topic: 't', partition: 0 }],
    pause: () => {},
    resume: () => {},
    offset: () => {},
    timeout: () => {},
    requestCommit: () => {},
    errantRecordReporter: null,
  };
  let done = false;
  const start = Promise.resolve(task.start(parseConfig(connector.config, config), context)).finally(() => {
    done = true;
  });
  start.catch(() => done);
  while (!done) {
    await new Promise((resolve) => setImmediate(resolve));
    if (!done && time.pending > 0) await time.advance(50);
  }
  await start;
  return { task, log: lines, time };
}
