import { ApiException, type ConsumerGroupHeartbeatRequest, Errors } from '../../protocol/messages/index.ts';
import { SERVER_ASSIGNORS } from './server-assignors.ts';

/** Member epochs with a meaning of their own. */
export const JOIN = 0;
export const LEAVE_FOR_A_WHILE = -2;

/** @throws ApiException INVALID_REQUEST, UNSUPPORTED_ASSIGNOR, INVALID_REGULAR_EXPRESSION */
export function checkHeartbeat(request: ConsumerGroupHeartbeatRequest): void {
  const invalid = (message: string) => new ApiException(Errors.INVALID_REQUEST, message);
  const { memberEpoch, serverAssignor, topicPartitions } = request;
  if (memberEpoch < LEAVE_FOR_A_WHILE)
    throw invalid(`MemberEpoch is ${memberEpoch}, but must be greater than or equal to -2.`);
  if (memberEpoch === LEAVE_FOR_A_WHILE && request.instanceId === null) throw invalid("InstanceId can't be null.");
  if (request.instanceId === '') throw invalid("InstanceId can't be empty.");
  if (request.rackId === '') throw invalid("RackId can't be empty.");
  if (request.subscribedTopicRegex !== null && request.subscribedTopicRegex !== '') {
    throw new ApiException(
      Errors.INVALID_REGULAR_EXPRESSION,
      'Subscriptions by regular expression are not served here: let the client match the names itself.',
    );
  }
  if (memberEpoch === JOIN) {
    if (request.rebalanceTimeoutMs <= 0) throw invalid('RebalanceTimeoutMs must be provided in first request.');
    if (topicPartitions === null || topicPartitions.length > 0) {
      throw invalid('TopicPartitions must be empty when (re-)joining.');
    }
    if (request.subscribedTopicNames === null) throw invalid('SubscribedTopicNames must be set in first request.');
  }
  if (serverAssignor !== null && !SERVER_ASSIGNORS.has(serverAssignor)) {
    throw new ApiException(
      Errors.UNSUPPORTED_ASSIGNOR,
      `ServerAssignor ${serverAssignor} is not supported. Supported assignors: ${[...SERVER_ASSIGNORS.keys()].join(', ')}.`,
    );
  }
}

export function unknownMember(memberId: string, groupId: string): ApiException {
  return new ApiException(Errors.UNKNOWN_MEMBER_ID, `Member ${memberId} is not a member of group ${groupId}.`);
}

export function fencedInstance(instanceId: string): ApiException {
  return new ApiException(
    Errors.FENCED_INSTANCE_ID,
    `Static member with instance id ${instanceId} is another member by now.`,
  );
}
