import { coordinatorEpochOf } from '../../protocol/records/control-records.ts';
import { array, int16, int32, int64, string, struct, uint16, uuid } from '../../protocol/schema/fields.ts';
import { type Message, message } from '../../protocol/schema/message.ts';
import { messageJson } from './message-json.ts';

/** Control records that KRaft's quorum writes into its log; each begins with its own version. */
const voters = { voterId: int32('0+'), voterDirectoryId: uuid('1+') };
const leaderChange = message({
  name: 'LeaderChangeMessage',
  versions: '0-1',
  flexible: '0+',
  fields: {
    version: int16('0+'),
    leaderId: int32('0+'),
    voters: array('0+', voters),
    grantingVoters: array('0+', voters),
  },
});
const snapshotHeader = message({
  name: 'SnapshotHeaderRecord',
  versions: '0',
  flexible: '0+',
  fields: { version: int16('0+'), lastContainedLogTimestamp: int64('0+') },
});
const snapshotFooter = message({
  name: 'SnapshotFooterRecord',
  versions: '0',
  flexible: '0+',
  fields: { version: int16('0+') },
});
const kraftVersion = message({
  name: 'KRaftVersionRecord',
  versions: '0',
  flexible: '0+',
  fields: { version: int16('0+'), kRaftVersion: int16('0+') },
});
const votersRecord = message({
  name: 'VotersRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    version: int16('0+'),
    voters: array('0+', {
      voterId: int32('0+'),
      voterDirectoryId: uuid('0+'),
      endpoints: array('0+', { name: string('0+'), host: string('0+'), port: uint16('0+') }),
      kRaftVersionFeature: struct('0+', { minSupportedVersion: int16('0+'), maxSupportedVersion: int16('0+') }),
    }),
  },
});

/** By the type in the key: the word in front of the JSON, and how it is read. */
const QUORUM: ReadonlyMap<number, readonly [string, Message]> = new Map<number, readonly [string, Message]>([
  [2, [' LeaderChange: ', leaderChange]],
  [3, [' SnapshotHeader ', snapshotHeader]],
  [4, [' SnapshotFooter ', snapshotFooter]],
  [5, [' KRaftVersion ', kraftVersion]],
  [6, [' KRaftVoters ', votersRecord]],
]);

/** What a control record says. Java: `DumpLogSegments.printControlRecord`. */
export function controlText(key: Buffer | null, value: Buffer | null): string {
  const type = key && key.length >= 4 ? key.readInt16BE(2) : -1;
  if (type === 0 || type === 1) {
    return ` endTxnMarker: ${type === 1 ? 'COMMIT' : 'ABORT'} coordinatorEpoch: ${coordinatorEpochOf(value)}`;
  }
  const known = QUORUM.get(type);
  if (known === undefined || value === null) return ` controlType: UNKNOWN(${type})`;
  const [word, schema] = known;
  const version = value.readInt16BE(0);
  return `${word}${messageJson(schema, version, schema.decode(version, value))}`;
}
