import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { KafkaException } from '../../common/errors.ts';

export type Interfaces = Readonly<Record<string, NetworkInterfaceInfo[] | undefined>>;

/** Where its listener begins to look for a free port. */
export const NEARBY_PORT = 9094;

/** An address of this computer that its own containers or its WSL reach, and other computers do not. */
export interface NearbyAddress {
  readonly host: string;
  /** The name that they have for this computer; absent: the address itself. */
  readonly name?: string;
}

/** Docker's and Podman's own bridges, on Linux. */
const BRIDGES = ['docker0', 'podman0', 'cni-podman0'];

/**
 * Where containers find this computer. Docker Desktop (macOS, Windows) brings what is sent to host.docker.internal to
 * this computer's own loopback address; on Linux it is the address of the bridge.
 */
export function containersAddress(
  platform: string = process.platform,
  interfaces: Interfaces = networkInterfaces(),
): NearbyAddress {
  const name = 'host.docker.internal';
  if (platform !== 'linux') return { host: '127.0.0.1', name };
  const host = BRIDGES.map((bridge) => ipv4Of(interfaces[bridge])).find((address) => address !== undefined);
  if (host === undefined) {
    throw new KafkaException(`There is no bridge of Docker or Podman on this computer (${BRIDGES.join(', ')})`, {
      code: 'NO_CONTAINERS',
      key: 'containers',
      hint: `Start Docker first, or name the address: runnel sandbox --share 172.17.0.1:9094 --share-as ${name} --share-insecurely.`,
    });
  }
  return { host, name };
}

/** Where Linux in WSL finds Windows. */
export function wslAddress(interfaces: Interfaces = networkInterfaces()): NearbyAddress {
  const [, found] = Object.entries(interfaces).find(([name]) => /^vEthernet \(WSL/i.test(name)) ?? [];
  const host = ipv4Of(found);
  if (host === undefined) {
    throw new KafkaException('There is no network of WSL on this computer (vEthernet (WSL))', {
      code: 'NO_WSL',
      key: 'wsl',
      hint: 'It is there on Windows while WSL runs; with networkingMode=mirrored WSL reaches localhost without it.',
    });
  }
  return { host };
}

const ipv4Of = (infos: readonly NetworkInterfaceInfo[] | undefined) =>
  infos?.find(({ family }) => family === 'IPv4')?.address;
