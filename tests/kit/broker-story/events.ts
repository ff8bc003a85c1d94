/**
 * What clients of a broker did and learned, in order. What a broker owes after a crash follows from the events before it.
 * Values are unique texts, so that each record is known wherever it turns up.
 */
export type BrokerEvent =
  | { kind: 'creating' | 'created' | 'deleting' | 'deleted'; topic: string }
  | { kind: 'sent'; topic: string; partition: number; value: string; transaction?: string }
  | { kind: 'acked'; topic: string; partition: number; value: string; offset: bigint }
  /** A consumer was given it. */
  | { kind: 'seen'; topic: string; partition: number; value: string; offset: bigint }
  | { kind: 'ending' | 'ended'; transaction: string; committed: boolean }
  | { kind: 'committing' | 'committed'; group: string; offset: bigint; transaction?: string }
  /** Records before it may be gone. */
  | { kind: 'deleting records'; topic: string; partition: number; before: bigint };

/** How topics are made, by the beginning of their name. */
export const TOPIC_KINDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  plain: { 'retention.ms': '-1' },
  compacted: { 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0.01', 'delete.retention.ms': '0' },
  relaxed: { 'flush.messages': '1000' },
  brief: {},
};

export const kindOf = (topic: string) => topic.split('-')[0] as string;

/** Of a compacted topic: values are `key:rest`. */
export const keyOf = (value: string) => value.split(':')[0] as string;
