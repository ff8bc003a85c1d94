import type { ConsumerGroupMember } from './consumer-group-member.ts';

/** Who is in a consumer group, by member id and, for static members, by instance id. */
export class ConsumerGroupMembers {
  readonly #byId = new Map<string, ConsumerGroupMember>();
  /** group.instance.id → member id */
  readonly #static = new Map<string, string>();

  get size(): number {
    return this.#byId.size;
  }

  get all(): readonly ConsumerGroupMember[] {
    return [...this.#byId.values()];
  }

  get(memberId: string): ConsumerGroupMember | undefined {
    return this.#byId.get(memberId);
  }

  has(memberId: string): boolean {
    return this.#byId.has(memberId);
  }

  ofInstance(instanceId: string): ConsumerGroupMember | undefined {
    const memberId = this.#static.get(instanceId);
    return memberId === undefined ? undefined : this.#byId.get(memberId);
  }

  set(member: ConsumerGroupMember): void {
    this.#byId.set(member.memberId, member);
    if (member.instanceId !== null) this.#static.set(member.instanceId, member.memberId);
  }

  delete(memberId: string): void {
    const instanceId = this.#byId.get(memberId)?.instanceId ?? null;
    this.#byId.delete(memberId);
    if (instanceId !== null && this.#static.get(instanceId) === memberId) this.#static.delete(instanceId);
  }

  /** Whether those who speak the classic protocol all support one of these of its protocols. */
  agreeOn(protocols: readonly string[]): boolean {
    const spoken = this.all.flatMap(({ classic }) => (classic ? [classic.protocols] : []));
    return protocols.some((name) => spoken.every((each) => each.some((protocol) => protocol.name === name)));
  }
}
