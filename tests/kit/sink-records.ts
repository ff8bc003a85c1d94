import type { ConfigMap, SinkConnector, SinkTask } from '../../main/connect/api/connector.ts';
import type { SinkRecord } from '../../main/connect/api/records.ts';
import type { Schema } from '../../main/connect/api/schema.ts';
import type { MockTime } from '../../main/connect/testkit/mock-time.ts';
import { sinkRecord as sinkRecordOf } from '../../main/connect/testkit/records.ts';
import { SinkTaskDriver } from '../../main/connect/testkit/sink-task-driver.ts';

/** A record of topic `t`, partition 0, as a sink's task gets it. */
export function sinkRecord(value: unknown, valueSchema: Schema | null = null, offset = 0n): SinkRecord {
  return sinkRecordOf({ value, valueSchema, kafkaOffset: offset });
}

/** Starts a sink's task as the worker does; its clock runs by itself while the task starts. */
export async function startSinkTask(
  connector: SinkConnector,
  config: ConfigMap,
  task: SinkTask = connector.task(),
): Promise<{ task: SinkTask; log: string[]; time: MockTime }> {
  const { log, time } = await new SinkTaskDriver(connector, task).start(config);
  return { task, log, time };
}
