import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseConnectorFile, readConnectorFile, readWorkerProperties } from '../../../main/connect/connector-files.ts';
import { PROPERTIES_CASES } from '../../kit/worker-oracle/cases.ts';
import { recordedWorkerAnswer } from '../../kit/worker-oracle/oracle.ts';

const folder = mkdtempSync(join(tmpdir(), 'runnel-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const parse = (text: string) => parseConnectorFile('/x/c.conf', text);

describe('a connector’s file is read', () => {
  test('as properties', () => {
    expect(parse('# the classic example\nname=local\nconnector.class=FileStreamSource\ntopic = a\\\n  b\n')).toEqual({
      name: 'local',
      config: { name: 'local', 'connector.class': 'FileStreamSource', topic: 'ab' },
    });
  });

  test('as a flat JSON object, numbers and booleans as text with all their digits', () => {
    expect(parse('{"name":"a","n":968476484095610881,"d":1.50,"b":true}')).toEqual({
      name: 'a',
      config: { name: 'a', n: '968476484095610881', d: '1.50', b: 'true' },
    });
  });

  test('as the body of a request', () => {
    expect(parse('{"name":"a","config":{"x":"1"},"initial_state":"paused"}')).toEqual({
      name: 'a',
      config: { x: '1', name: 'a' },
      targetState: 'PAUSED',
    });
  });

  test('as an answer of REST, with what stands beside the configuration', () => {
    expect(
      parse('{"name":"a","tasks":[{"connector":"a","task":0}],"other":{},"config":{"x":"1"},"type":"source"}'),
    ).toEqual({
      name: 'a',
      config: { x: '1', name: 'a' },
    });
  });

  test('as the classic Twitter example', () => {
    const text = `{"name":"twitter-source","config":{"connector.class":"com.eneco.trading.kafka.connect.twitter.TwitterSourceConnector","tasks.max":"1","track.terms":"frankfurt"}}`;
    expect(parse(text)).toMatchObject({ name: 'twitter-source', config: { 'track.terms': 'frankfurt' } });
  });

  test('keys that JavaScript gives a meaning are keys', () => {
    const { config } = parse('{"name":"a","__proto__":"x","constructor":"y"}');
    expect(Object.entries(config)).toContainEqual(['__proto__', 'x']);
    expect(({} as { x?: string }).x).toBeUndefined();
  });
});

describe('what is wrong in one is said with the file and the place', () => {
  test.each([
    ['connector.class=X\n', "Connector configuration at '/x/c.conf' is missing the mandatory 'name' configuration"],
    ['{"connector.class":"X"}', "is missing the mandatory 'name' configuration"],
    ['{"name":"a","config":{"name":"b"}}', "doesn't match the one specified in 'name' at '/x/c.conf'"],
    [
      '{"name":"a",\n "config":{"x":"1",}}',
      "/x/c.conf can't be used as a configuration: it begins like JSON but is none, line 2",
    ],
    ['{"name":"a"', 'it begins like JSON but is none, line 1'],
    ['{"name":"a","config":{},"initial_state":"x"}', 'initial_state x is unknown'],
    ['{"name":"a","x":null}', 'the value of "x" must be text'],
    ['{"name":"a","x":{}}', 'the value of "x" must be text'],
    ['{"name":"a","config":{"x":[1]}}', 'the value of "x" must be text'],
    ['name=a\n=b\n', 'line 2 has no key'],
    ['', "is missing the mandatory 'name' configuration"],
  ])('%j', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  test('a secret in it is not repeated', () => {
    try {
      parse('{"name":"a","password":"CANARY" "x"}');
    } catch (error) {
      expect(String(error)).not.toContain('CANARY');
      return;
    }
    throw new Error('It was read');
  });

  test('a file that is not there', () => {
    expect(() => readConnectorFile(join(folder, 'none.json'))).toThrow(
      `Can't read ${join(folder, 'none.json')}: ENOENT`,
    );
    expect(() => readConnectorFile(folder)).toThrow("Can't read");
  });
});

describe('properties are what Java makes of the bytes', () => {
  test.each(
    PROPERTIES_CASES.map((it) => [JSON.stringify(Buffer.from(it.bytes, 'base64').toString('latin1')), it] as const),
  )('%s', (text, question) => {
    const file = join(folder, 'case.properties');
    writeFileSync(file, Buffer.from(question.bytes, 'base64'));
    const java = recordedWorkerAnswer(question);
    // A line without a key is a slip of the pen: here it is told.
    if ('error' in java || text.startsWith('"=')) expect(() => readWorkerProperties(file)).toThrow(file);
    else expect({ ...readWorkerProperties(file) }).toEqual(java.ok);
  });
});

test('properties are UTF-8 where they can be, else ISO 8859-1 as in Java', () => {
  const file = join(folder, 'worker.properties');
  writeFileSync(file, 'name=ü\nescaped=\\u00fc\n');
  expect(readWorkerProperties(file)).toEqual({ name: 'ü', escaped: 'ü' });
  writeFileSync(file, Buffer.from('name=\xfc\n', 'latin1'));
  expect(readWorkerProperties(file)).toEqual({ name: 'ü' });
  writeFileSync(file, '\ufeffname=a\r\nb=c\r\n');
  expect(readWorkerProperties(file)).toEqual({ name: 'a', b: 'c' });
});
