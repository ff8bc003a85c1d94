import { expect, test } from 'vitest';
import { bindingOf, type Listener, parseListeners } from '../../../../main/connect/rest/listeners.ts';

const one = (text: string) => parseListeners('listeners', [text])[0] as Listener;

test.each([
  ['http://127.0.0.1:8083', { scheme: 'http', host: '127.0.0.1', port: 8083 }],
  ['HTTPS://LocalHost:8443', { scheme: 'https', host: 'localhost', port: 8443 }],
  ['http://[::1]:8083', { scheme: 'http', host: '::1', port: 8083 }],
  ['http://:8083', { scheme: 'http', host: '', port: 8083 }],
  [' http://localhost:0 ', { scheme: 'http', host: 'localhost', port: 0 }],
])('%s is a listener', (text, listener) => {
  expect(one(text)).toEqual({ ...listener, text });
});

test.each([
  ['localhost:8083', "Listener doesn't have the right format (protocol://hostname:port)."],
  ['http://localhost', "Listener doesn't have the right format (protocol://hostname:port)."],
  ['http://localhost:8083/', "Listener doesn't have the right format (protocol://hostname:port)."],
  ['ftp://localhost:8083', 'Listener protocol must be either "http" or "https".'],
  ['http://localhost:99999', 'a port is at most 65535'],
])('%s is refused', (text, message) => {
  expect(() => one(text)).toThrow(message);
});

test.each([
  ['http://localhost:1', false, { narrowed: false }],
  ['https://[::1]:1', false, { narrowed: false }],
  ['http://:1', true, { narrowed: true }],
  ['http://0.0.0.0:1', true, { narrowed: true }],
  ['https://0.0.0.0:1', false, { narrowed: true }],
  ['https://0.0.0.0:1', true, { addresses: ['0.0.0.0', '::'], narrowed: false }],
  ['https://:1', true, { addresses: ['0.0.0.0', '::'], narrowed: false }],
  ['https://192.168.1.5:1', true, { addresses: ['192.168.1.5'], narrowed: false }],
])('%s with credentials: %s is bound to %o', (text, hasCredentials, binding) => {
  expect(bindingOf('listeners', one(text), hasCredentials)).toEqual(binding);
});

test.each([
  ['http://192.168.1.5:1', true],
  ['http://worker.example.com:1', false],
  ['https://192.168.1.5:1', false],
])('%s with credentials: %s would be reached by others, and is refused', (text, hasCredentials) => {
  expect(() => bindingOf('listeners', one(text), hasCredentials)).toThrow(
    'would be reached from other machines without TLS and credentials',
  );
});
