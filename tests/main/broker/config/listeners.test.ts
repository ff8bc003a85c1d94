import { expect, test } from 'vitest';
import { BrokerConfig } from '../../../../main/broker/config/broker-config.ts';
import { type Listener, listenersOf } from '../../../../main/broker/config/listeners.ts';

const of = (overrides: Record<string, string>, port?: number) => listenersOf(new BrokerConfig(overrides), port, 9092);
const one = (name: string, port: number, more: Partial<Listener> = {}) => ({ name, port, portIsFixed: true, ...more });

test.each<[what: string, overrides: Record<string, string>, port: number | undefined, listeners: Listener[]]>([
  ['nothing', {}, undefined, [one('PLAINTEXT', 9092, { portIsFixed: false })]],
  ['a port alone', {}, 0, [one('PLAINTEXT', 0)]],
  ['one listener', { listeners: 'PLAINTEXT://:9099' }, undefined, [one('PLAINTEXT', 9099)]],
  ['a port and a listener', { listeners: 'PLAINTEXT://localhost:9099' }, 9100, [one('PLAINTEXT', 9100)]],
  [
    'an address that clients are told',
    { 'advertised.listeners': 'PLAINTEXT://kafka.test:19092' },
    undefined,
    [one('PLAINTEXT', 9092, { portIsFixed: false, advertised: { host: 'kafka.test', port: 19092 } })],
  ],
  [
    'the same without a name',
    { 'advertised.listeners': 'kafka.test:19092' },
    0,
    [one('PLAINTEXT', 0, { advertised: { host: 'kafka.test', port: 19092 } })],
  ],
  [
    'a name of each',
    {
      listeners: 'PLAINTEXT://127.0.0.1:9092, docker://[::1]:9094',
      'advertised.listeners': 'DOCKER://host.docker.internal:9094',
      'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,DOCKER:PLAINTEXT',
    },
    undefined,
    [one('PLAINTEXT', 9092), one('DOCKER', 9094, { advertised: { host: 'host.docker.internal', port: 9094 } })],
  ],
  [
    "Kafka's own server.properties",
    {
      listeners: 'PLAINTEXT://:9092,CONTROLLER://:9093',
      'advertised.listeners': 'PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093',
      'controller.listener.names': 'CONTROLLER',
      'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL',
    },
    undefined,
    [one('PLAINTEXT', 9092, { advertised: { host: 'localhost', port: 9092 } })],
  ],
])('%s', (_, overrides, port, listeners) => {
  expect(of(overrides, port)).toEqual(listeners);
});

test.each<[what: string, overrides: Record<string, string>, says: RegExp]>([
  ['an address that others reach', { listeners: 'PLAINTEXT://192.168.1.5:9092' }, /reached by other computers: 192/],
  ['TLS', { listeners: 'SSL://:9093' }, /SSL can't have the protocol SSL/],
  [
    'a name without a protocol',
    { listeners: 'DOCKER://:9094' },
    /No security protocol is defined for the listener DOCKER/,
  ],
  [
    'the same port twice',
    { listeners: 'PLAINTEXT://:1,A://:1', 'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,A:PLAINTEXT' },
    /different port/,
  ],
  ['the same name twice', { listeners: 'PLAINTEXT://:1,PLAINTEXT://:2' }, /different name/],
  ['no address', { listeners: 'PLAINTEXT' }, /PLAINTEXT is not NAME:\/\/host:port/],
  ['a port that is none', { listeners: 'PLAINTEXT://:70000' }, /is not NAME:\/\/host:port/],
  ['controllers alone', { listeners: 'C://:1', 'controller.listener.names': 'C' }, /none for clients/],
  ['an advertised one that is not there', { 'advertised.listeners': 'X://a:1' }, /listeners has no X/],
  ['an address for every address', { 'advertised.listeners': 'PLAINTEXT://0.0.0.0:1' }, /clients can reach/],
  [
    'a wrong protocol',
    { listeners: 'A://:1', 'listener.security.protocol.map': 'A:TLS' },
    /A:TLS is not NAME:protocol/,
  ],
])('%s is refused', (_, overrides, says) => {
  expect(() => of(overrides)).toThrow(says);
});
