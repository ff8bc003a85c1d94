import { ApiException, Errors, produce } from '../../protocol/messages/index.ts';
import { compressionTypeOf } from '../../protocol/records/compression/compression-type.ts';
import { Attributes, BatchLayout, RECORD_BATCH_OVERHEAD, RecordBatch } from '../../protocol/records/record-batch.ts';
import type { TransactionCoordinator } from '../coordinator/transaction-coordinator.ts';
import { InvalidRecordException } from '../log/append-validation.ts';
import type { Appended } from '../log/partition-log.ts';
import type { Topic, Topics } from '../metadata/topics.ts';
import { handler } from '../server/handler.ts';

const REFUSED = { baseOffset: -1n, logAppendTimeMs: -1n, logStartOffset: -1n };

/** KIP-110: consumers of that time could not read it. */
const ZSTD_VERSION = 7;

/**
 * Every partition's batch is appended in the same turn in which the request is read, so that requests of a connection
 * keep their order; the answer waits for the bytes as `acks` says: 0 for nothing, 1 for the write, all for the sync.
 */
export const produceHandler = (topics: Topics, transactions: TransactionCoordinator) =>
  handler<typeof produce>({
    api: produce,
    gap: 'acks=all waits for the disk (flush.messages is 1 by default), as there is one copy.',
    async handle(request, { version }) {
      const { acks, transactionalId } = request;
      /** What was appended and is to be waited for, beside the answer that tells of it. */
      const appended: { answer: object; result: Appended }[] = [];
      const one = (topic: Topic | undefined, index: number, records: Buffer | null, unknown: number) => {
        const log = topic?.logs[index];
        if (!log) return { index, ...REFUSED, errorCode: topic ? Errors.UNKNOWN_TOPIC_OR_PARTITION : unknown };
        if (acks !== 0 && acks !== 1 && acks !== -1)
          return { index, ...REFUSED, errorCode: Errors.INVALID_REQUIRED_ACKS };
        if (records === null) return { index, ...REFUSED, errorCode: Errors.INVALID_RECORD };
        if (topic.isInternal) {
          return {
            index,
            ...REFUSED,
            errorCode: Errors.INVALID_TOPIC_EXCEPTION,
            errorMessage: `${topic.name} is written by the broker alone`,
          };
        }
        try {
          if (version < ZSTD_VERSION && isZstd(records)) {
            throw new ApiException(
              Errors.UNSUPPORTED_COMPRESSION_TYPE,
              `Produce requests with version ${version} are not allowed to use ZStandard compression`,
            );
          }
          if (isTransactional(records)) verify(transactions, transactionalId, records, topic.name, index);
          const result = log.append(records);
          const answer = {
            index,
            errorCode: Errors.NONE,
            baseOffset: result.firstOffset,
            logAppendTimeMs: result.logAppendTimeMs,
            logStartOffset: log.logStartOffset,
          };
          appended.push({ answer, result });
          return answer;
        } catch (error) {
          if (!(error instanceof ApiException)) throw error;
          const recordErrors = error instanceof InvalidRecordException ? [...error.recordErrors] : [];
          return { index, ...REFUSED, errorCode: error.errorCode, errorMessage: error.message, recordErrors };
        }
      };
      const responses = request.topicData.map(({ name, topicId, partitionData }) => {
        const byId = version >= 13;
        const topic = byId ? topics.byId(topicId) : topics.get(name);
        const unknown = byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
        return {
          name,
          topicId,
          partitionResponses: partitionData.map(({ index, records }) => one(topic, index, records, unknown)),
        };
      });
      if (acks === 0) return null;
      for (const { answer, result } of appended) {
        try {
          await (acks === 1 ? result.written : result.committed).wait();
        } catch (error) {
          const errorCode = error instanceof ApiException ? error.errorCode : Errors.KAFKA_STORAGE_ERROR;
          Object.assign(answer, REFUSED, { errorCode, errorMessage: (error as Error).message });
        }
      }
      return { responses };
    },
  });

/** Of a batch that is not checked yet: 0 where it is cut short before them. */
function attributesOf(records: Buffer): number {
  return records.length >= BatchLayout.attributes + 2 ? records.readUInt16BE(BatchLayout.attributes) : 0;
}

function isTransactional(records: Buffer): boolean {
  return records.length >= RECORD_BATCH_OVERHEAD && (attributesOf(records) & Attributes.transactional) !== 0;
}

/** A batch that comes late must not open its producer's next transaction (KIP-890). */
function verify(
  transactions: TransactionCoordinator,
  transactionalId: string | null,
  records: Buffer,
  topic: string,
  partition: number,
): void {
  if (transactionalId === null) throw new ApiException(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
  const errorCode = transactions.verify(transactionalId, new RecordBatch(records), topic, partition);
  if (errorCode === Errors.NONE) return;
  // As Kafka: for a producer every fenced epoch is an invalid one.
  throw new ApiException(errorCode === Errors.PRODUCER_FENCED ? Errors.INVALID_PRODUCER_EPOCH : errorCode);
}

function isZstd(records: Buffer): boolean {
  return compressionTypeOf(attributesOf(records) & Attributes.compression) === 'zstd';
}
