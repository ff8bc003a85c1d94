import * as consumerProtocol from '../../main/protocol/messages/consumer-protocol.ts';
import * as consumerGroupRecords from '../../main/protocol/records/consumer-group-records.ts';
import * as coordinatorRecords from '../../main/protocol/records/coordinator-records.ts';
import type { Message } from '../../main/protocol/schema/message.ts';

/** Messages that are stored or nested rather than sent, with Java's package for each. */
export const NESTED_MESSAGES: readonly (readonly [name: string, javaClass: string, message: Message])[] = [
  ...Object.values(consumerProtocol),
  ...Object.values(coordinatorRecords),
  ...Object.values(consumerGroupRecords),
].map((message) => [message.name, `${packageOf(message.name)}.${message.name}`, message as Message]);

function packageOf(name: string): string {
  if (name.startsWith('ConsumerProtocol')) return 'org.apache.kafka.common.message';
  return `org.apache.kafka.coordinator.${name.startsWith('Transaction') ? 'transaction' : 'group'}.generated`;
}
