import {
  groupMetadataKey,
  groupMetadataValue,
  offsetCommitKey,
  offsetCommitValue,
} from '../../protocol/records/coordinator-records.ts';
import type { CoordinatorRecord } from './coordinator-topic.ts';

export interface CommittedOffset {
  offset: bigint;
  leaderEpoch: number;
  metadata: string;
  /** ms since 1970 UTC */
  commitTimestamp: bigint;
}

/** What of a group outlives a restart: its last generation and assignment. */
export interface StoredGroup {
  protocolType: string;
  generation: number;
  protocol: string | null;
  leader: string | null;
  currentStateTimestamp: bigint;
  members: {
    memberId: string;
    groupInstanceId: string | null;
    clientId: string;
    clientHost: string;
    rebalanceTimeout: number;
    sessionTimeout: number;
    subscription: Buffer;
    assignment: Buffer;
  }[];
}

export type ReplayedRecord =
  | { kind: 'offset'; group: string; topic: string; partition: number; committed: CommittedOffset | null }
  | { kind: 'group'; group: string; stored: StoredGroup | null };

const OFFSET_KEY_VERSION = 1;
const OFFSET_VALUE_VERSION = 3;
const GROUP_KEY_VERSION = 2;
const GROUP_VALUE_VERSION = 3;

export function offsetRecord(
  group: string,
  topic: string,
  partition: number,
  committed: CommittedOffset | null,
): CoordinatorRecord {
  return {
    key: offsetCommitKey.encodeVersioned(OFFSET_KEY_VERSION, { group, topic, partition }),
    value: committed && offsetCommitValue.encodeVersioned(OFFSET_VALUE_VERSION, committed),
  };
}

export function groupRecord(group: string, stored: StoredGroup | null): CoordinatorRecord {
  return {
    key: groupMetadataKey.encodeVersioned(GROUP_KEY_VERSION, { group }),
    value: stored && groupMetadataValue.encodeVersioned(GROUP_VALUE_VERSION, stored),
  };
}

/** undefined for a kind of record that this broker does not keep (KIP-848 groups, written by a later version). */
export function readOffsetsRecord(key: Buffer, value: Buffer | null): ReplayedRecord | undefined {
  const kind = key.length >= 2 ? key.readInt16BE(0) : -1;
  if (kind === 0 || kind === OFFSET_KEY_VERSION) {
    const { group, topic, partition } = offsetCommitKey.decodeVersioned(key).value;
    const committed = value && offsetCommitValue.decodeVersioned(value).value;
    return { kind: 'offset', group, topic, partition, committed };
  }
  if (kind === GROUP_KEY_VERSION) {
    const { group } = groupMetadataKey.decodeVersioned(key).value;
    // Slices of a log's read buffer would keep the whole buffer alive: members copy what they keep.
    const stored = value && groupMetadataValue.decodeVersioned(Buffer.from(value)).value;
    return { kind: 'group', group, stored };
  }
  return undefined;
}
