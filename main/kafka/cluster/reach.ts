import { NetworkException } from '../errors.ts';
import { type Address, addressText } from './address.ts';
import { nameStranger } from './stranger.ts';

/** Why no connection came about, in a sentence for the person who typed the address. */
export function connectError(address: Address, cause: unknown): NetworkException {
  const at = addressText(address);
  const code = systemCode(cause);
  switch (code) {
    case 'ECONNREFUSED':
      return new NetworkException(`Nothing listens at ${at}`, {
        code: 'CONNECTION_REFUSED',
        key: at,
        hint: 'Start a Kafka broker there, or Runnel’s own with `runnel sandbox`.',
        cause,
      });
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new NetworkException(`The host name ${address.host} is not known`, {
        code: 'HOST_UNKNOWN',
        key: at,
        hint: 'Check bootstrap.servers, and advertised.listeners of the broker.',
        cause,
      });
    default:
      return new NetworkException(`${at} can't be reached (${code ?? String(cause)})`, {
        code: 'UNREACHABLE',
        key: at,
        cause,
      });
  }
}

/** The peer answered, but not as a broker does. `first`: the first bytes that it sent. */
export function strangerError(address: Address, first: Uint8Array, cause?: unknown): NetworkException {
  const at = addressText(address);
  const name = nameStranger(first);
  const hint =
    name === 'TLS'
      ? 'Set security.protocol to SSL or SASL_SSL with ssl.truststore.*, or use the port of a PLAINTEXT listener.'
      : 'Check the port in bootstrap.servers; brokers usually listen on 9092.';
  return new NetworkException(
    name ? `${at} speaks ${name}, not Kafka` : `What answers at ${at} is not a Kafka broker`,
    {
      code: 'NOT_KAFKA',
      key: at,
      hint,
      cause,
    },
  );
}

/** It took the connection and ended it before the first answer. */
export function hungUpError(address: Address, cause?: unknown): NetworkException {
  const at = addressText(address);
  return new NetworkException(`${at} closed the connection without answering as a Kafka broker`, {
    code: 'NOT_KAFKA',
    key: at,
    hint: 'If it is a TLS listener, set security.protocol to SSL or SASL_SSL. It may be another service, or a broker that is stopping.',
    cause,
  });
}

/** It answered what every listener answers, and ended the connection at the first request of its own. */
export function turnedAwayError(address: Address, cause?: unknown): NetworkException {
  const at = addressText(address);
  return new NetworkException(`The connection to ${at} was lost at its first request`, {
    key: at,
    hint: 'A listener with SASL does so: set security.protocol to SASL_PLAINTEXT or SASL_SSL with sasl.* then. Else the broker may be stopping.',
    cause,
  });
}

function systemCode(cause: unknown): string | undefined {
  if (cause instanceof AggregateError) return systemCode(cause.errors[0]) ?? (cause as NodeJS.ErrnoException).code;
  return cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined;
}
