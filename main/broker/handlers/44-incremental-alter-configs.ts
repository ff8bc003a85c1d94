import { ApiException, Errors, incrementalAlterConfigs } from '../../protocol/messages/index.ts';
import { listOf } from '../config/property.ts';
import { handler } from '../server/handler.ts';
import { alter, type ConfigTarget, type ConfigTargets, configTargetOf, nullValue } from './altered-configs.ts';
import { answerOf } from './answer-of.ts';

const SET = 0;
const DELETE = 1;
const APPEND = 2;
const SUBTRACT = 3;

interface Change {
  readonly name: string;
  readonly configOperation: number;
  readonly value: string | null;
}

export const incrementalAlterConfigsHandler = (targets: ConfigTargets) =>
  handler<typeof incrementalAlterConfigs>({
    api: incrementalAlterConfigs,
    gap: 'Topics and brokers; nothing else has settings here.',
    async handle(request) {
      const responses = [];
      const named = request.resources.map(({ resourceType, resourceName }) => `${resourceType} ${resourceName}`);
      for (const [i, resource] of request.resources.entries()) {
        const { resourceType, resourceName, configs } = resource;
        const answer = await answerOf(async () => {
          if (named.indexOf(named[i]!) !== named.lastIndexOf(named[i]!)) {
            throw new ApiException(Errors.INVALID_REQUEST, 'Each resource must appear at most once.');
          }
          const target = configTargetOf(targets, resource);
          const nulls = configs.filter(({ configOperation, value }) => configOperation !== DELETE && value === null);
          if (nulls.length > 0) throw nullValue(nulls.map(({ name }) => name));
          await alter(target, (now) => applied(target, now, configs), request.validateOnly);
        });
        responses.push({ resourceType, resourceName, ...answer });
      }
      return { responses };
    },
  });

function applied(
  target: ConfigTarget,
  now: ReadonlyMap<string, string>,
  changes: readonly Change[],
): Map<string, string> {
  const result = new Map(now);
  for (const { name, configOperation, value } of changes) {
    if (configOperation === DELETE) {
      result.delete(name);
      continue;
    }
    if (configOperation === SET) {
      result.set(name, value ?? '');
      continue;
    }
    if (configOperation !== APPEND && configOperation !== SUBTRACT)
      throw new ApiException(Errors.INVALID_REQUEST, `Unknown operations type ${configOperation}`);
    const list = target.listValue(name, result, configOperation === APPEND ? 'append' : 'subtract');
    const items = listOf(list);
    const named = listOf(value ?? '');
    const next =
      configOperation === APPEND
        ? [...items, ...named.filter((item) => !items.includes(item))]
        : items.filter((item) => !named.includes(item));
    result.set(name, next.join(','));
  }
  return result;
}
