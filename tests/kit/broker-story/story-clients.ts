import type { Requests } from '../in-process-broker.ts';
import type { Choices } from '../seeded-random.ts';
import type { BrokerEvent } from './events.ts';

/** A broker of this process with a clock of its own, or one behind a socket. */
export interface StoryBroker extends Requests {
  /** Another connection: an answer that waits holds up what was asked on its own one. Absent where there are none. */
  another?(): Requests;
  /** Wall clock, ms. */
  now(): number;
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
}

/** What the clients of one story share. */
export interface StoryClients {
  readonly broker: StoryBroker;
  readonly choices: Choices;
  readonly events: BrokerEvent[];
  /** A text that no other record has. */
  text(prefix: string): string;
  /** The next offset that a group commits in a partition: they grow. */
  nextCommit(group: string, partition: number): bigint;
}

/** Members of one group that commit offsets of `plain-0` together. */
export interface StoryMembers {
  act(): Promise<void>;
  /** Those who were told that they are members still are. Throws where the broker does not know one any more. */
  checkAfterKill(): Promise<void>;
}
