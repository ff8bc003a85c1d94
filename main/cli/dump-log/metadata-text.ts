import {
  configRecord,
  featureLevelRecord,
  partitionRecord,
  producerIdsRecord,
  removeTopicRecord,
  topicRecord,
} from '../../broker/metadata/metadata-records.ts';
import type { Record } from '../../protocol/records/records.ts';
import {
  array,
  bool,
  bytes,
  type Fields,
  float64,
  int8,
  int16,
  int32,
  int64,
  string,
  uint16,
  uuid,
} from '../../protocol/schema/fields.ts';
import { type Message, message } from '../../protocol/schema/message.ts';
import { Reader } from '../../protocol/schema/reader.ts';
import { messageJson } from './message-json.ts';

const endPoints = { name: string('0+'), host: string('0+'), port: uint16('0+'), securityProtocol: int16('0+') };
const features = { name: string('0+'), minSupportedVersion: int16('0+'), maxSupportedVersion: int16('0+') };
const nullable = { nullable: '0+', default: null } as const;

/**
 * Every record of a cluster's metadata, by its number (KIP-631); those that a sandbox writes are among them. Java:
 * `MetadataRecordType`.
 */
const KINDS: ReadonlyMap<number, readonly [name: string, Message]> = new Map(
  [
    kind(0, 'RegisterBroker', '0-4', {
      brokerId: int32('0+'),
      isMigratingZkBroker: bool('2+', { default: false }),
      incarnationId: uuid('0+'),
      brokerEpoch: int64('0+'),
      endPoints: array('0+', endPoints),
      features: array('0+', features),
      rack: string('0+', { nullable: '0+' }),
      fenced: bool('0+', { default: true }),
      inControlledShutdown: bool('1+', { default: false }),
      logDirs: array('3+', 'uuid', { tag: 0 }),
      cordonedLogDirs: array('4+', 'uuid', { nullable: '4+', default: null, tag: 1 }),
    }),
    kind(1, 'UnregisterBroker', '0', { brokerId: int32('0+'), brokerEpoch: int64('0+') }),
    kindOf(2, 'Topic', topicRecord),
    kindOf(3, 'Partition', partitionRecord),
    kindOf(4, 'Config', configRecord),
    kind(5, 'PartitionChange', '0-2', {
      partitionId: int32('0+', { default: -1 }),
      topicId: uuid('0+'),
      isr: array('0+', 'int32', { ...nullable, tag: 0 }),
      leader: int32('0+', { default: -2, tag: 1 }),
      replicas: array('0+', 'int32', { ...nullable, tag: 2 }),
      removingReplicas: array('0+', 'int32', { ...nullable, tag: 3 }),
      addingReplicas: array('0+', 'int32', { ...nullable, tag: 4 }),
      leaderRecoveryState: int8('0+', { default: -1, tag: 5 }),
      directories: array('1+', 'uuid', { ...nullable, tag: 8 }),
      eligibleLeaderReplicas: array('2+', 'int32', { ...nullable, tag: 6 }),
      lastKnownElr: array('2+', 'int32', { ...nullable, tag: 7 }),
    }),
    kind(7, 'FenceBroker', '0', { id: int32('0+'), epoch: int64('0+') }),
    kind(8, 'UnfenceBroker', '0', { id: int32('0+'), epoch: int64('0+') }),
    kindOf(9, 'RemoveTopic', removeTopicRecord),
    kind(10, 'DelegationToken', '0', {
      owner: string('0+'),
      requester: string('0+'),
      renewers: array('0+', 'string'),
      issueTimestamp: int64('0+'),
      maxTimestamp: int64('0+'),
      expirationTimestamp: int64('0+'),
      tokenId: string('0+'),
    }),
    kind(11, 'UserScramCredential', '0', {
      name: string('0+'),
      mechanism: int8('0+'),
      salt: bytes('0+'),
      storedKey: bytes('0+'),
      serverKey: bytes('0+'),
      iterations: int32('0+'),
    }),
    kindOf(12, 'FeatureLevel', featureLevelRecord),
    kind(14, 'ClientQuota', '0', {
      entity: array('0+', { entityType: string('0+'), entityName: string('0+', { nullable: '0+' }) }),
      key: string('0+'),
      value: float64('0+'),
      remove: bool('0+'),
    }),
    kindOf(15, 'ProducerIds', producerIdsRecord),
    kind(17, 'BrokerRegistrationChange', '0-3', {
      brokerId: int32('0+'),
      brokerEpoch: int64('0+'),
      fenced: int8('0+', { tag: 0 }),
      inControlledShutdown: int8('1+', { tag: 1 }),
      logDirs: array('2+', 'uuid', { tag: 2 }),
      cordonedLogDirs: array('3+', 'uuid', { nullable: '3+', default: null, tag: 3 }),
    }),
    kind(18, 'AccessControlEntry', '0', {
      id: uuid('0+'),
      resourceType: int8('0+'),
      resourceName: string('0+'),
      patternType: int8('0+'),
      principal: string('0+'),
      host: string('0+'),
      operation: int8('0+'),
      permissionType: int8('0+'),
    }),
    kind(19, 'RemoveAccessControlEntry', '0', { id: uuid('0+') }),
    kind(20, 'NoOp', '0', {}),
    kind(21, 'ZkMigrationState', '0', { zkMigrationState: int8('0+') }),
    kind(22, 'RemoveUserScramCredential', '0', { name: string('0+'), mechanism: int8('0+') }),
    kind(23, 'BeginTransaction', '0', { name: string('0+', { ...nullable, tag: 0 }) }),
    kind(24, 'EndTransaction', '0', {}),
    kind(25, 'AbortTransaction', '0', { reason: string('0+', { ...nullable, tag: 0 }) }),
    kind(26, 'RemoveDelegationToken', '0', { tokenId: string('0+') }),
    kind(27, 'RegisterController', '0', {
      controllerId: int32('0+'),
      incarnationId: uuid('0+'),
      zkMigrationReady: bool('0+'),
      endPoints: array('0+', endPoints),
      features: array('0+', features),
    }),
    kind(28, 'ClearElr', '0', { topicName: string('0+') }),
  ].map(({ number, name, schema }) => [number, [name, schema]]),
);

function kind(number: number, name: string, versions: string, fields: Fields) {
  return kindOf(number, name, message({ name: `${name}Record`, versions, flexible: '0+', fields }));
}

/** One that the sandbox writes too. */
function kindOf(number: number, name: string, schema: Message) {
  // REGISTER_BROKER_RECORD: as the enum of Java has it.
  return { number, name: `${name.replace(/(?<!^)[A-Z]/g, '_$&').toUpperCase()}_RECORD`, schema };
}

/** Java: `DumpLogSegments.ClusterMetadataLogMessageParser`. */
export function readMetadataTopic({ offset, value }: Record): { key: null; payload: string } {
  try {
    if (value === null) throw new Error('The record has no value');
    const reader = new Reader(value);
    reader.unsignedVarint(); // the version of the frame
    const number = reader.unsignedVarint();
    const version = reader.unsignedVarint();
    const known = KINDS.get(number);
    if (known === undefined) throw new Error(`Unknown metadata id ${number}`);
    const [name, schema] = known;
    const json = messageJson(schema, version, schema.read(version, reader));
    return { key: null, payload: `{"type":"${name}","version":${version},"data":${json}}` };
  } catch (error) {
    return { key: null, payload: `Error at ${offset}, skipping. ${(error as Error).message}` };
  }
}
