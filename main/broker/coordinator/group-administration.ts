import { Errors } from '../../protocol/messages/index.ts';
import type { ClassicGroup } from './classic-group.ts';
import { ConsumerGroup } from './consumer-group.ts';
import type { GroupLog } from './group-log.ts';
import type { GroupOffsets } from './group-offsets.ts';
import type { Groups } from './groups.ts';

/** What an administrator asks of groups, and does to them and their offsets; some groups have offsets alone. */
export class GroupAdministration {
  readonly #groups: Groups;
  readonly #offsets: GroupOffsets;
  readonly #log: GroupLog;

  constructor(groups: Groups, offsets: GroupOffsets, log: GroupLog) {
    this.#groups = groups;
    this.#offsets = offsets;
    this.#log = log;
  }

  list(): { groupId: string; type: 'classic' | 'consumer'; protocolType: string; state: string }[] {
    return [...new Set([...this.#groups.ids(), ...this.#offsets.committed.groups()])].map((groupId) => {
      const group = this.#groups.get(groupId);
      if (group instanceof ConsumerGroup) {
        return { groupId, type: 'consumer', protocolType: 'consumer', state: group.state };
      }
      return { groupId, type: 'classic', protocolType: group?.protocolType ?? '', state: group?.state ?? 'Empty' };
    });
  }

  /** undefined for a group that is not there or of the new protocol; one that has offsets alone is Empty. */
  describe(groupId: string): ClassicGroup | undefined {
    if (this.#groups.get(groupId) || !this.#offsets.committed.has(groupId)) return this.#groups.classic(groupId);
    return this.#groups.newClassic(groupId);
  }

  /** Error code. */
  async delete(groupId: string): Promise<number> {
    const group = this.#groups.get(groupId);
    if (!group && !this.#offsets.committed.has(groupId)) return Errors.GROUP_ID_NOT_FOUND;
    if (group && !(group instanceof ConsumerGroup ? group.isEmpty : group.idle)) return Errors.NON_EMPTY_GROUP;
    const tombstones = this.#groups.delete(groupId);
    const ofOffsets = this.#offsets.forget(groupId, this.#offsets.committed.of(groupId));
    const written = await Promise.all([
      this.#log.write(groupId, tombstones),
      ofOffsets.length === 0 || this.#log.append(groupId, ofOffsets),
    ]);
    return written.every(Boolean) ? Errors.NONE : Errors.COORDINATOR_NOT_AVAILABLE;
  }

  /** Error code for each, or one for all. Offsets of topics that members are subscribed to stay. */
  async deleteOffsets(
    groupId: string,
    partitions: readonly { topic: string; partition: number }[],
  ): Promise<number | number[]> {
    if (groupId === '') return Errors.INVALID_GROUP_ID;
    const group = this.#groups.get(groupId);
    if (!group && !this.#offsets.committed.has(groupId)) return Errors.GROUP_ID_NOT_FOUND;
    const isClassic = group !== undefined && !(group instanceof ConsumerGroup);
    if (isClassic && !group.idle && group.protocolType !== 'consumer') return Errors.NON_EMPTY_GROUP;
    const read = group ? group.subscribedTopics() : new Set<string>();
    const codes = partitions.map(({ topic }) =>
      read === 'unreadable' || read.has(topic) ? Errors.GROUP_SUBSCRIBED_TO_TOPIC : Errors.NONE,
    );
    const records = this.#offsets.forget(
      groupId,
      partitions.filter((_, i) => codes[i] === Errors.NONE),
    );
    if (records.length > 0 && !(await this.#log.append(groupId, records))) return Errors.COORDINATOR_NOT_AVAILABLE;
    return codes;
  }
}
