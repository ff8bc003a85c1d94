import { describeCluster } from '../../../../main/protocol/messages/index.ts';
import { casesOf } from '../behaviour.ts';
import type { PlayedBroker } from '../played-broker.ts';

const ask = (
  broker: PlayedBroker,
  { version = 2, endpointType = 1, includeClusterAuthorizedOperations = false, includeFencedBrokers = false } = {},
) => broker.ask(describeCluster, version, { endpointType, includeClusterAuthorizedOperations, includeFencedBrokers });

export const DESCRIBE_CLUSTER_CASES = casesOf('DescribeCluster', {
  'the brokers': (broker) => ask(broker),
  'with brokers that are fenced': (broker) => ask(broker, { includeFencedBrokers: true }),
  'what an asker may do': (broker) => ask(broker, { includeClusterAuthorizedOperations: true }),
  'the controllers, which a broker does not tell': (broker) => ask(broker, { endpointType: 2 }),
  'an endpoint type that nobody has': (broker) => ask(broker, { endpointType: 3 }),
  'no endpoint type': (broker) => ask(broker, { endpointType: 0 }),
});
