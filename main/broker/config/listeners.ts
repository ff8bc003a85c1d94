import { ConfigException } from '../../../common/errors.ts';
import type { BrokerConfig } from './broker-config.ts';
import { listOf } from './property.ts';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** An address of this computer alone at which the broker is found. */
export interface Listener {
  /** `PLAINTEXT`, or any other name. */
  readonly name: string;
  /** 0: any free one. */
  readonly port: number;
  /** Somebody named the port. */
  readonly portIsFixed: boolean;
  /** What its clients are told; absent: where they reached the broker. */
  readonly advertised?: Endpoint;
}

/** Names and addresses for "every address" and "this computer": all of them are this computer alone. */
const LOCAL = new Set(['', 'localhost', '127.0.0.1', '::1', '0.0.0.0', '::']);

/**
 * `listeners` and `advertised.listeners`, without the controller's; never empty, the first is the broker's own. `port`
 * is that one's when a person named it apart, `defaultPort` where the search for a free one begins.
 *
 * @throws ConfigException for what Kafka refuses too, and for an address that other computers reach
 */
export function listenersOf(config: BrokerConfig, port: number | undefined, defaultPort: number): readonly Listener[] {
  const controllers = new Set(listOf(config.get('controller.listener.names')).map((name) => name.toUpperCase()));
  const protocols = protocolsOf(config.get('listener.security.protocol.map'));
  const given = config.isSet('listeners') ? entriesOf('listeners', config.get('listeners')) : [];
  const own = given.filter(({ name }) => !controllers.has(name));
  if (config.isSet('listeners') && own.length === 0)
    throw invalid('listeners', config.get('listeners'), 'it has none for clients');
  for (const { name, host } of own) {
    checkProtocol(name, protocols.get(name));
    if (!LOCAL.has(host.toLowerCase())) throw reachedByOthers(name, host);
  }
  const listeners = own.map(({ name, port: itsPort }, i) => ({
    name,
    port: i === 0 ? (port ?? itsPort) : itsPort,
    portIsFixed: true,
  }));
  if (listeners.length === 0)
    listeners.push({ name: 'PLAINTEXT', port: port ?? defaultPort, portIsFixed: port !== undefined });
  const ports = listeners.map((each) => each.port).filter((each) => each !== 0);
  if (new Set(ports).size < ports.length)
    throw invalid('listeners', config.get('listeners'), 'Each listener must have a different port');
  return withAdvertised(config.get('advertised.listeners'), listeners, controllers);
}

function withAdvertised(
  text: string,
  listeners: readonly Listener[],
  controllers: ReadonlySet<string>,
): readonly Listener[] {
  const first = listeners[0]?.name as string;
  // `host:port` alone is the first listener's.
  const entries = /^[^/]*:\d+$/.test(text) ? entriesOf('advertised.listeners', `${first}://${text}`) : [];
  if (text !== '' && entries.length === 0) entries.push(...entriesOf('advertised.listeners', text));
  for (const { name, host } of entries) {
    if (controllers.has(name)) continue;
    if (!listeners.some((each) => each.name === name))
      throw invalid('advertised.listeners', text, `listeners has no ${name}`);
    if (['0.0.0.0', '::', ''].includes(host))
      throw invalid('advertised.listeners', text, `${name} needs a name or an address that its clients can reach`);
  }
  return listeners.map((listener) => {
    const found = entries.find(({ name }) => name === listener.name);
    return found ? { ...listener, advertised: { host: found.host, port: found.port } } : listener;
  });
}

function entriesOf(property: string, text: string): ({ name: string } & Endpoint)[] {
  const entries = listOf(text).map((entry) => {
    const match = /^([A-Za-z0-9_.-]+):\/\/(?:\[([0-9A-Fa-f:.%]*)\]|([^:/[\]]*)):(\d{1,5})$/.exec(entry);
    const port = Number(match?.[4]);
    if (!match || port > 65_535) throw invalid(property, text, `${entry} is not NAME://host:port`);
    return { name: (match[1] as string).toUpperCase(), host: match[2] ?? (match[3] as string), port };
  });
  if (new Set(entries.map(({ name }) => name)).size < entries.length)
    throw invalid(property, text, 'Each listener must have a different name');
  return entries;
}

function protocolsOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    listOf(text).map((entry) => {
      const [name = '', protocol = ''] = entry.split(':').map((each) => each.trim().toUpperCase());
      if (name === '' || !['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'].includes(protocol))
        throw invalid('listener.security.protocol.map', text, `${entry} is not NAME:protocol`);
      return [name, protocol];
    }),
  );
}

function checkProtocol(name: string, protocol: string | undefined): void {
  if (protocol === 'PLAINTEXT') return;
  if (protocol === undefined) {
    throw new ConfigException(`No security protocol is defined for the listener ${name}`, {
      key: 'listener.security.protocol.map',
      hint: `Add ${name}:PLAINTEXT to listener.security.protocol.map.`,
    });
  }
  throw new ConfigException(`The listener ${name} can't have the protocol ${protocol}`, {
    key: 'listeners',
    hint: 'TLS and users are given to the shared listener: --share with --share-key, --share-cert and --share-users.',
  });
}

function reachedByOthers(name: string, host: string): ConfigException {
  return new ConfigException(`The listener ${name} would be reached by other computers: ${host}`, {
    key: 'listeners',
    hint: `Leave the address away (${name}://:port) and open one on purpose: --share for other computers, --share-containers for those of Docker.`,
  });
}

const invalid = (property: string, value: string, reason: string) =>
  ConfigException.invalidValue(property, value, reason);
