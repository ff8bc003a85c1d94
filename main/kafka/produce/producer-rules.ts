import { ConfigException } from '../../../common/errors.ts';
import type { ClientConfig } from '../api.ts';
import type { ClientOptions } from '../client-settings.ts';

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
