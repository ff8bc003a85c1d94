import { ConfigException } from '../../../common/errors.ts';

export interface Address {
  host: string;
  port: number;
}

/** `localhost:9092`, `[::1]:9092`: also the key of its connections. */
export function addressText({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** `bootstrap.servers` as addresses. Throws Kafka's `ConfigException` for one that is none. */
export function parseAddresses(servers: readonly string[]): Address[] {
  return servers.map((server) => {
    // Java's Utils.HOST_PORT_PATTERN; a protocol prefix (PLAINTEXT://) is passed over, as there.
    const match = /^(?:[^:[\]]*:\/\/)?(?:\[([\da-fA-F:.%\w]+)\]|([^:[\]/]+)):(\d{1,5})$/.exec(server);
    const port = Number(match?.[3]);
    if (!match || port > 65_535) {
      throw new ConfigException(`Invalid url in bootstrap.servers: ${server}`, {
        key: 'bootstrap.servers',
        hint: 'Write host:port, several with commas between.',
      });
    }
    return { host: (match[1] ?? match[2]) as string, port };
  });
}
