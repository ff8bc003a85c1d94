import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJaasConfig } from '../../../../main/kafka/security/jaas-config.ts';
import { KAFKA_VERSION } from '../../../../scripts/kafka-jars.mjs';

/** What Java's clients read (scripts/record-jaas.ts). */
interface Recorded {
  version: string;
  cases: { text: string; module?: string; options?: [string, string][]; error?: string }[];
}
const recorded: Recorded = JSON.parse(
  readFileSync(new URL('../../../fixtures/kafka-clients/jaas.json', import.meta.url), 'utf8'),
);

/** Java 4.3.1 takes a word that begins with a digit for a number and refuses it; its successors read any word, as ours. */
const READ_HERE: ReadonlySet<string> = new Set([
  'M required a=p@$$w0rd!#%^&*()_+-[]{}|:,.<>?~`;',
  'com.example.My$Module required a=1 b=2.5 c=-3;',
]);

test('the texts were read by the Kafka that everything is compared with', () => {
  expect(recorded.version).toBe(KAFKA_VERSION);
});

test.each(recorded.cases.filter(({ text }) => !READ_HERE.has(text)))(
  '$text is read as Java reads it',
  ({ text, module, options, error }) => {
    if (error !== undefined) {
      expect(() => parseJaasConfig(text)).toThrow(
        expect.objectContaining({ name: 'ConfigException', key: 'sasl.jaas.config' }),
      );
      return;
    }
    const read = parseJaasConfig(text);
    expect(read.className).toBe(module);
    expect([...read.options].sort(([a], [b]) => (a < b ? -1 : 1))).toEqual(options);
  },
);

test.each([...READ_HERE])('%s is read here', (text) => {
  expect(parseJaasConfig(text).options.get('a')).toBe(/a=(\S+?);? /.exec(`${text} `)?.[1]);
});

test('a password in quotes comes back as it was, whatever is in it', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }).filter((text) => !/[\r\n]/.test(text)),
      (password) => {
        const quoted = `"${password.replace(/["\\]/g, '\\$&')}"`;
        expect(parseJaasConfig(`M required password=${quoted} username=u;`).options.get('password')).toBe(password);
      },
    ),
  );
});

test('no error shows a piece of a password', () => {
  const secret = 'hunter2';
  for (const text of [
    `M ${secret};`,
    `M required password=x ${secret};`,
    `M required password="x" ${secret}`,
    `M required password="${secret}" ${secret}=;`,
    `M required password=x;${secret}`,
    `${secret}`,
    `${secret} required; ${secret} required;`,
  ]) {
    let message = '';
    try {
      parseJaasConfig(text);
    } catch (error) {
      message = `${(error as Error).message} ${(error as { hint?: string }).hint}`;
    }
    expect(message).not.toBe('');
    expect(message).not.toContain(secret);
  }
});
