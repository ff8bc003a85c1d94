import {
  alterConfigs,
  createTopics,
  describeConfigs,
  fetch,
  incrementalAlterConfigs,
  listOffsets,
  produce,
} from '../../../main/protocol/messages/index.ts';
import { crc32c } from '../../../main/protocol/records/crc32c.ts';
import { encodeRecordBatch, type RecordBatchOptions } from '../../../main/protocol/records/encode-records.ts';
import { BatchLayout } from '../../../main/protocol/records/record-batch.ts';
import type { RequestInput } from '../../../main/protocol/schema/api.ts';
import type { PlayedBroker } from './played-broker.ts';

/** An old time that every case may share. */
export const THEN = 1_700_000_000_000n;

/** A batch of texts without keys. */
export function batch(values: readonly string[], options: RecordBatchOptions & { timestamp?: bigint } = {}): Buffer {
  const { timestamp = THEN, ...more } = options;
  return keyed(
    values.map((value) => [null, value]),
    { timestamp, ...more },
  );
}

/** A batch of `[key, value]`; null is null. */
export function keyed(
  records: readonly (readonly [key: string | null, value: string | null])[],
  { timestamp = THEN, ...options }: RecordBatchOptions & { timestamp?: bigint } = {},
): Buffer {
  const bytes = (text: string | null) => (text === null ? null : Buffer.from(text));
  return encodeRecordBatch(
    records.map(([key, value], i) => ({ timestamp: timestamp + BigInt(i), key: bytes(key), value: bytes(value) })),
    options,
  );
}

/** Changes bytes of a batch; its CRC is made right again. */
export function changed(records: Buffer, change: (records: Buffer) => void): Buffer {
  const copy = Buffer.from(records);
  change(copy);
  copy.writeUInt32BE(crc32c(copy, BatchLayout.attributes), BatchLayout.crc);
  return copy;
}

interface Writing {
  readonly partition?: number;
  readonly acks?: number;
  readonly version?: number;
  readonly transactionalId?: string;
}

/** What the broker answers to one batch for one partition. */
export async function write(broker: PlayedBroker, topic: string, records: Buffer | null, over: Writing = {}) {
  const { responses } = await broker.ask(produce, over.version ?? 9, {
    transactionalId: over.transactionalId ?? null,
    acks: over.acks ?? -1,
    timeoutMs: 30_000,
    topicData: [{ name: topic, partitionData: [{ index: over.partition ?? 0, records }] }],
  });
  return responses[0]!.partitionResponses[0]!;
}

type FetchInput = RequestInput<typeof fetch>;
type FetchPartition = FetchInput['topics'][number]['partitions'][number];

/** A Fetch request of a consumer that does not wait; what is in `over` goes first. */
export function fetchRequest(
  topics: readonly { topic?: string; topicId?: string; partitions: readonly Partial<FetchPartition>[] }[],
  over: Partial<FetchInput> = {},
): FetchInput {
  return {
    replicaId: -1,
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: 1_000_000,
    ...over,
    topics: topics.map((each) => ({
      ...each,
      partitions: each.partitions.map((partition) => ({
        partition: 0,
        fetchOffset: 0n,
        partitionMaxBytes: 1_000_000,
        ...partition,
      })),
    })),
  };
}

/** What the broker answers of one partition. */
export async function read(
  broker: PlayedBroker,
  topic: string,
  partition: Partial<FetchPartition> = {},
  over: Partial<FetchInput> & { version?: number } = {},
) {
  const { version = 11, ...request } = over;
  const answer = await broker.ask(fetch, version, fetchRequest([{ topic, partitions: [partition] }], request));
  return answer.responses[0]!.partitions[0]!;
}

/** What the broker answers of one partition's offset. */
export async function offsetAt(
  broker: PlayedBroker,
  topic: string,
  timestamp: bigint,
  over: { version?: number; isolationLevel?: number; partition?: number; currentLeaderEpoch?: number } = {},
) {
  const { version = 7, isolationLevel = 0, partition = 0, currentLeaderEpoch = -1 } = over;
  const { topics } = await broker.ask(listOffsets, version, {
    replicaId: -1,
    isolationLevel,
    topics: [{ name: topic, partitions: [{ partitionIndex: partition, currentLeaderEpoch, timestamp }] }],
    timeoutMs: 30_000,
  });
  return topics[0]!.partitions[0]!;
}

type NewTopic = RequestInput<typeof createTopics>['topics'][number];

/** A topic of CreateTopics: one partition, one replica, unless told otherwise. */
export function newTopic(
  name: string,
  {
    configs = {},
    ...over
  }: Partial<Omit<NewTopic, 'configs'>> & { configs?: Readonly<Record<string, string | null>> } = {},
): NewTopic {
  return {
    name,
    numPartitions: 1,
    replicationFactor: 1,
    assignments: [],
    ...over,
    configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
  };
}

/** What the broker answers to each topic; settings are left out. */
export async function create(
  broker: PlayedBroker,
  topics: readonly NewTopic[],
  { validateOnly = false, version = 7 }: { validateOnly?: boolean; version?: number } = {},
) {
  const answer = await broker.ask(createTopics, version, { topics: [...topics], timeoutMs: 30_000, validateOnly });
  return answer.topics.map(({ configs: _, ...topic }) => topic);
}

/** Of what both Fetch and ListOffsets do. */
export const ISOLATION_WHY =
  'An isolation level that nobody has counts as read_uncommitted; Kafka’s answer is UNKNOWN_SERVER_ERROR.';

export const TOPIC = 2;
export const BROKER = 4;

/** Settings as DescribeConfigs gives them, without the documentation's words. */
export async function settings(
  broker: PlayedBroker,
  resourceType: number,
  resourceName: string,
  names: string[] | null,
  { version = 4, includeSynonyms = true, includeDocumentation = false } = {},
) {
  const { results } = await broker.ask(describeConfigs, version, {
    resources: [{ resourceType, resourceName, configurationKeys: names }],
    includeSynonyms,
    includeDocumentation,
  });
  const { configs, ...result } = results[0]!;
  return { ...result, configs: configs.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

export const SET = 0;
export const DELETE = 1;
export const APPEND = 2;
export const SUBTRACT = 3;

type Change = readonly [name: string, operation: number, value: string | null];

/** What the broker answers to changes of one resource. */
export async function change(
  broker: PlayedBroker,
  resourceName: string,
  changes: readonly Change[],
  { resourceType = TOPIC, validateOnly = false, version = 1 } = {},
) {
  const { responses } = await broker.ask(incrementalAlterConfigs, version, {
    resources: [
      {
        resourceType,
        resourceName,
        configs: changes.map(([name, configOperation, value]) => ({ name, configOperation, value })),
      },
    ],
    validateOnly,
  });
  return responses[0]!;
}

/** The same by AlterConfigs, which replaces all. */
export async function replace(
  broker: PlayedBroker,
  resourceName: string,
  values: Readonly<Record<string, string | null>>,
  { resourceType = TOPIC, validateOnly = false, version = 2 } = {},
) {
  const { responses } = await broker.ask(alterConfigs, version, {
    resources: [
      { resourceType, resourceName, configs: Object.entries(values).map(([name, value]) => ({ name, value })) },
    ],
    validateOnly,
  });
  return responses[0]!;
}

/** The value that is in force, once it is `expected`: a change reaches Kafka's broker a moment after the answer. */
export async function inForce(broker: PlayedBroker, topic: string, name: string, expected: string) {
  const { configs } = await broker.until(
    () => settings(broker, TOPIC, topic, [name]),
    (answer) => answer.configs[0]?.value === expected,
  );
  return configs[0]!;
}
