import {
  ApiException,
  Errors,
  type ProduceRequest,
  type ProduceResponseInput,
  produce,
} from '../../protocol/messages/index.ts';
import { compressionTypeOf } from '../../protocol/records/compression/compression-type.ts';
import { Attributes, RECORD_BATCH_OVERHEAD, RecordBatch } from '../../protocol/records/record-batch.ts';
import type { TransactionCoordinator } from '../coordinator/transaction-coordinator.ts';
import { RecordValidationException, soleBatch } from '../log/append-validation.ts';
import type { CheckedBatch } from '../log/client-batches.ts';
import type { Latch } from '../log/latch.ts';
import type { Appended, PartitionLog } from '../log/partition-log.ts';
import type { Topic, Topics } from '../metadata/topics.ts';
import { handler } from '../server/handler.ts';
import { writeError } from './transaction-error.ts';

const REFUSED = { baseOffset: -1n, logAppendTimeMs: -1n, logStartOffset: -1n };

/** Errors of a log that say nothing of where it begins. Java: `ReplicaManager.appendToLocalLog`. */
const WITHOUT_LOG_START: ReadonlySet<number> = new Set([
  Errors.CORRUPT_MESSAGE,
  Errors.MESSAGE_TOO_LARGE,
  Errors.NOT_LEADER_OR_FOLLOWER,
  Errors.KAFKA_STORAGE_ERROR,
]);

/** KIP-110: consumers of that time could not read it. */
const ZSTD_VERSION = 7;

/** From it on a partition becomes part of the transaction by being written to (KIP-890). */
const IMPLICIT_VERSION = 12;
const ABORTABLE_VERSION = 11;

/** Records that an answer says what is wrong with, at most. */
const MAX_RECORD_ERRORS = 10_000;

type PartitionAnswer = ProduceResponseInput['responses'][number]['partitionResponses'][number];

/** A batch whose partition is not part of its transaction yet. */
interface Waiting {
  readonly answer: PartitionAnswer;
  readonly partition: { readonly topic: string; readonly partition: number };
  readonly records: Buffer;
  append(): void;
}

/**
 * Every partition's batch is appended in the same turn in which the request is read, so that requests of a connection
 * keep their order (a transaction's first batch waits until the partition is a part of it, and those behind it with
 * it); the answer waits for the bytes as `acks` says: 0 for nothing, 1 for the write, all for the sync.
 */
export const produceHandler = (topics: Topics, transactions: TransactionCoordinator) =>
  handler<typeof produce, ReadonlyMap<Buffer, CheckedBatch>>({
    api: produce,
    gap: 'acks=all waits for the disk (flush.messages is 1 by default), as there is one copy. acks=1 is answered once the record is written, and consumers see it once it is on the disk, a moment later: a program that reads at once what it has just sent uses acks=all, or gives the topic a flush.messages above 1 or a flush.ms, and then a record is seen as soon as it is written and a loss of power may take it. A batch that opens to more than 128 MiB is too large (error 10), and an answer names 10,000 wrong records at most: memory is bounded.',
    prepare: (request) => checkedBatches(request, topics),
    async handle(request, { version, releaseRequest }, prepared) {
      const { acks, transactionalId } = request;
      /** What was appended and is to be waited for, beside the answer that tells of it. */
      const appended: { answer: PartitionAnswer; result: Appended }[] = [];
      const added: Waiting[] = [];
      const refuse = (answer: PartitionAnswer, errorCode: number, errorMessage: string | null = null) =>
        Object.assign(answer, { ...REFUSED, errorCode, errorMessage });

      const append = (answer: PartitionAnswer, log: PartitionLog, records: Buffer, checked?: CheckedBatch) => {
        try {
          const result = log.append(
            records,
            version >= IMPLICIT_VERSION && headerOf(records)?.isTransactional === true,
            checked,
          );
          Object.assign(answer, {
            errorCode: Errors.NONE,
            baseOffset: result.firstOffset,
            logAppendTimeMs: result.logAppendTimeMs,
            logStartOffset: log.logStartOffset,
          });
          appended.push({ answer, result });
        } catch (error) {
          if (!(error instanceof ApiException)) throw error;
          const { errorCode, message } = error;
          refuse(answer, errorCode, message);
          if (!WITHOUT_LOG_START.has(errorCode)) Object.assign(answer, { logStartOffset: log.logStartOffset });
          if (error instanceof RecordValidationException)
            Object.assign(answer, { recordErrors: [...error.recordErrors] });
        }
      };

      const ofRequest = (answer: PartitionAnswer, sent: Buffer) => {
        try {
          return soleBatch(sent);
        } catch (error) {
          if (!(error instanceof ApiException)) throw error;
          refuse(answer, error.errorCode, error.message);
          return undefined;
        }
      };

      const one = (answer: PartitionAnswer, topic: Topic | undefined, sent: Buffer | null, unknown: number) => {
        const log = topic?.logs[answer.index];
        if (!log) return refuse(answer, topic ? Errors.UNKNOWN_TOPIC_OR_PARTITION : unknown);
        if (acks !== 0 && acks !== 1 && acks !== -1) return refuse(answer, Errors.INVALID_REQUIRED_ACKS);
        if (sent === null) return refuse(answer, Errors.INVALID_RECORD);
        if (topic.isInternal) {
          const message = `${topic.name} is written by the broker alone`;
          return refuse(answer, Errors.INVALID_TOPIC_EXCEPTION, message);
        }
        const checked = prepared?.get(sent);
        // The partition came while others were looked at.
        if (prepared && !checked) return refuse(answer, Errors.UNKNOWN_TOPIC_OR_PARTITION);
        const records = ofRequest(answer, sent);
        if (!records) return;
        const header = headerOf(records);
        if (version < ZSTD_VERSION && header && isZstd(header)) {
          const message = `Produce requests with version ${version} are not allowed to use ZStandard compression`;
          return refuse(answer, Errors.UNSUPPORTED_COMPRESSION_TYPE, message);
        }
        if (!header?.isTransactional) return append(answer, log, records, checked);
        if (transactionalId === null) return refuse(answer, Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        // A batch that comes late must not open its producer's next transaction (KIP-890).
        const refused = transactions.verify(transactionalId, header, topic.name, answer.index);
        if (refused === Errors.NONE) return append(answer, log, records, checked);
        if (version < IMPLICIT_VERSION || !mayBeAdded(refused)) {
          const message =
            refused === Errors.TRANSACTION_ABORTABLE ? 'Partition was not added to the transaction' : null;
          return refuse(answer, writeError(refused, version >= ABORTABLE_VERSION), message);
        }
        added.push({
          answer,
          partition: { topic: topic.name, partition: answer.index },
          records,
          append: () => append(answer, log, records, checked),
        });
      };

      const responses = request.topicData.map(({ name, topicId, partitionData }) => {
        const byId = version >= 13;
        const topic = byId ? topics.byId(topicId) : topics.get(name);
        const unknown = byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
        return {
          name,
          topicId,
          partitionResponses: partitionData.map(({ index, records }) => {
            const answer: PartitionAnswer = { index, ...REFUSED, errorCode: Errors.NONE };
            one(answer, topic, records, unknown);
            return answer;
          }),
        };
      });
      if (added.length > 0) {
        const [{ records }] = added as [Waiting];
        const partitions = added.map(({ partition }) => partition);
        const code = await transactions.addPartitions(transactionalId!, new RecordBatch(records), partitions, 2);
        for (const { answer, append } of added) {
          if (code === Errors.NONE) append();
          else refuse(answer, writeError(code, true));
        }
      }
      void writtenAll(appended.map(({ result }) => result.written)).then(releaseRequest);
      if (acks === 0) {
        const failed = responses.some(({ partitionResponses }) =>
          partitionResponses.some(({ errorCode }) => errorCode),
        );
        // There is no answer to tell it by: the producer learns of it by losing the connection, as in Kafka.
        return failed ? 'disconnect' : null;
      }
      for (const { answer, result } of appended) {
        try {
          await (acks === 1 ? result.written : result.committed).wait();
        } catch (error) {
          const errorCode = error instanceof ApiException ? error.errorCode : Errors.KAFKA_STORAGE_ERROR;
          refuse(answer, errorCode, (error as Error).message);
        }
      }
      return { responses };
    },
  });

/** Resolves when all are in the log's files or never will be. */
async function writtenAll(latches: readonly Latch[]): Promise<void> {
  await Promise.allSettled(latches.map((latch) => latch.wait()));
}

/** Undefined where the batch is too short for one: the log says what is wrong with it. */
function headerOf(records: Buffer): RecordBatch | undefined {
  return records.length < RECORD_BATCH_OVERHEAD ? undefined : new RecordBatch(records);
}

/** Every batch for a partition that is there. The promise is for those that are opened aside. */
function checkedBatches(
  { topicData }: ProduceRequest,
  topics: Topics,
): ReadonlyMap<Buffer, CheckedBatch> | Promise<ReadonlyMap<Buffer, CheckedBatch>> {
  const checks = new Map<Buffer, CheckedBatch>();
  const open: Promise<unknown>[] = [];
  const recordErrors = { left: MAX_RECORD_ERRORS };
  for (const { name, topicId, partitionData } of topicData) {
    // Only one of the two is given, by the version.
    const topic = topics.get(name) ?? topics.byId(topicId);
    for (const { index, records } of partitionData) {
      const log = topic?.logs[index];
      if (!log || records === null || topic?.isInternal) continue;
      const checked = log.check(records, recordErrors);
      if (checked instanceof Promise) open.push(checked.then((each) => checks.set(records, each)));
      else checks.set(records, checked);
    }
  }
  return open.length === 0 ? checks : Promise.all(open).then(() => checks);
}

/** It is not part of the transaction yet, or the one before is just ending. */
function mayBeAdded(errorCode: number): boolean {
  return errorCode === Errors.TRANSACTION_ABORTABLE || errorCode === Errors.CONCURRENT_TRANSACTIONS;
}

function isZstd({ attributes }: RecordBatch): boolean {
  return compressionTypeOf(attributes & Attributes.compression) === 'zstd';
}
