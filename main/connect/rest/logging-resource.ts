import { BadRequestException, NotFoundException } from '../../../common/errors.ts';
import { LOG_THRESHOLDS, type LogThreshold } from '../../../common/logger.ts';
import { asConfig } from './request-body.ts';
import { NO_CONTENT, ok, type Route } from './route.ts';

/** Levels of loggers, changed while the worker runs. Java: `LoggingResource` (KIP-495, KIP-976). */
export const LOGGING_RESOURCE: readonly Route[] = [
  {
    method: 'GET',
    path: '/admin/loggers',
    handle: ({ herder }) => ok(Object.fromEntries(herder.allLoggerLevels())),
  },
  {
    method: 'GET',
    path: '/admin/loggers/:logger',
    handle({ herder, param }) {
      const name = param('logger');
      const level = herder.loggerLevel(name);
      if (level === null) throw new NotFoundException(`Logger ${name} not found.`);
      return ok(level);
    },
  },
  {
    method: 'PUT',
    path: '/admin/loggers/:logger',
    async handle({ herder, param, query, body }) {
      const { level = null } = asConfig(await body());
      if (level === null) throw new BadRequestException("Desired 'level' parameter was not specified in request.");
      const threshold = level.toUpperCase();
      if (!isThreshold(threshold)) throw new NotFoundException(`invalid log level '${level}'.`);
      const changed = herder.setLoggerLevel(param('logger'), threshold);
      // A standalone worker is the whole cluster.
      return query.get('scope')?.toLowerCase() === 'cluster' ? NO_CONTENT : ok(changed);
    },
  },
];

function isThreshold(text: string): text is LogThreshold {
  return (LOG_THRESHOLDS as readonly string[]).includes(text);
}
