/**
 * What clients of a broker did and learned, in order. What a broker owes after a crash follows from the events before it.
 * A record is known by its text, which is unique, wherever it turns up; its value is longer (`paddedValue`).
 */
export type BrokerEvent =
  | { kind: 'creating' | 'created' | 'deleting' | 'deleted'; topic: string }
  /** Up to so many in all. */
  | { kind: 'adding partitions' | 'added partitions'; topic: string; count: number }
  /** Null: back to the default. */
  | { kind: 'configuring' | 'configured'; topic: string; name: string; value: string | null }
  | { kind: 'sent'; topic: string; partition: number; text: string; transaction?: string }
  | { kind: 'acked'; topic: string; partition: number; text: string; offset: bigint }
  /** A consumer was given it. */
  | { kind: 'seen'; topic: string; partition: number; text: string; offset: bigint }
  | { kind: 'ending' | 'ended'; transaction: string; committed: boolean }
  /** Of a partition of `plain-0`. */
  | { kind: 'committing' | 'committed'; group: string; partition: number; offset: bigint; transaction?: string }
  /** Records before it may be gone. */
  | { kind: 'deleting records'; topic: string; partition: number; before: bigint };

export type EventKind = BrokerEvent['kind'];
export type EventOf<K extends EventKind> = Extract<BrokerEvent, { kind: K }>;

/** How topics are made, by the beginning of their name. */
export const TOPIC_KINDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  plain: { 'retention.ms': '-1' },
  compacted: { 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0.01', 'delete.retention.ms': '0' },
  relaxed: { 'flush.messages': '1000', 'retention.bytes': '8388608' },
  brief: {},
};

/** Partitions of a topic that was just made. */
export const FIRST_PARTITIONS = 2;

/** Settings that are changed. Both say nothing of what becomes of records within the time of a story. */
export const CHANGED_SETTINGS = ['segment.ms', 'file.delete.delay.ms'] as const;

/** Whose offsets are committed. */
export const COMMITTED_TOPIC = 'plain-0';

export const kindOf = (topic: string) => topic.split('-')[0] as string;

/** Of a compacted topic: texts are `key:rest`. */
export const keyOf = (text: string) => text.split(':')[0] as string;

export const paddedValue = (text: string, padding: number) => `${text}|${'x'.repeat(padding)}`;

/** Undefined for a value that was never made. A copy: a slice would keep the whole value in memory. */
export function textOf(value: string): string | undefined {
  const end = value.indexOf('|');
  return /\|x*$/.test(value) ? Buffer.from(value.slice(0, end)).toString() : undefined;
}
