import { ApiException, createPartitions, Errors } from '../../protocol/messages/index.ts';
import type { Topics } from '../metadata/topics.ts';
import { handler } from '../server/handler.ts';
import { answerOf } from './answer-of.ts';
import { checkAssignment } from './manual-assignment.ts';

export const createPartitionsHandler = (topics: Topics, nodeId: number) =>
  handler<typeof createPartitions>({
    api: createPartitions,
    async handle(request) {
      const results = [];
      const names = request.topics.map(({ name }) => name);
      const doubles = new Set(names.filter((name, i) => names.indexOf(name) !== i));
      for (const name of doubles) {
        results.push({ name, errorCode: Errors.INVALID_REQUEST, errorMessage: 'Duplicate topic name.' });
      }
      for (const { name, count, assignments } of request.topics) {
        if (doubles.has(name)) continue;
        if (!topics.get(name)) {
          results.push({ name, errorCode: Errors.UNKNOWN_TOPIC_OR_PARTITION, errorMessage: null });
          continue;
        }
        const answer = await answerOf(async () => {
          topics.checkAddition(name, count);
          const now = topics.get(name)?.logs.length ?? 0;
          if (assignments) checkEach(assignments, count - now, nodeId);
          if (!request.validateOnly) await topics.addPartitions(name, count);
        });
        results.push({ name, ...answer });
      }
      return { results };
    },
  });

/** @throws ApiException INVALID_REPLICA_ASSIGNMENT */
function checkEach(assignments: readonly { brokerIds: readonly number[] }[], additional: number, nodeId: number): void {
  if (assignments.length !== additional) {
    throw new ApiException(
      Errors.INVALID_REPLICA_ASSIGNMENT,
      `Attempted to add ${additional} additional partition(s), but only ${assignments.length} assignment(s) were specified.`,
    );
  }
  for (const { brokerIds } of assignments) checkAssignment(brokerIds, nodeId);
}
