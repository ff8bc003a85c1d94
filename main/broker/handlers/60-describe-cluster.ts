import { describeCluster, Errors } from '../../protocol/messages/index.ts';
import { handler } from '../server/handler.ts';
import { CLUSTER_OPERATIONS, NOT_ASKED } from './authorized-operations.ts';
import type { BrokerIdentity } from './broker-identity.ts';

const BROKERS = 1;
const CONTROLLERS = 2;

const refused = (errorCode: number, errorMessage: string) => ({ errorCode, errorMessage, clusterId: '', brokers: [] });

export const describeClusterHandler = (broker: BrokerIdentity) =>
  handler<typeof describeCluster>({
    api: describeCluster,
    handle(request, { listener }) {
      const { endpointType } = request;
      if (endpointType === CONTROLLERS) {
        return refused(
          Errors.MISMATCHED_ENDPOINT_TYPE,
          'The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER',
        );
      }
      if (endpointType !== BROKERS) {
        return refused(Errors.UNSUPPORTED_ENDPOINT_TYPE, `Unsupported endpoint type ${endpointType}`);
      }
      return {
        errorCode: Errors.NONE,
        endpointType,
        clusterId: broker.clusterId,
        controllerId: broker.nodeId,
        clusterAuthorizedOperations: request.includeClusterAuthorizedOperations ? CLUSTER_OPERATIONS : NOT_ASKED,
        brokers: [{ brokerId: broker.nodeId, ...listener }],
      };
    },
  });
