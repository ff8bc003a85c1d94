import { BadRequestException, NotFoundException } from '../../../common/errors.ts';
import { LOG_THRESHOLDS, type LogThreshold } from '../../../common/logger.ts';
import { asConfig } from './request-body.ts';
import { NO_CONTENT, ok, type Route } from './route.ts';
import { list, mapOf, ref, TEXT } from './schemas.ts';

/** Levels of loggers, changed while the worker runs. Java: `LoggingResource` (KIP-495, KIP-976). */
export const LOGGING_RESOURCE: readonly Route[] = [
  {
    method: 'GET',
    path: '/admin/loggers',
    summary: 'The levels of all loggers that are not off.',
    answers: { 200: mapOf(ref('LoggerLevel')) },
    handle: ({ herder }) => ok(Object.fromEntries(herder.allLoggerLevels())),
  },
  {
    method: 'GET',
    path: '/admin/loggers/{logger}',
    summary: 'The level of one logger.',
    answers: { 200: ref('LoggerLevel') },
    handle({ herder, param }) {
      const name = param('logger');
      const level = herder.loggerLevel(name);
      if (level === null) throw new NotFoundException(`Logger ${name} not found.`);
      return ok(level);
    },
  },
  {
    method: 'PUT',
    path: '/admin/loggers/{logger}',
    summary: 'Set the level of a logger and of those below it until the worker ends; answers those that have changed.',
    query: [
      {
        name: 'scope',
        description: 'A standalone worker is the whole cluster; `cluster` gets no body (KIP-976).',
        schema: { ...TEXT, default: 'worker' },
      },
    ],
    body: ref('SetLoggerLevel'),
    answers: { 200: list(TEXT), 204: null },
    async handle({ herder, param, query, body }) {
      const { level = null } = asConfig(await body());
      if (level === null) throw new BadRequestException("Desired 'level' parameter was not specified in request.");
      const threshold = level.toUpperCase();
      if (!isThreshold(threshold)) throw new NotFoundException(`invalid log level '${level}'.`);
      const changed = herder.setLoggerLevel(param('logger'), threshold);
      return query.get('scope')?.toLowerCase() === 'cluster' ? NO_CONTENT : ok(changed);
    },
  },
];

function isThreshold(text: string): text is LogThreshold {
  return (LOG_THRESHOLDS as readonly string[]).includes(text);
}
