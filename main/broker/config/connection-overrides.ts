import { lookup } from 'node:dns/promises';
import { isIP, SocketAddress } from 'node:net';
import { ConfigException } from '../../../common/errors.ts';
import { listOf } from './property.ts';

const NAME = 'max.connections.per.ip.overrides';

/** `host:count` each, as `max.connections.per.ip.overrides` has them; undefined for what can't be. */
function entryOf(entry: string): { host: string; count: number } | undefined {
  const match = /^\[?([0-9a-zA-Z\-%._:]+?)\]?:(\d{1,10})$/.exec(entry);
  return match ? { host: match[1]!, count: Number(match[2]) } : undefined;
}

/** Why a text is no value of `max.connections.per.ip.overrides`; undefined when it is one. */
export function wrongOverrides(text: string): string | undefined {
  const wrong = listOf(text).find((entry) => entryOf(entry) === undefined);
  return wrong === undefined ? undefined : `${wrong} is not host:count`;
}

/** Connections by address; a name stands for all addresses that it has. Rejects with a ConfigException when it has none. */
export async function connectionOverrides(text: string): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const entry of listOf(text)) {
    const { host, count } = entryOf(entry)!;
    for (const address of await addressesOf(host)) counts.set(address, count);
  }
  return counts;
}

async function addressesOf(host: string): Promise<string[]> {
  const family = isIP(host);
  // In the form in which sockets tell theirs.
  if (family !== 0) return [new SocketAddress({ address: host, family: family === 4 ? 'ipv4' : 'ipv6' }).address];
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (error) {
    throw new ConfigException(`${NAME} names a host that has no address: ${host}`, { key: NAME, cause: error });
  }
}
