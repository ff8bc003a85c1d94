import {
  consumerProtocolAssignment,
  consumerProtocolSubscription,
} from '../../../main/protocol/messages/consumer-protocol.ts';
import { Errors } from '../../../main/protocol/messages/index.ts';
import { type Asking, anotherConnection, beatAs, type join, joinWhole, leave, sync } from './group-requests.ts';
import type { PlayedBroker } from './played-broker.ts';

type JoinOver = Parameters<typeof join>[2];
type SyncOver = Parameters<typeof sync>[3];

/** A consumer that speaks the classic protocol, whatever the group speaks; on a connection of its own. */
export class ClassicConsumer {
  memberId = '';
  generationId = -1;
  readonly instance: string | null;
  /** Of the subscription's metadata. */
  version = 3;
  topics: readonly string[];
  /** What it says that it has: an eager one has given everything back when it joins. */
  owned: readonly { topic: string; partitions: number[] }[] = [];
  readonly #asking: Asking;
  readonly #group: string;

  private constructor(asking: Asking, group: string, topics: readonly string[], instance: string | null) {
    this.#asking = asking;
    this.#group = group;
    this.topics = topics;
    this.instance = instance;
  }

  /** It has not joined yet. */
  static async of(broker: PlayedBroker, group: string, topic: string, instance: string | null = null) {
    return new ClassicConsumer(await anotherConnection(broker), group, [topic], instance);
  }

  get metadata(): Buffer {
    const ownedPartitions = this.version >= 1 ? [...this.owned] : [];
    return consumerProtocolSubscription.encodeVersioned(this.version, {
      topics: [...this.topics],
      userData: null,
      ownedPartitions,
    });
  }

  /** With a member id that it is told to take it joins once more. */
  async join(over: JoinOver = {}) {
    const answer = await joinWhole(this.#asking, this.#group, {
      memberId: this.memberId,
      groupInstanceId: this.instance,
      protocols: [{ name: 'range', metadata: this.metadata }],
      ...over,
    });
    if (answer.errorCode === Errors.NONE) {
      this.memberId = answer.memberId;
      this.generationId = answer.generationId;
    }
    return answer;
  }

  sync(over: SyncOver = {}) {
    return sync(this.#asking, this.#group, this, over);
  }

  /** Its part, or the error code. */
  async part(over: SyncOver = {}) {
    const { errorCode, assignment } = await this.sync(over);
    if (errorCode !== Errors.NONE) return errorCode;
    const { version, value } = consumerProtocolAssignment.decodeVersioned(assignment);
    return { version, ...value };
  }

  /** Error code. */
  async beat(version = 4): Promise<number> {
    return (await beatAs(this.#asking, this.#group, this, version)).errorCode;
  }

  /** Resolves when it is to join again. */
  async told(broker: PlayedBroker): Promise<void> {
    await broker.until(
      () => this.beat(),
      (code) => code === Errors.REBALANCE_IN_PROGRESS,
    );
  }

  leave(version = 5) {
    return leave(this.#asking, this.#group, [{ memberId: this.memberId, groupInstanceId: this.instance }], version);
  }
}

/** What a leader writes for one of its members. */
export function assignmentOf(topic: string, partitions: readonly number[], userData: Buffer | null = null): Buffer {
  const assignedPartitions = [{ topic, partitions: [...partitions] }];
  return consumerProtocolAssignment.encodeVersioned(1, { assignedPartitions, userData });
}

/** A stable classic group of so many consumers, each of which has the partition of its number. */
export async function classicGroup(
  broker: PlayedBroker,
  group: string,
  topic: string,
  count: number,
  over: { userData?: Buffer; assignment?: Buffer; instance?: string } = {},
): Promise<ClassicConsumer[]> {
  const consumers: ClassicConsumer[] = [];
  for (let i = 0; i < count; i++) {
    const consumer = await ClassicConsumer.of(broker, group, topic, i === 0 ? (over.instance ?? null) : null);
    const joining = consumer.join();
    for (const other of consumers) await other.told(broker);
    const answers = await Promise.all([joining, ...consumers.map((other) => other.join())]);
    consumers.push(consumer);
    for (const { errorCode } of answers) if (errorCode !== 0) throw new Error(`A member could not join: ${errorCode}`);
  }
  const assignments = consumers.map(({ memberId }, i) => ({
    memberId,
    assignment: over.assignment ?? assignmentOf(topic, [i], over.userData),
  }));
  // Only what the leader hands out counts.
  for (const { errorCode } of await Promise.all(consumers.map((consumer) => consumer.sync({ assignments })))) {
    if (errorCode !== 0) throw new Error(`A part was refused: ${errorCode}`);
  }
  return consumers;
}
