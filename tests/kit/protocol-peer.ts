import { join } from 'node:path';
import { runJava } from './apache-kafka.ts';

const SOURCE = join(import.meta.dirname, '../main/protocol/java/ProtocolPeer.java');

/** Asks Kafka's own classes: one answer for each command, in order. One JVM for all of them. */
export async function askKafka(commands: readonly string[]): Promise<string[]> {
  const { code, stdout, stderr } = await runJava(SOURCE, [], `${commands.join('\n')}\n`);
  if (code !== 0) throw new Error(`ProtocolPeer.java ended with ${code}: ${stderr}`);
  const answers = stdout.toString().split('\n').slice(0, -1);
  if (answers.length !== commands.length) throw new Error(`${answers.length} answers to ${commands.length}: ${stderr}`);
  return answers;
}
