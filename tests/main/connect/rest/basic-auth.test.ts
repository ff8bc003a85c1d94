import { expect, test } from 'vitest';
import { type BasicAuthFiles, basicAuth } from '../../../../main/connect/rest/basic-auth.ts';

const MODULE = 'org.apache.kafka.connect.rest.basic.auth.extension.PropertyFileLoginModule';
const JAAS = `
/* users of Connect */
Other { a.B optional; };
KafkaConnect {
  ${MODULE} required // what must be
  file="/etc/connect/users.properties";
};
`;

function files(more: Partial<BasicAuthFiles & { jaas: string; users: Record<string, string> }> = {}): BasicAuthFiles {
  const { jaas = JAAS, users = { ada: 'lovelace', bob: 'b:c d', ü: 'é' }, ...given } = more;
  return {
    kafkaOpts: '-Xmx1g -Djava.security.auth.login.config=/etc/connect/jaas.conf -Dx=y',
    readText: (path) => (path === '/etc/connect/jaas.conf' ? jaas : ''),
    readProperties: (path) => (path === '/etc/connect/users.properties' ? users : {}),
    ...given,
  };
}
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

test.each([
  [basic('ada:lovelace'), true],
  [basic('bob:b:c d'), true],
  [basic('ü:é'), true],
  [basic('ada:lovelace').replace('Basic', 'bASIC'), true],
  [basic('ada:x'), false],
  [basic('ada:'), false],
  [basic('ada'), false],
  [basic(':lovelace'), false],
  [basic('eve:lovelace'), false],
  [basic('constructor:'), false],
  ['Basic !!!', false],
  ['Bearer x', false],
  ['', false],
  [undefined, false],
])('%s gets in: %s', (authorization, isIn) => {
  expect(basicAuth(files())(authorization)).toBe(isIn);
});

test('a path in quotes is a path', () => {
  const kafkaOpts = '-Djava.security.auth.login.config="/etc/connect/jaas.conf"';
  expect(basicAuth(files({ kafkaOpts }))(basic('ada:lovelace'))).toBe(true);
});

test.each([
  ['no JAAS file', { kafkaOpts: '-Xmx1g' }, 'needs a JAAS file'],
  ['no entry', { jaas: 'Other { a.B required; };' }, 'has no entry KafkaConnect'],
  ['another module', { jaas: 'KafkaConnect { a.B required; };' }, 'may have one login module'],
  [
    'two modules',
    { jaas: `KafkaConnect { ${MODULE} required file="a"; a.B required; };` },
    'may have one login module',
  ],
  ['no file', { jaas: `KafkaConnect { ${MODULE} required; };` }, 'Property Credentials file must be specified'],
  ['nobody in it', { users: {} }, 'names no user'],
  ['no end', { jaas: `KafkaConnect { ${MODULE} required file="a" ` }, 'is no JAAS file'],
  ['an open quote', { jaas: `KafkaConnect { ${MODULE} required file="a; };` }, 'a quote is not closed'],
])('%s: an error at the start, and no open door', (_, more, message) => {
  expect(() => basicAuth(files(more))).toThrow(message);
});
