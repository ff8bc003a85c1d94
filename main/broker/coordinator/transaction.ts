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

/**
 * What is known of a transactional id; a change makes a new one, which takes the place of the old when it is durable.
 * Java: `TransactionMetadata`.
 */
export interface Transaction {
  readonly transactionalId: string;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** The epoch before the last bump that a client asked for: that request may come again (KIP-360). -1: none. */
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

export function hasPartition(transaction: Transaction, topic: string, partition: number): boolean {
  return transaction.partitions.get(topic)?.has(partition) ?? false;
}

/** With the partitions in it; it is Ongoing from now on if it was not. */
export function withPartitions(
  transaction: Transaction,
  added: readonly { topic: string; partition: number }[],
  nowMs: bigint,
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
    partitions,
    startMs: isOngoing ? transaction.startMs : nowMs,
    lastUpdateMs: nowMs,
  };
}
