import { type TopicPartition, topicPartitionKey } from '../../../common/kafka/records.ts';
import type { PartitionReader } from '../../kafka/api.ts';
import { UsageError } from '../command-context.ts';
import { writeLines } from '../output/write-lines.ts';
import { RESET_SCENARIOS_TEXT } from './check-options.ts';
import { parseDateTime, parseDuration } from './java-times.ts';
import { checked } from './partitions-to-reset.ts';
import type { NewOffset } from './reset-offsets.ts';
import { readResetPlan } from './reset-plan.ts';
import { type ConsumerGroupsRun, printError } from './run.ts';

/** Where each partition goes on, by the scenario that was asked for. Java: `prepareOffsetsToReset`. */
export async function newOffsets(
  run: ConsumerGroupsRun,
  groupId: string,
  partitions: readonly TopicPartition[],
): Promise<readonly NewOffset[]> {
  const { options, given, admin, reader, context } = run;
  if (options.toOffset !== undefined) {
    const offset = BigInt(options.toOffset);
    return withinLog(
      run,
      partitions.map((it) => ({ ...it, offset })),
    );
  }
  if (given.has('to-earliest')) return valued(partitions, await reader.beginningOffsets(partitions));
  if (given.has('to-latest')) return valued(partitions, await reader.endOffsets(partitions));
  if (options.shiftBy !== undefined) {
    const shift = BigInt(options.shiftBy);
    const committed = await admin.groupOffsets(groupId);
    return withinLog(
      run,
      partitions.map((it) => {
        const key = topicPartitionKey(it.topic, it.partition);
        const current = committed.get(key);
        if (current) return { ...it, offset: current.offset + shift };
        throw new UsageError(`Cannot shift offset for partition ${key} since there is no current committed offset`);
      }),
    );
  }
  if (options.toDatetime !== undefined) return sinceTime(run, partitions, parseDateTime(options.toDatetime));
  if (options.byDuration !== undefined) {
    return sinceTime(run, partitions, BigInt(context.time.milliseconds()) - parseDuration(options.byDuration));
  }
  if (options.fromFile !== undefined) {
    const planned = readResetPlan(options.fromFile, options.group ?? []).get(groupId);
    if (planned === undefined) {
      await printError(context, `No reset plan for group ${groupId} found`);
      return [];
    }
    checked(planned, await admin.describeTopics([...new Set(planned.map(({ topic }) => topic))]));
    return withinLog(run, planned);
  }
  if (given.has('to-current')) {
    const committed = await admin.groupOffsets(groupId);
    const ends = await reader.endOffsets(
      partitions.filter(({ topic, partition }) => !committed.has(topicPartitionKey(topic, partition))),
    );
    const current = new Map([...committed].map(([key, { offset }]) => [key, offset]));
    return valued(partitions, new Map([...current, ...ends]));
  }
  throw new UsageError(`Option '[reset-offsets]' requires one of the following scenarios: ${RESET_SCENARIOS_TEXT}`);
}

function valued(partitions: readonly TopicPartition[], offsets: ReadonlyMap<string, bigint>): NewOffset[] {
  return partitions.map(({ topic, partition }) => ({
    topic,
    partition,
    offset: offsets.get(topicPartitionKey(topic, partition)) as bigint,
  }));
}

/** An offset outside of the log becomes its nearest end. Java: `OffsetsUtils.checkOffsetsRange`. */
async function withinLog({ reader, context }: ConsumerGroupsRun, offsets: readonly NewOffset[]): Promise<NewOffset[]> {
  const [starts, ends] = await bothEnds(reader, offsets);
  return offsets.map((it) => {
    const key = topicPartitionKey(it.topic, it.partition);
    const [start, end] = [starts.get(key) as bigint, ends.get(key) as bigint];
    const offset = it.offset > end ? end : it.offset < start ? start : it.offset;
    if (offset !== it.offset) {
      const reason = it.offset > end ? 'higher than latest' : 'lower than earliest';
      context.tell(
        `WARN New offset (${it.offset}) is ${reason} offset for topic partition ${key}. Value will be set to ${offset}.`,
      );
    }
    return { topic: it.topic, partition: it.partition, offset };
  });
}

function bothEnds(reader: PartitionReader, partitions: readonly TopicPartition[]) {
  return Promise.all([reader.beginningOffsets(partitions), reader.endOffsets(partitions)]);
}

/** Where nothing is as late, the end. Java: `OffsetsUtils.getLogTimestampOffsets`. */
async function sinceTime(
  { reader, context }: ConsumerGroupsRun,
  partitions: readonly TopicPartition[],
  timestamp: bigint,
): Promise<NewOffset[]> {
  const found = await reader.offsetsForTimes(partitions.map((it) => ({ ...it, timestamp })));
  const late = partitions.filter(
    ({ topic, partition }) => (found.get(topicPartitionKey(topic, partition)) ?? null) === null,
  );
  for (const { topic, partition } of late) {
    await writeLines(context, [
      '',
      `Warn: Partition ${partition} from topic ${topic} is empty. Falling back to latest known offset.`,
    ]);
  }
  const offsets = new Map(await reader.endOffsets(late));
  for (const [key, offset] of found) if (offset !== null) offsets.set(key, offset);
  return valued(partitions, offsets);
}
