import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { APIS } from '../../../../main/protocol/messages/apis.ts';
import type { Message } from '../../../../main/protocol/schema/message.ts';
import { messageArbitrary } from '../../../kit/message-arbitrary.ts';
import { needs } from '../../../kit/needs.ts';
import { NESTED_MESSAGES } from '../../../kit/nested-messages.ts';
import { askKafka } from '../../../kit/protocol-peer.ts';

const SAMPLES = 15;

/** Kafka's classes read what we wrote and write it again: the same bytes, or one of us is wrong. */
describe.skipIf(needs('kafka'))("Kafka's own classes", () => {
  const seed = Number(process.env.FC_SEED ?? 20_260_101);

  test.each(['request', 'response'] as const)('read and write every %s as we do', async (kind) => {
    const commands: string[] = [];
    for (const api of APIS) {
      const message: Message = api[kind];
      for (let version = api.versions.min; version <= api.versions.max; version++) {
        for (const value of fc.sample(messageArbitrary(message.fields, version), { numRuns: SAMPLES, seed })) {
          const bytes = message.encode(version, value as never);
          commands.push(`${kind} ${api.key} ${version} ${bytes.toString('hex')}`);
        }
      }
    }
    const answers = await askKafka(commands);
    const different = commands.flatMap((command, i) =>
      command.endsWith(` ${answers[i]}`) ? [] : [`${command}\n  ${answers[i]}`],
    );
    expect(different).toEqual([]);
    expect(commands.length).toBeGreaterThan(SAMPLES * 150);
  });

  test('read and write every stored or nested message as we do', async () => {
    const commands: string[] = [];
    for (const [name, javaClass, message] of NESTED_MESSAGES) {
      for (let version = message.versions.min; version <= message.versions.max; version++) {
        for (const value of fc.sample(messageArbitrary(message.fields, version), { numRuns: SAMPLES, seed })) {
          // Kafka 4 numbers a key's versions from 0, as the number in front of it is the record's type.
          const javaVersion = name.endsWith('Key') ? 0 : version;
          commands.push(
            `message ${javaClass} ${javaVersion} ${message.encode(version, value as never).toString('hex')}`,
          );
        }
      }
    }
    const answers = await askKafka(commands);
    expect(commands.flatMap((command, i) => (command.endsWith(` ${answers[i]}`) ? [] : [command, answers[i]]))).toEqual(
      [],
    );
  });
});
