import { ApiException, type ConsumerGroupHeartbeatRequest, Errors } from '../../protocol/messages/index.ts';
import { compilePattern, NamePatternException } from './name-pattern.ts';
import { SERVER_ASSIGNORS } from './server-assignors.ts';

/** Member epochs with a meaning of their own. */
export const JOIN = 0;
export const LEAVE_FOR_A_WHILE = -2;

/** @throws ApiException INVALID_REQUEST, UNSUPPORTED_ASSIGNOR */
export function checkHeartbeat(request: ConsumerGroupHeartbeatRequest): void {
  const invalid = (message: string) => new ApiException(Errors.INVALID_REQUEST, message);
  const { memberEpoch, serverAssignor, topicPartitions } = request;
  if (memberEpoch < LEAVE_FOR_A_WHILE) throw invalid('MemberEpoch is invalid.');
  if (memberEpoch === LEAVE_FOR_A_WHILE && request.instanceId === null) throw invalid("InstanceId can't be null.");
  if (request.instanceId === '') throw invalid("InstanceId can't be empty.");
  if (request.rackId === '') throw invalid("RackId can't be empty.");
  if (memberEpoch === JOIN) {
    if (request.rebalanceTimeoutMs <= 0) throw invalid('RebalanceTimeoutMs must be provided in first request.');
    if (topicPartitions === null || topicPartitions.length > 0) {
      throw invalid('TopicPartitions must be empty when (re-)joining.');
    }
    if (request.subscribedTopicNames === null && request.subscribedTopicRegex === null) {
      throw invalid('Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.');
    }
  }
  if (serverAssignor !== null && !SERVER_ASSIGNORS.has(serverAssignor)) {
    throw new ApiException(
      Errors.UNSUPPORTED_ASSIGNOR,
      `ServerAssignor ${serverAssignor} is not supported. Supported assignors: ${[...SERVER_ASSIGNORS.keys()].join(', ')}.`,
    );
  }
}

/** Whether it has every field, as after an answer that was lost. */
export function isWhole(request: ConsumerGroupHeartbeatRequest): boolean {
  return (
    request.rebalanceTimeoutMs !== -1 &&
    (request.subscribedTopicNames !== null || request.subscribedTopicRegex !== null) &&
    request.topicPartitions !== null
  );
}

/** @throws ApiException INVALID_REGULAR_EXPRESSION */
export function checkTopicPattern(pattern: string): void {
  try {
    compilePattern(pattern);
  } catch (error) {
    if (!(error instanceof NamePatternException)) throw error;
    throw new ApiException(
      Errors.INVALID_REGULAR_EXPRESSION,
      `SubscribedTopicRegex \`${pattern}\` is not a valid regular expression: ${error.message}.`,
    );
  }
}

export function unknownMember(memberId: string, groupId: string): ApiException {
  return new ApiException(Errors.UNKNOWN_MEMBER_ID, `Member ${memberId} is not a member of group ${groupId}.`);
}

export function unknownInstance(instanceId: string): ApiException {
  return new ApiException(Errors.UNKNOWN_MEMBER_ID, `Instance id ${instanceId} is unknown.`);
}

/** `owner`: the member that has the instance id now. */
export function fencedInstance(instanceId: string, memberId: string, owner: string): ApiException {
  return new ApiException(
    Errors.FENCED_INSTANCE_ID,
    `Static member ${memberId} with instance id ${instanceId} was fenced by member ${owner}.`,
  );
}
