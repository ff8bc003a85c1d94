import { alterConfigs } from '../../protocol/messages/index.ts';
import type { Topics } from '../metadata/topics.ts';
import { handler } from '../server/handler.ts';
import { checkedConfigs, nullValue, topicOfResource } from './altered-configs.ts';
import { answerOf } from './answer-of.ts';

export const alterConfigsHandler = (topics: Topics, nodeId: number) =>
  handler<typeof alterConfigs>({
    api: alterConfigs,
    gap: 'Topics only: the broker’s own properties are given at its start.',
    async handle(request) {
      const responses = [];
      for (const resource of request.resources) {
        const { resourceType, resourceName, configs } = resource;
        const answer = await answerOf(async () => {
          const topic = topicOfResource(topics, nodeId, resource);
          const nulls = configs.filter(({ value }) => value === null).map(({ name }) => name);
          if (nulls.length > 0) throw nullValue(nulls);
          const given = configs.map(({ name, value }) => [name, value as string] as const);
          const changed = checkedConfigs(new Map(given));
          if (!request.validateOnly) await topics.changeConfigs(topic.name, () => changed);
        });
        responses.push({ resourceType, resourceName, ...answer });
      }
      return { responses };
    },
  });
