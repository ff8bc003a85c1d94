/** What the window shows of topics. */

export interface TopicSummary {
  name: string;
  internal: boolean;
  partitions: number;
  /** End offsets minus beginning offsets, over all partitions: an upper bound once a topic is compacted. */
  records: bigint;
  /** Growth of the end offsets a second, over the last five seconds. */
  recordsPerSecond: number;
}

export interface TopicPartitionDetail {
  partition: number;
  leader: number;
  replicas: number[];
  isr: number[];
  beginningOffset: bigint;
  endOffset: bigint;
}

export interface TopicConfigEntry {
  name: string;
  /** null for a sensitive one */
  value: string | null;
  isDefault: boolean;
  readOnly: boolean;
}

export interface TopicDetail {
  name: string;
  topicId: string;
  internal: boolean;
  partitions: TopicPartitionDetail[];
  configs: TopicConfigEntry[];
}
