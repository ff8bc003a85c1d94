import { array, bytes, int8, int16, int32, int64, string, uuid } from '../schema/fields.ts';
import { message } from '../schema/message.ts';

/**
 * Records of `__consumer_offsets` and `__transaction_state`, as Kafka stores them. Keys and values begin with an
 * int16 (`encodeVersioned`, `decodeVersioned`): a value's version, and a key's number, which says what the record
 * is. Kafka 4 calls it the record type (`CoordinatorRecordType`); it began as the version of one key, and with 0 and
 * 1 both for offset commits that is how it is declared here. A null value deletes.
 */
/** Keys 0 and 1; 1 is written. */
export const offsetCommitKey = message({
  name: 'OffsetCommitKey',
  versions: '0-1',
  flexible: 'none',
  fields: { group: string('0+'), topic: string('0+'), partition: int32('0+') },
});

/** 1: expiry; 2: no expiry; 3: leader epoch (KIP-320); 4: flexible, topic id (KIP-848) */
export const offsetCommitValue = message({
  name: 'OffsetCommitValue',
  versions: '0-4',
  flexible: '4+',
  fields: {
    offset: int64('0+'),
    leaderEpoch: int32('3+', { default: -1 }),
    metadata: string('0+'),
    commitTimestamp: int64('0+'),
    expireTimestamp: int64('1', { default: -1n }),
    topicId: uuid('4+', { tag: 0 }),
  },
});

/** Key 2: a group of the classic protocol. */
export const groupMetadataKey = message({
  name: 'GroupMetadataKey',
  versions: '2',
  flexible: 'none',
  fields: { group: string('0+') },
});

/** 1: rebalance time-out; 2: time of the last change; 3: static members; 4: flexible */
export const groupMetadataValue = message({
  name: 'GroupMetadataValue',
  versions: '0-4',
  flexible: '4+',
  fields: {
    protocolType: string('0+'),
    generation: int32('0+'),
    protocol: string('0+', { nullable: '0+' }),
    leader: string('0+', { nullable: '0+' }),
    currentStateTimestamp: int64('2+', { default: -1n }),
    members: array('0+', {
      memberId: string('0+'),
      groupInstanceId: string('3+', { nullable: '0+', default: null }),
      clientId: string('0+'),
      clientHost: string('0+'),
      rebalanceTimeout: int32('1+', { default: -1 }),
      sessionTimeout: int32('0+'),
      subscription: bytes('0+'),
      assignment: bytes('0+'),
    }),
  },
});

export const transactionLogKey = message({
  name: 'TransactionLogKey',
  versions: '0',
  flexible: 'none',
  fields: { transactionalId: string('0+') },
});

/** 1: flexible, with the ids around a change of producer id (KIP-890) */
export const transactionLogValue = message({
  name: 'TransactionLogValue',
  versions: '0-1',
  flexible: '1+',
  fields: {
    producerId: int64('0+'),
    previousProducerId: int64('1+', { default: -1n, tag: 0 }),
    nextProducerId: int64('1+', { default: -1n, tag: 1 }),
    producerEpoch: int16('0+'),
    nextProducerEpoch: int16('1+', { default: -1, tag: 3 }),
    transactionTimeoutMs: int32('0+'),
    /** 0 Empty, 1 Ongoing, 2 PrepareCommit, 3 PrepareAbort, 4 CompleteCommit, 5 CompleteAbort, 6 Dead, 7 PrepareEpochFence */
    transactionStatus: int8('0+'),
    transactionPartitions: array('0+', { topic: string('0+'), partitionIds: array('0+', 'int32') }, { nullable: '0+' }),
    transactionLastUpdateTimestampMs: int64('0+'),
    transactionStartTimestampMs: int64('0+'),
    clientTransactionVersion: int16('1+', { default: 0, tag: 2 }),
  },
});
