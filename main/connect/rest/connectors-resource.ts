import type { ConnectorInfo, TargetState } from '../../../common/connect/connector-state-info.ts';
import { BadRequestException, NotFoundException } from '../../../common/errors.ts';
import { withName } from '../runtime/connector-name.ts';
import { asConfig, asCreateConnectorRequest } from './request-body.ts';
import { RestException } from './rest-exception.ts';
import { ACCEPTED, type Answer, flag, NO_CONTENT, ok, type Route, type RouteRequest } from './route.ts';

const AUTHOR = 'rest';

/** `/connectors` and what is under it, offsets apart. Java: `ConnectorsResource`. */
export const CONNECTORS_RESOURCE: readonly Route[] = [
  { method: 'GET', path: '/connectors', handle: listConnectors },
  { method: 'POST', path: '/connectors', handle: createConnector },
  { method: 'GET', path: '/connectors/:name', handle: ({ herder, param }) => ok(herder.connectorInfo(param('name'))) },
  {
    method: 'DELETE',
    path: '/connectors/:name',
    async handle({ herder, param }) {
      await herder.deleteConnector(param('name'));
      return NO_CONTENT;
    },
  },
  {
    method: 'GET',
    path: '/connectors/:name/config',
    handle: ({ herder, param }) => ok(herder.connectorConfig(param('name'))),
  },
  { method: 'PUT', path: '/connectors/:name/config', handle: putConfig },
  {
    method: 'PATCH',
    path: '/connectors/:name/config',
    async handle({ herder, param, body }) {
      return ok(await herder.patchConnectorConfig(param('name'), asConfig(await body()), AUTHOR));
    },
  },
  {
    method: 'GET',
    path: '/connectors/:name/status',
    handle: ({ herder, param }) => ok(herder.connectorStatus(param('name'))),
  },
  { method: 'POST', path: '/connectors/:name/restart', handle: restart },
  {
    method: 'PUT',
    path: '/connectors/:name/pause',
    async handle({ herder, param }) {
      await herder.pauseConnector(param('name'));
      return ACCEPTED;
    },
  },
  {
    method: 'PUT',
    path: '/connectors/:name/resume',
    async handle({ herder, param }) {
      await herder.resumeConnector(param('name'));
      return ACCEPTED;
    },
  },
  {
    method: 'PUT',
    path: '/connectors/:name/stop',
    async handle({ herder, param }) {
      await herder.stopConnector(param('name'));
      return NO_CONTENT;
    },
  },
  {
    method: 'GET',
    path: '/connectors/:name/tasks',
    handle: ({ herder, param }) => ok(herder.taskConfigs(param('name'))),
  },
  {
    method: 'GET',
    path: '/connectors/:name/tasks/:task/status',
    handle: ({ herder, param }) => ok(herder.taskStatus(param('name'), taskNumber(param('task')))),
  },
  {
    method: 'POST',
    path: '/connectors/:name/tasks/:task/restart',
    async handle({ herder, param }) {
      await herder.restartTask(param('name'), taskNumber(param('task')));
      return NO_CONTENT;
    },
  },
  {
    method: 'GET',
    path: '/connectors/:name/topics',
    handle({ herder, param }) {
      const name = param('name');
      return ok(Object.fromEntries([[name, { topics: herder.activeTopics(name) }]]));
    },
  },
  {
    method: 'PUT',
    path: '/connectors/:name/topics/reset',
    handle({ herder, param }) {
      herder.resetActiveTopics(param('name'));
      return ACCEPTED;
    },
  },
];

function listConnectors({ herder, query }: RouteRequest): Answer {
  const names = herder.connectors();
  if (!query.has('expand')) return ok(names);
  const wanted = query.getAll('expand');
  const expanded: [string, Record<string, unknown>][] = [];
  for (const name of names) {
    try {
      expanded.push([
        name,
        {
          ...(wanted.includes('info') ? { info: herder.connectorInfo(name) } : {}),
          ...(wanted.includes('status') ? { status: herder.connectorStatus(name) } : {}),
        },
      ]);
    } catch (error) {
      // Between its creation and its first state, a connector has no status.
      if (!(error instanceof NotFoundException)) throw error;
    }
  }
  return ok(Object.fromEntries(expanded));
}

async function createConnector({ herder, body, origin }: RouteRequest): Promise<Answer> {
  const request = asCreateConnectorRequest(await body());
  const config = withName(request.name, request.config);
  const targetState = initialTargetState(request.initialState);
  const { info } = await herder.putConnectorConfig(request.name, config, {
    allowReplace: false,
    author: AUTHOR,
    ...(targetState === null ? {} : { targetState }),
  });
  return created(origin, info);
}

async function putConfig({ herder, param, body, origin }: RouteRequest): Promise<Answer> {
  const name = param('name');
  const config = withName(name, asConfig(await body()));
  const { created: isNew, info } = await herder.putConnectorConfig(name, config, {
    allowReplace: true,
    author: AUTHOR,
  });
  return isNew ? created(origin, info) : ok(info);
}

async function restart({ herder, param, query }: RouteRequest): Promise<Answer> {
  const [includeTasks, onlyFailed] = [flag(query, 'includeTasks'), flag(query, 'onlyFailed')];
  const connector = param('name');
  if (includeTasks || onlyFailed)
    return { status: 202, body: await herder.restartConnectorAndTasks({ connector, includeTasks, onlyFailed }) };
  await herder.restartConnector(connector);
  return NO_CONTENT;
}

function created(origin: string, info: ConnectorInfo): Answer {
  return { status: 201, body: info, headers: { location: `${origin}/connectors/${encodeURIComponent(info.name)}` } };
}

const INITIAL_STATES: ReadonlyMap<string, TargetState> = new Map([
  ['RUNNING', 'STARTED'],
  ['PAUSED', 'PAUSED'],
  ['STOPPED', 'STOPPED'],
]);

function initialTargetState(text: string | null): TargetState | null {
  if (text === null) return null;
  const state = INITIAL_STATES.get(text.toUpperCase());
  if (state === undefined)
    throw new BadRequestException(`initial_state ${text} is unknown: RUNNING, PAUSED and STOPPED are known`);
  return state;
}

function taskNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new RestException(404, 'HTTP 404 Not Found');
}
