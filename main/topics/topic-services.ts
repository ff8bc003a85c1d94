import type { TopicServices } from '../../common/contract.ts';
import type { TopicService } from './topic-service.ts';

/** The contract's half that is about topics, answered by a TopicService. */
export function topicServices(service: TopicService): TopicServices {
  return {
    environment: (_, emit) => service.onEnvironment(emit),
    topics: (_, emit) => service.onTopics(emit),
    describeTopic: ({ topic }) => service.describe(topic),
    consume: (request, signal) => service.consume(request, signal),
    record: (position) => service.record(position),
  };
}
