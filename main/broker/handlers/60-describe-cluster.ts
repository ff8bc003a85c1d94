import { describeCluster, Errors } from '../../protocol/messages/index.ts';
import { handler } from '../server/handler.ts';
import type { BrokerIdentity } from './broker-identity.ts';

const BROKERS = 1;

export const describeClusterHandler = (broker: BrokerIdentity) =>
  handler<typeof describeCluster>({
    api: describeCluster,
    gap: 'Controllers have no listener of their own here: endpoint type 2 is refused.',
    handle(request, { listener }) {
      const { endpointType } = request;
      if (endpointType !== BROKERS) {
        return {
          errorCode: Errors.UNSUPPORTED_ENDPOINT_TYPE,
          errorMessage: 'This listener serves brokers: ask for endpoint type 1.',
          endpointType,
          clusterId: broker.clusterId,
          brokers: [],
        };
      }
      return {
        errorCode: Errors.NONE,
        endpointType,
        clusterId: broker.clusterId,
        controllerId: broker.nodeId,
        brokers: [{ brokerId: broker.nodeId, ...listener }],
      };
    },
  });
