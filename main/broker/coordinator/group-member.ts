import type { Timer } from '../../../common/time.ts';
import type { JoinGroupResponseInput, SyncGroupResponseInput } from '../../protocol/messages/index.ts';

export interface MemberProtocol {
  name: string;
  metadata: Buffer;
}

/** What a client says of itself when it joins. */
export interface MemberIdentity {
  clientId: string;
  clientHost: string;
  groupInstanceId: string | null;
  sessionTimeoutMs: number;
  rebalanceTimeoutMs: number;
  protocols: readonly MemberProtocol[];
}

/** A member of a classic group. Its two waits hold the answer to a request that is still open. */
export class GroupMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  clientId: string;
  clientHost: string;
  sessionTimeoutMs: number;
  rebalanceTimeoutMs: number;
  protocols: readonly MemberProtocol[];
  assignment: Buffer = Buffer.alloc(0);
  awaitingJoin: ((response: JoinGroupResponseInput) => void) | null = null;
  awaitingSync: ((response: SyncGroupResponseInput) => void) | null = null;
  session: Timer | null = null;

  constructor(memberId: string, identity: MemberIdentity) {
    this.memberId = memberId;
    this.groupInstanceId = identity.groupInstanceId;
    this.clientId = identity.clientId;
    this.clientHost = identity.clientHost;
    this.sessionTimeoutMs = identity.sessionTimeoutMs;
    this.rebalanceTimeoutMs = identity.rebalanceTimeoutMs;
    this.protocols = identity.protocols;
  }

  update(identity: MemberIdentity): void {
    this.clientId = identity.clientId;
    this.clientHost = identity.clientHost;
    this.sessionTimeoutMs = identity.sessionTimeoutMs;
    this.rebalanceTimeoutMs = identity.rebalanceTimeoutMs;
    this.protocols = identity.protocols;
  }

  metadata(protocol: string | null): Buffer {
    return this.protocols.find((candidate) => candidate.name === protocol)?.metadata ?? Buffer.alloc(0);
  }

  supports(protocol: string): boolean {
    return this.protocols.some((candidate) => candidate.name === protocol);
  }

  hasProtocols(others: readonly MemberProtocol[]): boolean {
    return (
      this.protocols.length === others.length &&
      this.protocols.every((own, i) => own.name === others[i]?.name && own.metadata.equals(others[i].metadata))
    );
  }
}
