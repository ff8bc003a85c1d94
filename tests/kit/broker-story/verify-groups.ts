import assert from 'node:assert/strict';
import { offsetFetch } from '../../../main/protocol/messages/index.ts';
import type { Requests } from '../in-process-broker.ts';
import { type BrokerEvent, COMMITTED_TOPIC, type EventOf, FIRST_PARTITIONS } from './events.ts';
import { type Knowledge, said } from './knowledge.ts';

type Commit = EventOf<'committing' | 'committed'>;

/** What members committed outside of transactions and were answered for: group, partition, the newest. */
export function leastOffsets(events: readonly BrokerEvent[]): [group: string, partition: number, offset: bigint][] {
  const least = new Map<string, [string, number, bigint]>();
  for (const event of events) {
    if (event.kind !== 'committed' || event.transaction !== undefined) continue;
    const { group, partition, offset } = event;
    const known = least.get(`${partition} ${group}`);
    if (!known || known[2] < offset) least.set(`${partition} ${group}`, [group, partition, offset]);
  }
  return [...least.values()];
}

/** Committed offsets do not go back, and no transaction holds one up. Returns how many were looked at. */
export async function verifyGroups(broker: Requests, known: Knowledge): Promise<number> {
  const commits = new Map<string, Commit[]>();
  for (const commit of known.of('committing', 'committed')) {
    commits.set(commit.group, [...(commits.get(commit.group) ?? []), commit]);
  }
  const outcomes = new Map(known.of('ending', 'ended').map((event) => [event.transaction, event]));
  const stands = ({ kind, transaction }: Commit) => {
    if (transaction === undefined) return kind === 'committed';
    const outcome = outcomes.get(transaction);
    return outcome?.kind === 'ended' && outcome.committed;
  };
  const mayStand = ({ transaction }: Commit) =>
    transaction === undefined || outcomes.get(transaction)?.committed === true;
  for (const [groupId, ofGroup] of commits) {
    const partitionIndexes = Array.from({ length: FIRST_PARTITIONS }, (_, partition) => partition);
    const answer = await broker.request(offsetFetch, 8, {
      groups: [{ groupId, topics: [{ name: COMMITTED_TOPIC, partitionIndexes }] }],
      requireStable: true,
    });
    for (const { partitionIndex, committedOffset, errorCode } of answer.groups[0]!.topics[0]!.partitions) {
      const at = `group ${groupId}, partition ${partitionIndex}`;
      assert.equal(errorCode, 0, said(`${at}: no transaction stays open`, errorCode, 0));
      const here = ofGroup.filter(({ partition }) => partition === partitionIndex);
      const least = here.filter(stands).reduce((most, { offset }) => (offset > most ? offset : most), -1n);
      assert.ok(committedOffset >= least, `${at}: ${committedOffset} is committed, not ${least}`);
      const isKnown = here.some((commit) => commit.offset === committedOffset && mayStand(commit));
      if (committedOffset >= 0n) assert.ok(isKnown, `${at}: nobody committed ${committedOffset}`);
    }
  }
  return commits.size * FIRST_PARTITIONS;
}
