/**
 * What a Kafka client may be able to do. A program per client tries each of these on a broker and says how it went;
 * docs/kafka-compatibility.md has the same list as its table.
 */
export const ABILITIES = {
  plain: 'produces and consumes',
  gzip: 'gzip',
  snappy: 'snappy',
  lz4: 'lz4',
  zstd: 'zstd',
  headers: 'keys, headers, timestamps, tombstones and empty values',
  large: 'records of nearly a megabyte; larger ones are refused',
  seek: 'reads from an offset, from a time and from the end',
  group: 'two members share partitions; one leaves, the other takes over',
  committed: 'committed offsets go on with the next member',
  static: 'a static member comes back to its partitions, without a rebalance',
  'consumer-group': 'two members share partitions; one leaves, the other takes over',
  'consumer-committed': 'committed offsets go on with the next member',
  'consumer-static': 'a static member comes back to its partitions, without a rebalance',
  topics: 'topics: create, describe, list, add partitions, delete',
  configs: 'configurations of a topic: describe, alter',
  offsets: 'offsets of a partition: earliest, latest, of a time',
  'delete-records': 'deletes records before an offset',
  groups: 'groups: list, describe, offsets, delete',
  idempotent: 'idempotent production',
  transactions: 'transactions: committed ones are read, aborted ones are not',
  fencing: 'an earlier producer of the same transactional id is fenced',
  'transaction-offsets': 'offsets of a group within the transaction',
  'restart-produce': 'an idempotent producer goes on: nothing is lost, nothing is there twice',
  'restart-transaction': 'a transaction begun before goes on, to its commit or abort',
  'restart-consume': 'a member of a classic group goes on: nothing is skipped, nothing that is committed comes again',
  'restart-consumer-consume':
    'a member of a group of KIP-848 goes on: nothing is skipped, nothing that is committed comes again',
} as const;

export type Ability = keyof typeof ABILITIES;

/** The abilities in the order of the table. */
export const AREAS: readonly (readonly [string, readonly Ability[]])[] = [
  ['Records', ['plain', 'gzip', 'snappy', 'lz4', 'zstd', 'headers', 'large', 'seek']],
  ['Groups, classic protocol', ['group', 'committed', 'static']],
  ['Groups, group.protocol=consumer (KIP-848)', ['consumer-group', 'consumer-committed', 'consumer-static']],
  ['Administration', ['topics', 'configs', 'offsets', 'delete-records', 'groups']],
  ['Producers', ['idempotent', 'transactions', 'fencing', 'transaction-offsets']],
  [
    'The broker is stopped, and once killed, and started again in the middle',
    ['restart-produce', 'restart-transaction', 'restart-consume', 'restart-consumer-consume'],
  ],
];
