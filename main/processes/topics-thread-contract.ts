import { topicContract } from '../../common/contract.ts';
import { call } from '../../common/rpc.ts';

export const threadContract = {
  ...topicContract,
  /** Answered at once, as long as the thread does not hang. */
  ping: call().of<void>(),
  dropConnections: call().of<void>(),
  close: call().of<void>(),
};

export interface TopicsThreadData {
  /** Connection settings of the worker's Kafka. */
  config: Readonly<Record<string, string>>;
}
