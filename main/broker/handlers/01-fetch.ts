import type { Time } from '../../../common/time.ts';
import { ApiException, Errors, type FetchRequest, fetch } from '../../protocol/messages/index.ts';
import { recordBatches } from '../../protocol/records/record-batch.ts';
import type { PartitionLog } from '../log/partition-log.ts';
import type { Topics } from '../metadata/topics.ts';
import { handler } from '../server/handler.ts';
import { isReadCommitted, visibleEnd } from './isolation-level.ts';
import { LEADER_EPOCH } from './partition-metadata.ts';

interface Asked {
  readonly log: PartitionLog | undefined;
  readonly unknown: number;
  readonly partition: number;
  readonly fetchOffset: bigint;
  readonly maxBytes: number;
  readonly leaderEpoch: number;
  /** Of the last record that the client has (KIP-595); -1: it does not say. */
  readonly lastFetchedEpoch: number;
}

/**
 * Reads what is asked for, in its order, until the budgets are spent; a request that would find less than `minBytes`
 * waits for more, up to `maxWaitMs`, or until its connection ends. A single answer holds no more than `maxAnswerBytes`,
 * whatever is asked for (the broker's `fetch.max.bytes`).
 */
export const fetchHandler = (topics: Topics, time: Time, maxAnswerBytes: number) =>
  handler<typeof fetch>({
    api: fetch,
    gap: 'Fetch sessions are not kept (KIP-227): every answer has session id 0, so clients send full requests. One of 1,000 partitions costs 5 ms; a session would cost state (docs/decisions/0006).',
    answersLarge: true,
    async handle(request, { version, signal, answerRoom }) {
      const asked = request.topics.map((topic) => ({
        topic: topic.topic,
        topicId: topic.topicId,
        partitions: partitionsOf(topics, topic, version),
      }));
      const logs = asked
        .flatMap(({ partitions }) => partitions.map(({ log }) => log))
        .filter((log) => log !== undefined);
      const isCommitted = isReadCommitted(request.isolationLevel);
      const most = () => Math.min(request.maxBytes, maxAnswerBytes, answerRoom());
      // Nobody follows this broker: who says that it is a replica is none.
      const isFollower = Math.max(request.replicaId, request.replicaState.replicaId) >= 0;
      const refusal = isFollower ? Errors.NOT_LEADER_OR_FOLLOWER : Errors.NONE;
      let answer = read(asked, most(), isCommitted, refusal);
      if (answer.bytes < request.minBytes && !answer.hasError && request.maxWaitMs > 0) {
        await moreBytes(logs, request.minBytes - answer.bytes, request.maxWaitMs, time, signal, isCommitted);
        answer = read(asked, most(), isCommitted, refusal);
      }
      return { errorCode: Errors.NONE, sessionId: 0, responses: answer.responses };
    },
  });

function partitionsOf(topics: Topics, topic: FetchRequest['topics'][number], version: number): Asked[] {
  const byId = version >= 13;
  const found = byId ? topics.byId(topic.topicId) : topics.get(topic.topic);
  return topic.partitions.map(
    ({ partition, fetchOffset, partitionMaxBytes, currentLeaderEpoch, lastFetchedEpoch }) => ({
      log: found?.logs[partition],
      unknown: byId && !found ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION,
      partition,
      fetchOffset,
      maxBytes: partitionMaxBytes,
      leaderEpoch: currentLeaderEpoch,
      lastFetchedEpoch,
    }),
  );
}

/** `refusal`: an error of the whole request, for every partition that is there; NONE where there is none. */
function read(
  asked: readonly { topic: string; topicId: string; partitions: readonly Asked[] }[],
  maxBytes: number,
  isCommitted: boolean,
  refusal: number,
) {
  let left = maxBytes;
  let bytes = 0;
  let hasError = false;
  const one = ({
    log,
    unknown,
    partition,
    fetchOffset,
    maxBytes: partitionMaxBytes,
    leaderEpoch,
    lastFetchedEpoch,
  }: Asked) => {
    // Java tells "no log was asked" from "the log refused" by an empty list.
    const refused = (errorCode: number, abortedTransactions: [] | null = null) => {
      hasError = true;
      return {
        partitionIndex: partition,
        errorCode,
        highWatermark: -1n,
        lastStableOffset: -1n,
        logStartOffset: -1n,
        abortedTransactions,
        records: EMPTY,
      };
    };
    if (!log) return refused(unknown, []);
    if (refusal !== Errors.NONE) return refused(refusal);
    if (leaderEpoch > LEADER_EPOCH) return refused(Errors.UNKNOWN_LEADER_EPOCH);
    // The one epoch began with the log, so that only its end can be told to a client that has more than there is.
    if (lastFetchedEpoch > LEADER_EPOCH) return refused(Errors.OFFSET_OUT_OF_RANGE);
    try {
      if (lastFetchedEpoch === LEADER_EPOCH && fetchOffset > log.logEndOffset) {
        hasError = true;
        return {
          partitionIndex: partition,
          errorCode: Errors.NONE,
          highWatermark: log.highWatermark,
          lastStableOffset: log.lastStableOffset,
          logStartOffset: log.logStartOffset,
          divergingEpoch: { epoch: LEADER_EPOCH, endOffset: log.logEndOffset },
          abortedTransactions: null,
          records: EMPTY,
        };
      }
      // The first batch of an answer comes whole whatever its size: else a large one would never be read (KIP-74).
      const { highWatermark, lastStableOffset } = log;
      const end = isCommitted ? lastStableOffset : highWatermark;
      const records = log.read(fetchOffset, Math.min(left, partitionMaxBytes), bytes === 0, end);
      bytes += records.length;
      left = Math.max(0, left - records.length);
      return {
        partitionIndex: partition,
        errorCode: Errors.NONE,
        highWatermark,
        lastStableOffset,
        logStartOffset: log.logStartOffset,
        abortedTransactions: isCommitted ? aborted(log, fetchOffset, records) : null,
        records,
      };
    } catch (error) {
      if (!(error instanceof ApiException)) throw error;
      return refused(error.errorCode);
    }
  };
  const responses = asked.map(({ topic, topicId, partitions }) => ({
    topic,
    topicId,
    partitions: partitions.map(one),
  }));
  return { responses, bytes, hasError };
}

/** Of the batches in `records`. */
function aborted(log: PartitionLog, from: bigint, records: Buffer) {
  if (records.length === 0) return [];
  let to = from;
  for (const batch of recordBatches(records)) to = batch.nextOffset;
  return log.abortedTransactions(from, to).map(({ producerId, firstOffset }) => ({ producerId, firstOffset }));
}

const EMPTY = Buffer.alloc(0);

/** Whether a transaction has ended since; also when the disk does not let it be found out: the read that follows says so. */
function mayBeBehind(log: PartitionLog, stable: bigint): boolean {
  try {
    return log.lastStableOffset > stable;
  } catch (error) {
    if (error instanceof ApiException) return true;
    throw error;
  }
}

/**
 * Resolves when so many bytes have become visible (for a reader of committed records also when a transaction has
 * ended), when the time is over, a log ends or the client is gone.
 */
function moreBytes(
  logs: readonly PartitionLog[],
  needed: number,
  maxWaitMs: number,
  time: Time,
  signal: AbortSignal,
  isCommitted: boolean,
): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    let came = 0;
    const end = () => {
      timer.cancel();
      signal.removeEventListener('abort', end);
      for (const stop of stops) stop();
      resolve();
    };
    const timer = time.timer(maxWaitMs, end);
    signal.addEventListener('abort', end);
    const stops = logs.map((log) => {
      const stable = visibleEnd(log, isCommitted);
      const wasUndecided = stable < log.highWatermark;
      let known = log.visibleBytes;
      return log.onHighWatermark(() => {
        came += log.visibleBytes - known;
        known = log.visibleBytes;
        if ((wasUndecided && mayBeBehind(log, stable)) || came >= needed || log.isClosed) end();
      });
    });
  });
}
