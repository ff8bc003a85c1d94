import { Turns } from '../../../common/turns.ts';
import type { BrokerConfig } from '../config/broker-config.ts';
import { BROKER_RESOURCE, changedConfigs, type MetadataImage } from './metadata-image.ts';
import type { MetadataLog } from './metadata-log.ts';
import type { ChangeConfigs } from './topics.ts';

/** Settings of this broker alone, or of every broker. */
export type BrokerScope = 'broker' | 'defaults';

export interface DynamicConfigsOptions {
  readonly metadata: MetadataLog;
  readonly config: BrokerConfig;
  readonly nodeId: number;
  readonly image: MetadataImage;
}

/** The broker's settings that are changed while it runs (KIP-226): kept in the metadata log, in force at once. */
export class DynamicConfigs {
  readonly #options: DynamicConfigsOptions;
  readonly #turns = new Turns();
  /** Called when a change is in force. */
  onChange: () => void = () => {};

  /** What the image has is in force from now on. */
  constructor(options: DynamicConfigsOptions) {
    const { config, image, nodeId } = options;
    this.#options = options;
    // As in Kafka, where it is a part of what is agreed upon about leaders (KIP-966).
    const always = ['min.insync.replicas', config.get('min.insync.replicas')] as const;
    config.setDynamic({
      broker: image.brokerConfigs.get(`${nodeId}`) ?? new Map(),
      defaults: new Map([always, ...(image.brokerConfigs.get('') ?? [])]),
    });
  }

  of(scope: BrokerScope): ReadonlyMap<string, string> {
    return this.#options.config.dynamic[scope];
  }

  /** Resolves when the change is durable and in force. Rejects with KAFKA_STORAGE_ERROR, and with what `change` throws. */
  change(scope: BrokerScope, change: ChangeConfigs): Promise<void> {
    return this.#turns.take(async () => {
      const { metadata, config, nodeId } = this.#options;
      const before = this.of(scope);
      const after = change(before);
      await metadata.append(changedConfigs(BROKER_RESOURCE, scope === 'broker' ? `${nodeId}` : '', before, after));
      config.setDynamic({ ...config.dynamic, [scope]: new Map(after) });
      this.onChange();
    });
  }

  /** Waits for the change that is under way. */
  async close(): Promise<void> {
    await this.#turns.ended();
  }
}
