import { describeCluster } from '../../../../main/protocol/messages/index.ts';
import { casesOf } from '../behaviour.ts';

export const DESCRIBE_CLUSTER_CASES = casesOf('DescribeCluster', {
  'the brokers are described': (broker) =>
    broker.ask(describeCluster, 2, { includeClusterAuthorizedOperations: false, includeFencedBrokers: false }),
});
