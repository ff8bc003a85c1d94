import type { Time } from '../../../common/time.ts';
import { ApiException, Errors } from '../../protocol/messages/index.ts';
import { encodeRecordBatch } from '../../protocol/records/encode-records.ts';
import { recordBatches } from '../../protocol/records/record-batch.ts';
import { decodeRecords } from '../../protocol/records/records.ts';
import type { Topic, Topics } from '../metadata/topics.ts';
import type { OffsetsLog } from './group-coordinator.ts';
import type { OffsetsRecord } from './group-records.ts';

export const OFFSETS_TOPIC = '__consumer_offsets';
export const OFFSETS_TOPIC_CONFIGS: ReadonlyMap<string, string> = new Map([
  ['cleanup.policy', 'compact'],
  ['compression.type', 'producer'],
  // Kafka's own are 100 MiB: a segment is compacted when it is sealed, and everything is read at a start.
  ['segment.bytes', '4194304'],
]);
const READ_BYTES = 1024 * 1024;

/** The topic in which groups and their offsets are kept, as Kafka keeps them; made when the first record comes. */
export class OffsetsTopic implements OffsetsLog {
  readonly #topics: Topics;
  readonly #time: Time;
  readonly #numPartitions: number;
  #creating: Promise<Topic> | undefined;

  constructor(topics: Topics, time: Time, numPartitions: number) {
    this.#topics = topics;
    this.#time = time;
    this.#numPartitions = numPartitions;
  }

  async append(group: string, records: readonly OffsetsRecord[]): Promise<void> {
    const topic = this.#topics.get(OFFSETS_TOPIC) ?? (await this.#create());
    const log = topic.logs[partitionFor(group, topic.logs.length)];
    if (!log) throw new ApiException(Errors.COORDINATOR_NOT_AVAILABLE);
    const timestamp = BigInt(this.#time.milliseconds());
    const batch = encodeRecordBatch(
      records.map(({ key, value }) => ({ key, value, headers: [], timestamp })),
      { baseOffset: 0n },
    );
    await log.appendInternal(batch).committed.wait();
  }

  /** Hands every record that is there to `replay`, in the order of each partition. */
  load(replay: (key: Buffer, value: Buffer | null) => void): void {
    for (const log of this.#topics.get(OFFSETS_TOPIC)?.logs ?? []) {
      let offset = log.logStartOffset;
      while (offset < log.highWatermark) {
        const bytes = log.read(offset, READ_BYTES, true);
        if (bytes.length === 0) break;
        for (const batch of recordBatches(bytes)) {
          offset = batch.baseOffset + BigInt(batch.lastOffsetDelta) + 1n;
          if (batch.isControlBatch) continue;
          for (const { key, value } of decodeRecords(batch)) {
            if (key) replay(asBuffer(key), value && asBuffer(value));
          }
        }
      }
    }
  }

  #create(): Promise<Topic> {
    this.#creating ??= this.#topics.create(OFFSETS_TOPIC, this.#numPartitions, new Map()).finally(() => {
      this.#creating = undefined;
    });
    return this.#creating;
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Java: `Utils.abs(groupId.hashCode()) % partitions`. */
export function partitionFor(group: string, partitions: number): number {
  let hash = 0;
  for (let i = 0; i < group.length; i++) hash = (Math.imul(hash, 31) + group.charCodeAt(i)) | 0;
  return (hash === -2147483648 ? 0 : Math.abs(hash)) % partitions;
}
