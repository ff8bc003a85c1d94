import {
  createPartitions,
  createTopics,
  deleteTopics,
  Errors,
  incrementalAlterConfigs,
} from '../../../main/protocol/messages/index.ts';
import { type BrokerEvent, CHANGED_SETTINGS, FIRST_PARTITIONS, kindOf, TOPIC_KINDS } from './events.ts';
import type { StoryClients } from './story-clients.ts';

const NAMES = Array.from({ length: 12 }, (_, i) => `brief-${i}`);
const LIFE = new Set<string>(['creating', 'created', 'deleting', 'deleted']);
const MOST_PARTITIONS = 5;
const TOPIC = 2;
const SET = 0;
const DELETE = 1;

/** What its maker knows of a topic; `unsure` when an answer did not come or told of an error. */
interface Brief {
  state: 'gone' | 'there' | 'unsure';
  partitions: number;
  isBusy: boolean;
}

/** Topics that are made, grown, deleted and made again under the same names, and settings of all that change. */
export class ChangingTopics {
  readonly #clients: StoryClients;
  readonly #send: (topic: string, partition: number) => Promise<unknown>;
  readonly #lasting: readonly string[];
  readonly #brief = new Map<string, Brief>(
    NAMES.map((name) => [name, { state: 'gone', partitions: 0, isBusy: false }]),
  );
  #settings = 0;

  /** `send` writes a record; `lasting` topics are never deleted. */
  constructor(
    clients: StoryClients,
    lasting: readonly string[],
    send: (topic: string, partition: number) => Promise<unknown>,
  ) {
    this.#clients = clients;
    this.#lasting = lasting;
    this.#send = send;
  }

  async create(topic: string): Promise<boolean> {
    this.#happens({ kind: 'creating', topic });
    const configs = Object.entries(TOPIC_KINDS[kindOf(topic)]!).map(([name, value]) => ({ name, value }));
    const { topics } = await this.#clients.broker.request(createTopics, 7, {
      topics: [{ name: topic, numPartitions: FIRST_PARTITIONS, replicationFactor: 1, assignments: [], configs }],
    });
    if (topics[0]!.errorCode !== 0) return false;
    this.#happens({ kind: 'created', topic });
    return true;
  }

  async act(): Promise<void> {
    const name = this.#clients.choices.pick(NAMES);
    const brief = this.#brief.get(name)!;
    if (brief.isBusy) return;
    brief.isBusy = true;
    try {
      await this.#change(name, brief);
    } catch (error) {
      brief.state = 'unsure';
      throw error;
    } finally {
      brief.isBusy = false;
    }
  }

  /** A setting of any topic; two of one topic may be changed at once. */
  async configure(): Promise<void> {
    const { broker, choices } = this.#clients;
    const there = [...this.#brief].filter(([, { state, isBusy }]) => state === 'there' && !isBusy);
    const topic = choices.pick([...this.#lasting, ...there.map(([name]) => name)]);
    const brief = this.#brief.get(topic);
    if (brief) brief.isBusy = true;
    const name = choices.pick(CHANGED_SETTINGS);
    const value = choices.chance(0.2) ? null : `${600_000_000 + this.#settings++}`;
    this.#happens({ kind: 'configuring', topic, name, value });
    const configs = [{ name, configOperation: value === null ? DELETE : SET, value }];
    try {
      const { responses } = await broker.request(incrementalAlterConfigs, 1, {
        resources: [{ resourceType: TOPIC, resourceName: topic, configs }],
        validateOnly: false,
      });
      if (responses[0]!.errorCode === 0) this.#happens({ kind: 'configured', topic, name, value });
    } finally {
      if (brief) brief.isBusy = false;
    }
  }

  async #change(topic: string, brief: Brief): Promise<void> {
    const { choices } = this.#clients;
    if (brief.state === 'gone') {
      brief.state = (await this.create(topic)) ? 'there' : 'unsure';
      brief.partitions = FIRST_PARTITIONS;
      if (brief.state === 'there') await this.#send(topic, choices.between(0, FIRST_PARTITIONS - 1));
      return;
    }
    if (brief.state === 'unsure' || choices.chance(0.3)) return this.#delete(topic, brief);
    if (brief.partitions < MOST_PARTITIONS && choices.chance(0.5)) await this.#grow(topic, brief);
    await this.#send(topic, brief.partitions - 1);
  }

  async #delete(topic: string, brief: Brief): Promise<void> {
    const last = this.#clients.events.findLast(
      (event) => LIFE.has(event.kind) && 'topic' in event && event.topic === topic,
    );
    this.#happens({ kind: 'deleting', topic });
    const { responses } = await this.#clients.broker.request(deleteTopics, 4, { topicNames: [topic], timeoutMs: 1000 });
    const { errorCode } = responses[0]!;
    if (errorCode === 0) this.#happens({ kind: 'deleted', topic });
    const isUnknown = errorCode === Errors.UNKNOWN_TOPIC_OR_PARTITION;
    // Of one whose making was not answered for nobody knows whether there was anything to delete.
    if (isUnknown && last?.kind === 'deleting') this.#happens({ kind: 'deleted', topic });
    brief.state = errorCode === 0 || isUnknown ? 'gone' : 'unsure';
  }

  async #grow(topic: string, brief: Brief): Promise<void> {
    const count = brief.partitions + this.#clients.choices.between(1, 2);
    this.#happens({ kind: 'adding partitions', topic, count });
    const { results } = await this.#clients.broker.request(createPartitions, 3, {
      topics: [{ name: topic, count, assignments: null }],
      timeoutMs: 1000,
      validateOnly: false,
    });
    if (results[0]!.errorCode !== 0) {
      brief.state = 'unsure';
      return;
    }
    brief.partitions = count;
    this.#happens({ kind: 'added partitions', topic, count });
  }

  #happens(event: BrokerEvent): void {
    this.#clients.events.push(event);
  }
}
