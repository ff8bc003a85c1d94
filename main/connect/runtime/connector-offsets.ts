import type { ConnectorOffsets } from '../../../common/connect/connector-state-info.ts';
import { ConnectException } from '../../../common/errors.ts';
import type { Admin, KafkaClients } from '../../kafka/api.ts';
import type { ConfigMap } from '../api/connector.ts';
import type { SourceMap } from '../api/records.ts';
import { canonicalSourceMap } from '../api/source-map.ts';
import type { OffsetBackingStore } from '../storage/offset-backing-store.ts';
import { consumerConfig, consumerGroupId, offsetsAdminConfig } from './client-configs.ts';
import type { ConnectorHost, ConnectorSpec } from './connector-host.ts';
import type { OffsetChange } from './herder.ts';
import { type SinkOffsetChange, sinkOffsetChanges } from './sink-offsets.ts';

const EXTERNAL = 'However, if this connector manages offsets externally, they will need to be manually';

/** Reading and changing where a connector stands (KIP-875). Java: the offset methods of `Worker`. */
export class ConnectorOffsetsEditor {
  readonly #offsets: OffsetBackingStore;
  readonly #host: ConnectorHost;
  readonly #clients: KafkaClients;
  readonly #worker: ConfigMap;

  constructor(offsets: OffsetBackingStore, host: ConnectorHost, clients: KafkaClients, worker: ConfigMap) {
    this.#offsets = offsets;
    this.#host = host;
    this.#clients = clients;
    this.#worker = worker;
  }

  async read({ connector: name, config }: ConnectorSpec, kind: 'source' | 'sink'): Promise<ConnectorOffsets> {
    if (kind === 'source') return { offsets: this.#offsets.all(name) };
    const committed = await this.#withAdmin(name, config, (admin) => admin.groupOffsets(this.#group(name, config)));
    return {
      offsets: [...committed.values()].map(({ topic, partition, offset }) => ({
        partition: { kafka_topic: topic, kafka_partition: partition },
        offset: { kafka_offset: offset },
      })),
    };
  }

  /** Throws what the connector throws about offsets that it can't use. */
  alter(spec: ConnectorSpec, kind: 'source' | 'sink', changes: readonly OffsetChange[]): Promise<string> {
    return kind === 'source' ? this.#alterSource(spec, changes) : this.#alterSink(spec, changes);
  }

  async reset(spec: ConnectorSpec, kind: 'source' | 'sink'): Promise<string> {
    const { connector: name, config } = spec;
    if (kind === 'source') {
      const forgotten = this.#offsets.all(name).map(({ partition }) => ({ partition, offset: null }));
      const known = await this.#host.alterOffsets(spec, forgotten);
      this.#offsets.clear(name);
      return message('reset', known);
    }
    await this.#withAdmin(name, config, async (admin) => {
      const group = this.#group(name, config);
      try {
        const exists = (await admin.listGroups()).some(({ groupId }) => groupId === group);
        if (exists) await admin.deleteGroups([group]);
      } catch (error) {
        throw groupFailure(name, 'reset', error);
      }
    });
    return message('reset', true);
  }

  async #alterSource(spec: ConnectorSpec, changes: readonly OffsetChange[]) {
    // The last one of a partition counts, as in Connect.
    const last = new Map(changes.map((change) => [change.partition && canonicalSourceMap(change.partition), change]));
    const wanted = [...last.values()];
    const known = await this.#host.alterOffsets(spec, wanted);
    this.#offsets.set(spec.connector, wanted.filter(isOfPartition));
    return message('altered', known);
  }

  async #alterSink({ connector: name, config }: ConnectorSpec, changes: readonly OffsetChange[]) {
    const wanted = sinkOffsetChanges(name, changes);
    const kept = wanted.filter((it): it is SinkOffsetChange & { offset: bigint } => it.offset !== null);
    const forgotten = wanted.filter(({ offset }) => offset === null);
    const group = this.#group(name, config);
    await this.#withAdmin(name, config, async (admin) => {
      try {
        await admin.alterGroupOffsets(group, kept);
        await admin.deleteGroupOffsets(group, forgotten);
      } catch (error) {
        throw groupFailure(name, 'alter', error);
      }
    });
    return message('altered', true);
  }

  /** Its own or the worker's `group.id` may take the place of Connect's. */
  #group(name: string, config: ConfigMap): string {
    const client = consumerConfig({ connector: name, task: 0, worker: this.#worker, config });
    return client['group.id'] ?? consumerGroupId(name);
  }

  async #withAdmin<T>(name: string, config: ConfigMap, work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = this.#clients.admin(offsetsAdminConfig({ connector: name, worker: this.#worker, config }));
    try {
      return await work(admin);
    } finally {
      await admin.close();
    }
  }
}

function isOfPartition(change: OffsetChange): change is OffsetChange & { partition: SourceMap } {
  return change.partition !== null;
}

/** Errors of a group that somebody is a member of. */
const IN_USE = new Set([
  'NonEmptyGroupException',
  'GroupNotEmptyException',
  'GroupSubscribedToTopicException',
  'UnknownMemberIdException',
]);

/** Java: `Worker.alterSinkConnectorOffsets` and its neighbour; the reason stands behind Connect's sentence. */
function groupFailure(connector: string, what: 'alter' | 'reset', cause: unknown): ConnectException {
  const { name, message: reason } = cause as Error;
  const sentence = `Failed to ${what} consumer group offsets for connector ${connector}`;
  if (!IN_USE.has(name)) return new ConnectException(sentence, { cause, hint: reason });
  return new ConnectException(
    `${sentence} either because its tasks haven't stopped completely yet or the connector was resumed before the request to ${what} its offsets could be successfully completed. ` +
      'If the connector is in a stopped state, this operation can be safely retried.',
    { cause, hint: reason },
  );
}

function message(what: 'altered' | 'reset', known: boolean): string {
  return known
    ? `The offsets for this connector have been ${what} successfully`
    : `The Connect framework-managed offsets for this connector have been ${what} successfully. ${EXTERNAL} ${what} in the system that the connector uses.`;
}
