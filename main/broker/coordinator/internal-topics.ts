/** What groups and their offsets are kept in. */
export const OFFSETS_TOPIC = '__consumer_offsets';
/** What transactional ids are kept in. */
export const TRANSACTIONS_TOPIC = '__transaction_state';

const CONFIGS: ReadonlyMap<string, string> = new Map([
  ['cleanup.policy', 'compact'],
  ['compression.type', 'producer'],
  // Kafka's own are 100 MiB: a segment is compacted when it is sealed, and everything is read at a start.
  ['segment.bytes', '4194304'],
]);

/** The broker's own topics, with what is set for them when they are made. */
export const INTERNAL_TOPICS: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  [OFFSETS_TOPIC, CONFIGS],
  [TRANSACTIONS_TOPIC, CONFIGS],
]);
