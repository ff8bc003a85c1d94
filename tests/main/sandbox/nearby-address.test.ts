import type { NetworkInterfaceInfo } from 'node:os';
import { expect, test } from 'vitest';
import { containersAddress, wslAddress } from '../../../main/sandbox/nearby-address.ts';

const at = (...addresses: string[]) =>
  addresses.map((address) => ({ address, family: address.includes(':') ? 'IPv6' : 'IPv4' }) as NetworkInterfaceInfo);

test('containers on Linux find this computer at the bridge, by the name that Docker has for it', () => {
  const interfaces = { lo: at('127.0.0.1'), eth0: at('192.168.1.7'), docker0: at('fe80::1', '172.17.0.1') };
  expect(containersAddress('linux', interfaces)).toEqual({ host: '172.17.0.1', name: 'host.docker.internal' });
  expect(containersAddress('linux', { podman0: at('10.88.0.1') }).host).toBe('10.88.0.1');
});

test('Docker Desktop brings them to the loopback address, so nothing else is opened', () => {
  expect(containersAddress('darwin', {})).toEqual({ host: '127.0.0.1', name: 'host.docker.internal' });
  expect(containersAddress('win32', {}).host).toBe('127.0.0.1');
});

test('without a bridge it is said what to do', () => {
  expect(() => containersAddress('linux', { eth0: at('192.168.1.7') })).toThrow(/no bridge of Docker/);
});

test('Linux in WSL finds Windows at the address of their network', () => {
  const interfaces = { Ethernet: at('192.168.1.7'), 'vEthernet (WSL (Hyper-V firewall))': at('172.28.16.1') };
  expect(wslAddress(interfaces)).toEqual({ host: '172.28.16.1' });
  expect(() => wslAddress({ lo: at('127.0.0.1') })).toThrow(/no network of WSL/);
});
