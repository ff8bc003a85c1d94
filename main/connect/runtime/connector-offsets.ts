import type { ConnectorOffsets } from '../../../common/connect/connector-state-info.ts';
import { BadRequestException } from '../../../common/errors.ts';
import type { Admin, KafkaClients } from '../../kafka/api.ts';
import type { ConfigMap } from '../api/connector.ts';
import { canonicalSourceMap } from '../api/source-map.ts';
import type { OffsetBackingStore } from '../storage/offset-backing-store.ts';
import { consumerConfig, consumerGroupId, offsetsAdminConfig } from './client-configs.ts';
import type { ConnectorHost, ConnectorSpec } from './connector-host.ts';
import type { OffsetChange } from './herder.ts';

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
      const exists = (await admin.listGroups()).some(({ groupId }) => groupId === group);
      if (exists) await admin.deleteGroups([group]);
    });
    return message('reset', true);
  }

  async #alterSource(spec: ConnectorSpec, changes: readonly OffsetChange[]) {
    // The last one of a partition counts, as in Connect.
    const last = new Map(changes.map((change) => [canonicalSourceMap(change.partition), change]));
    const wanted = [...last.values()];
    const known = await this.#host.alterOffsets(spec, wanted);
    this.#offsets.set(spec.connector, wanted);
    return message('altered', known);
  }

  async #alterSink({ connector: name, config }: ConnectorSpec, changes: readonly OffsetChange[]) {
    const wanted = changes.map(sinkChange);
    const set = wanted.flatMap(({ offset, ...partition }) => (offset === null ? [] : [{ ...partition, offset }]));
    const forgotten = wanted.filter(({ offset }) => offset === null);
    const group = this.#group(name, config);
    await this.#withAdmin(name, config, async (admin) => {
      if (set.length > 0) await admin.alterGroupOffsets(group, set);
      if (forgotten.length > 0) await admin.deleteGroupOffsets(group, forgotten);
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

function message(what: 'altered' | 'reset', known: boolean): string {
  return known
    ? `The offsets for this connector have been ${what} successfully`
    : `The Connect framework-managed offsets for this connector have been ${what} successfully. ${EXTERNAL} ${what} in the system that the connector uses.`;
}

const TOPIC = 'kafka_topic';
const PARTITION = 'kafka_partition';
const OFFSET = 'kafka_offset';

/** A null offset is to be forgotten. Java: `SinkUtils.parseSinkConnectorOffsets`. */
function sinkChange({ partition, offset }: OffsetChange): { topic: string; partition: number; offset: bigint | null } {
  if (!Object.hasOwn(partition, TOPIC) || !Object.hasOwn(partition, PARTITION))
    throw new BadRequestException(
      `The partition for a sink connector offset must contain the keys '${TOPIC}' and '${PARTITION}'`,
    );
  const { [TOPIC]: topic, [PARTITION]: number } = partition;
  if (topic === null) throw new BadRequestException('Kafka topic names must be valid strings and may not be null');
  if (number === null) throw new BadRequestException('Kafka partitions must be valid numbers and may not be null');
  const at = integer(number);
  if (at === null || at < 0n || at > 0x7fff_ffffn)
    throw new BadRequestException(
      `Failed to parse the following Kafka partition value in the provided offsets: '${number}'. Partition values for sink connectors need to be integers.`,
    );
  if (offset === null) return { topic: String(topic), partition: Number(at), offset };
  if (!Object.hasOwn(offset, OFFSET))
    throw new BadRequestException(
      `The offset for a sink connector should either be null or contain the key '${OFFSET}'`,
    );
  const value = integer(offset[OFFSET]);
  if (value === null || value < 0n)
    throw new BadRequestException(
      `Failed to parse the following Kafka offset value in the provided offsets: '${offset[OFFSET]}'. Offset values for sink connectors need to be integers.`,
    );
  return { topic: String(topic), partition: Number(at), offset: value };
}

function integer(value: unknown): bigint | null {
  if (typeof value === 'bigint') return value;
  return typeof value === 'string' && /^-?\d+$/.test(value) ? BigInt(value) : null;
}
