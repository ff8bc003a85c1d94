/** By the number under which `__transaction_state` has them. Java: `TransactionState`. */
export const TRANSACTION_STATES = [
  'Empty',
  'Ongoing',
  'PrepareCommit',
  'PrepareAbort',
  'CompleteCommit',
  'CompleteAbort',
  'Dead',
  'PrepareEpochFence',
] as const;

export type TransactionState = (typeof TRANSACTION_STATES)[number];

/** Versions 0 and 1 are the same for a producer. */
export type TransactionVersion = 0 | 2;

/**
 * What is known of a transactional id; a change makes a new one, which takes the place of the old when it is durable.
 * Java: `TransactionMetadata`.
 */
export interface Transaction {
  readonly transactionalId: string;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** The id before this one, whose epochs are used up; -1: none. */
  readonly previousProducerId: bigint;
  /** While a transaction ends: the id that takes the place of this one, whose epochs are used up; -1: none. */
  readonly nextProducerId: bigint;
  /** Of the producer, as its last request showed: in 2 every end of a transaction bumps the epoch (KIP-890). */
  readonly clientVersion: TransactionVersion;
  /** The epoch before the last bump, whose answer may be lost: its producer may come again with it. -1: none. */
  readonly lastProducerEpoch: number;
  readonly timeoutMs: number;
  readonly state: TransactionState;
  /** Partitions by topic that the open (or ending) transaction has written to. */
  readonly partitions: ReadonlyMap<string, ReadonlySet<number>>;
  /** ms since 1970 UTC; -1: no transaction has begun */
  readonly startMs: bigint;
  /** ms since 1970 UTC */
  readonly lastUpdateMs: bigint;
}

/** One before the largest: the last is for fencing the producer that has it. */
export const LAST_EPOCH = 0x7fff - 1;

/** Its outcome stands, its partitions don't all know. */
export function isEnding({ state }: Transaction): boolean {
  return state === 'PrepareCommit' || state === 'PrepareAbort' || state === 'PrepareEpochFence';
}

export function hasPartition(transaction: Transaction, topic: string, partition: number): boolean {
  return transaction.partitions.get(topic)?.has(partition) ?? false;
}

/** With the partitions in it; it is Ongoing from now on if it was not. */
export function withPartitions(
  transaction: Transaction,
  added: readonly { topic: string; partition: number }[],
  nowMs: bigint,
  clientVersion: TransactionVersion,
): Transaction {
  const isOngoing = transaction.state === 'Ongoing';
  const partitions = new Map<string, Set<number>>();
  if (isOngoing) for (const [topic, numbers] of transaction.partitions) partitions.set(topic, new Set(numbers));
  for (const { topic, partition } of added) {
    const numbers = partitions.get(topic);
    if (numbers) numbers.add(partition);
    else partitions.set(topic, new Set([partition]));
  }
  return {
    ...transaction,
    state: 'Ongoing',
    clientVersion,
    partitions,
    startMs: isOngoing ? transaction.startMs : nowMs,
    lastUpdateMs: nowMs,
  };
}
