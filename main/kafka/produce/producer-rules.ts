import { ConfigException } from '../../../common/errors.ts';
import type { ClientConfig } from '../api.ts';
import type { ClientOptions } from '../settings/client-settings.ts';

type Options = ClientOptions<'producer'>;

/** Java's rules (KIP-679): on unless a setting that was given contradicts it; asked for in words, that is an error. */
export function idempotenceOf(options: Options, config: ClientConfig): boolean {
  if (!options['enable.idempotence']) return false;
  if (options['max.in.flight.requests.per.connection'] > 5) {
    throw new ConfigException(
      'Must set max.in.flight.requests.per.connection to at most 5 to use the idempotent producer.',
      { key: 'max.in.flight.requests.per.connection' },
    );
  }
  const asked = config['enable.idempotence'] !== undefined;
  if (options.acks !== 'all' && options.acks !== '-1') {
    if (!asked) return false;
    throw new ConfigException(
      'Must set acks to all in order to use the idempotent producer. Otherwise we cannot guarantee idempotence.',
      { key: 'acks' },
    );
  }
  if (options.retries === 0) {
    if (!asked) return false;
    throw new ConfigException('Must set retries to non-zero when using the idempotent producer.', { key: 'retries' });
  }
  return true;
}

/** `delivery.timeout.ms` covers lingering and one attempt at least. Java: `configureDeliveryTimeout`. */
export function deliveryTimeoutOf(options: Options, config: ClientConfig): number {
  const least = options['linger.ms'] + options['request.timeout.ms'];
  if (options['delivery.timeout.ms'] >= least) return options['delivery.timeout.ms'];
  if (config['delivery.timeout.ms'] === undefined) return least;
  throw new ConfigException('delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms', {
    key: 'delivery.timeout.ms',
  });
}

/** Undefined where a codec has no levels, and for the codec's own. */
export function compressionLevelOf(options: Options): number | undefined {
  if (options['compression.type'] === 'zstd') return options['compression.zstd.level'];
  const level = options['compression.gzip.level'];
  return options['compression.type'] === 'gzip' && level >= 0 ? level : undefined;
}

const ROUND_ROBIN = 'org.apache.kafka.clients.producer.RoundRobinPartitioner';

/**
 * Whether records go to one partition after another, whatever their key.
 *
 * @throws ConfigException for a partitioner of the user's own, which can't run here: its records would go elsewhere
 */
export function isRoundRobin(options: Options): boolean {
  const name = options['partitioner.class'];
  if (name === null) return false;
  if (name === ROUND_ROBIN) return true;
  throw ConfigException.invalidValue('partitioner.class', name, `Class ${name} could not be found.`);
}
