import { alterConfigs } from '../../protocol/messages/index.ts';
import { handler } from '../server/handler.ts';
import { alter, type ConfigTargets, configTargetOf, nullValue } from './altered-configs.ts';
import { answerOf } from './answer-of.ts';

export const alterConfigsHandler = (targets: ConfigTargets) =>
  handler<typeof alterConfigs>({
    api: alterConfigs,
    gap: 'Topics and brokers; nothing else has settings here.',
    async handle(request) {
      const responses = [];
      for (const resource of request.resources) {
        const { resourceType, resourceName, configs } = resource;
        const answer = await answerOf(async () => {
          const target = configTargetOf(targets, resource);
          const nulls = configs.filter(({ value }) => value === null).map(({ name }) => name);
          if (nulls.length > 0) throw nullValue(nulls);
          const given = new Map(configs.map(({ name, value }) => [name, value as string] as const));
          await alter(target, () => given, request.validateOnly);
        });
        responses.push({ resourceType, resourceName, ...answer });
      }
      return { responses };
    },
  });
