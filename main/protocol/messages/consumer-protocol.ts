import { array, bytes, int32, string } from '../schema/fields.ts';
import { message } from '../schema/message.ts';

/**
 * What consumers put into the opaque bytes of JoinGroup and SyncGroup (protocol type `consumer`). Both carry their
 * version in front: `encodeVersioned`, `decodeVersioned`. Other protocol types (`connect`) have bytes of their own.
 */
const topicPartitions = { topic: string('0+'), partitions: array('0+', 'int32') };

/** A member's metadata in JoinGroup. 1: owned partitions (KIP-429), 2: generation (KIP-792), 3: rack (KIP-881) */
export const consumerProtocolSubscription = message({
  name: 'ConsumerProtocolSubscription',
  versions: '0-3',
  flexible: 'none',
  fields: {
    topics: array('0+', 'string'),
    userData: bytes('0+', { nullable: '0+', default: null }),
    ownedPartitions: array('1+', topicPartitions),
    generationId: int32('2+', { default: -1 }),
    rackId: string('3+', { nullable: '0+', default: null }),
  },
});

/** A member's part in SyncGroup. All versions are the same. */
export const consumerProtocolAssignment = message({
  name: 'ConsumerProtocolAssignment',
  versions: '0-3',
  flexible: 'none',
  fields: {
    assignedPartitions: array('0+', topicPartitions),
    userData: bytes('0+', { nullable: '0+', default: null }),
  },
});
