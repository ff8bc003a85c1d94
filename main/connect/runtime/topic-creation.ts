import { ConnectException } from '../../../common/errors.ts';
import type { Logger } from '../../../common/logger.ts';
import { sleep, type Time } from '../../../common/time.ts';
import { type Admin, isRetriable } from '../../kafka/api.ts';
import type { JavaPattern } from '../api/regex/java-pattern.ts';
import { TaskStopping } from './errors/task-stopping.ts';

/** Which topics a group is for, and what they are made with. Java: `TopicCreationGroup`. */
export interface TopicCreationGroup {
  name: string;
  include: readonly JavaPattern[] | 'all';
  exclude: readonly JavaPattern[];
  numPartitions: number;
  replicationFactor: number;
  configs: Readonly<Record<string, string>>;
}

export interface TopicCreationOptions {
  /** In their order, `default` last; empty: the broker makes topics as it likes. */
  groups: readonly TopicCreationGroup[];
  /** Opened when a topic is first met. */
  admin: () => Admin;
  time: Time;
  logger: Logger;
}

const RETRY_MS = 1_000;
const NOT_AUTHORIZED = new Set([
  'ClusterAuthorizationException',
  'TopicAuthorizationException',
  'UnsupportedVersionException',
]);

/** Makes a topic before its first record when the connector has `topic.creation.*` settings (KIP-158). */
export class TopicCreation {
  readonly #options: TopicCreationOptions;
  readonly #known = new Set<string>();
  #admin: Admin | null = null;

  constructor(options: TopicCreationOptions) {
    this.#options = options;
  }

  /** Null when there is nothing to wait for. Rejects with ConnectException when the topic can't be made. */
  ensure(topic: string, signal: AbortSignal): Promise<void> | null {
    if (this.#options.groups.length === 0 || this.#known.has(topic)) return null;
    return this.#ensure(topic, signal);
  }

  async close(): Promise<void> {
    await this.#admin?.close();
  }

  async #ensure(topic: string, signal: AbortSignal): Promise<void> {
    for (let told = false; ; told = true) {
      try {
        await this.#findOrCreate(topic);
        this.#known.add(topic);
        return;
      } catch (error) {
        if (!isRetriable(error)) throw this.#refused(topic, error);
        if (!told)
          this.#options.logger.warn(`Topic ${topic} can't be looked up or created now; it is tried again`, error);
      }
      await sleep(this.#options.time, RETRY_MS, signal);
      if (signal.aborted) throw new TaskStopping();
    }
  }

  async #findOrCreate(topic: string): Promise<void> {
    this.#admin ??= this.#options.admin();
    if ((await this.#admin.listTopics()).includes(topic)) return;
    const group = this.#options.groups.find((it) => matches(it, topic));
    if (group === undefined) return;
    const { numPartitions, replicationFactor, configs } = group;
    try {
      await this.#admin.createTopics([{ name: topic, numPartitions, replicationFactor, configs }]);
      this.#options.logger.info(`Created topic ${topic} with the settings of topic creation group ${group.name}`);
    } catch (error) {
      if ((error as Error).name !== 'TopicExistsException') throw error;
    }
  }

  /** Java: `TopicAdmin.createOrFindTopics`, `AbstractWorkerSourceTask.maybeCreateTopic`. */
  #refused(topic: string, error: unknown): ConnectException {
    const { name, message } = error as Error;
    const hint = 'Create the topic by hand, or correct the topic.creation settings.';
    const sentence = NOT_AUTHORIZED.has(name)
      ? `Task failed to create new topic ${topic}. Ensure that the task is authorized to create topics or that the topic exists and restart the task`
      : `Unable to create topic(s) '${topic}': ${message}`;
    return new ConnectException(sentence, { cause: error, hint });
  }
}

function matches(group: TopicCreationGroup, topic: string): boolean {
  const included = group.include === 'all' || group.include.some((it) => it.matches(topic));
  return included && !group.exclude.some((it) => it.matches(topic));
}
