import { Errors } from '../../protocol/messages/index.ts';
import type { GroupMember, MemberIdentity } from './group-member.ts';

/** Who is in a classic group, by member id and, for static members, by instance id. */
export class GroupMembers {
  readonly #byId = new Map<string, GroupMember>();
  /** group.instance.id → member id */
  readonly #static = new Map<string, string>();

  get size(): number {
    return this.#byId.size;
  }

  get all(): readonly GroupMember[] {
    return [...this.#byId.values()];
  }

  get(memberId: string): GroupMember | undefined {
    return this.#byId.get(memberId);
  }

  has(memberId: string): boolean {
    return this.#byId.has(memberId);
  }

  /** The id under which a static member is in the group. */
  idOfInstance(groupInstanceId: string): string | undefined {
    return this.#static.get(groupInstanceId);
  }

  add(member: GroupMember): void {
    this.#byId.set(member.memberId, member);
    if (member.groupInstanceId !== null) this.#static.set(member.groupInstanceId, member.memberId);
  }

  remove(member: GroupMember): void {
    this.#byId.delete(member.memberId);
    if (member.groupInstanceId !== null && this.#static.get(member.groupInstanceId) === member.memberId) {
      this.#static.delete(member.groupInstanceId);
    }
  }

  clear(): void {
    this.#byId.clear();
    this.#static.clear();
  }

  /** Error code for one who says that it is this member. */
  refusal(memberId: string, groupInstanceId: string | null): number {
    if (groupInstanceId !== null) {
      const current = this.#static.get(groupInstanceId);
      if (current === undefined) return Errors.UNKNOWN_MEMBER_ID;
      if (current !== memberId) return Errors.FENCED_INSTANCE_ID;
    }
    return this.#byId.has(memberId) ? Errors.NONE : Errors.UNKNOWN_MEMBER_ID;
  }

  /** Whether one of the protocols is supported by all others (its former self, when it is static, does not count). */
  agreeWith({ protocols, groupInstanceId }: MemberIdentity): boolean {
    const others = this.all.filter(
      (member) => member.groupInstanceId === null || member.groupInstanceId !== groupInstanceId,
    );
    return protocols.some(({ name }) => others.every((member) => member.supports(name)));
  }

  /** The protocol that all support and most prefer. Java: `ClassicGroup.selectProtocol`. */
  vote(): string {
    const members = this.all;
    const candidates = (members[0] as GroupMember).protocols
      .map(({ name }) => name)
      .filter((name) => members.every((member) => member.supports(name)));
    const votes = new Map<string, number>();
    for (const member of members) {
      const choice = member.protocols.find(({ name }) => candidates.includes(name))?.name as string;
      votes.set(choice, (votes.get(choice) ?? 0) + 1);
    }
    return [...votes].sort((a, b) => b[1] - a[1])[0]?.[0] as string;
  }

  /** ms: as long as the slowest may take to come to a rebalance. */
  get rebalanceTimeoutMs(): number {
    return Math.max(...this.all.map((member) => member.rebalanceTimeoutMs));
  }
}
