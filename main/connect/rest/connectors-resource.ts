import type { ConnectorInfo } from '../../../common/connect/connector-state-info.ts';
import { NotFoundException } from '../../../common/errors.ts';
import { withName } from '../runtime/connector-name.ts';
import { asConfig, asCreateConnectorRequest } from './request-body.ts';
import { RestException } from './rest-exception.ts';
import {
  ACCEPTED,
  type Answer,
  flag,
  NO_CONTENT,
  ok,
  type QueryParameter,
  type Route,
  type RouteRequest,
} from './route.ts';
import { BOOLEAN, list, mapOf, ref, TEXT } from './schemas.ts';

const AUTHOR = 'rest';

const EXPAND: QueryParameter = {
  name: 'expand',
  description: '`info` or `status`, or both by two parameters: an object by name instead of a list of names.',
  schema: list(TEXT),
};
const RESTART_FLAGS: readonly QueryParameter[] = [
  { name: 'includeTasks', description: 'Restart the tasks too.', schema: { ...BOOLEAN, default: false } },
  { name: 'onlyFailed', description: 'Restart only what has failed.', schema: { ...BOOLEAN, default: false } },
];

/** `/connectors` and what is under it, offsets apart. Java: `ConnectorsResource`. */
export const CONNECTORS_RESOURCE: readonly Route[] = [
  {
    method: 'GET',
    path: '/connectors',
    summary: 'The names of all connectors.',
    query: [EXPAND],
    answers: { 200: { type: ['array', 'object'], items: TEXT, additionalProperties: ref('ConnectorExpansion') } },
    handle: listConnectors,
  },
  {
    method: 'POST',
    path: '/connectors',
    summary: 'Create a connector.',
    body: ref('CreateConnectorRequest'),
    answers: { 201: ref('ConnectorInfo') },
    handle: createConnector,
  },
  {
    method: 'GET',
    path: '/connectors/{connector}',
    summary: 'A connector with its configuration and tasks.',
    answers: { 200: ref('ConnectorInfo') },
    handle: ({ herder, param }) => ok(herder.connectorInfo(param('connector'))),
  },
  {
    method: 'DELETE',
    path: '/connectors/{connector}',
    summary: 'Stop the connector and delete it; its offsets stay.',
    answers: { 204: null },
    async handle({ herder, param }) {
      await herder.deleteConnector(param('connector'));
      return NO_CONTENT;
    },
  },
  {
    method: 'GET',
    path: '/connectors/{connector}/config',
    summary: 'The configuration of a connector.',
    answers: { 200: mapOf(TEXT) },
    handle: ({ herder, param }) => ok(herder.connectorConfig(param('connector'))),
  },
  {
    method: 'PUT',
    path: '/connectors/{connector}/config',
    summary: 'Create the connector, or give it another configuration.',
    body: ref('Config'),
    answers: { 200: ref('ConnectorInfo'), 201: ref('ConnectorInfo') },
    handle: putConfig,
  },
  {
    method: 'PATCH',
    path: '/connectors/{connector}/config',
    summary: 'Change some keys of the configuration; null removes one (KIP-477).',
    body: ref('Config'),
    answers: { 200: ref('ConnectorInfo') },
    async handle({ herder, param, body }) {
      return ok(await herder.patchConnectorConfig(param('connector'), asConfig(await body()), AUTHOR));
    },
  },
  {
    method: 'GET',
    path: '/connectors/{connector}/status',
    summary: 'The states of the connector and its tasks.',
    answers: { 200: ref('ConnectorStateInfo') },
    handle: ({ herder, param }) => ok(herder.connectorStatus(param('connector'))),
  },
  {
    method: 'POST',
    path: '/connectors/{connector}/restart',
    summary: 'Restart the connector; with one of the flags also its tasks (KIP-745).',
    query: RESTART_FLAGS,
    answers: { 202: ref('ConnectorStateInfo'), 204: null },
    handle: restart,
  },
  {
    method: 'PUT',
    path: '/connectors/{connector}/pause',
    summary: 'Pause the connector and its tasks; nothing happens when they are paused.',
    answers: { 202: null },
    async handle({ herder, param }) {
      await herder.pauseConnector(param('connector'));
      return ACCEPTED;
    },
  },
  {
    method: 'PUT',
    path: '/connectors/{connector}/resume',
    summary: 'Let a paused or stopped connector go on; nothing happens when it runs.',
    answers: { 202: null },
    async handle({ herder, param }) {
      await herder.resumeConnector(param('connector'));
      return ACCEPTED;
    },
  },
  {
    method: 'PUT',
    path: '/connectors/{connector}/stop',
    summary: 'End the tasks of the connector and keep its configuration; nothing happens when it is stopped.',
    answers: { 204: null },
    async handle({ herder, param }) {
      await herder.stopConnector(param('connector'));
      return NO_CONTENT;
    },
  },
  {
    method: 'GET',
    path: '/connectors/{connector}/tasks',
    summary: 'The tasks of the connector with their configurations.',
    answers: { 200: list(ref('TaskInfo')) },
    handle: ({ herder, param }) => ok(herder.taskConfigs(param('connector'))),
  },
  {
    method: 'GET',
    path: '/connectors/{connector}/tasks/{task}/status',
    summary: 'The state of one task.',
    answers: { 200: ref('TaskState') },
    handle: ({ herder, param }) => ok(herder.taskStatus(param('connector'), taskNumber(param('task')))),
  },
  {
    method: 'POST',
    path: '/connectors/{connector}/tasks/{task}/restart',
    summary: 'Restart one task.',
    answers: { 204: null },
    async handle({ herder, param }) {
      await herder.restartTask(param('connector'), taskNumber(param('task')));
      return NO_CONTENT;
    },
  },
  {
    method: 'GET',
    path: '/connectors/{connector}/topics',
    summary: 'The topics that the connector has used since they were last reset (KIP-558).',
    answers: { 200: mapOf(ref('ActiveTopicsInfo')) },
    handle({ herder, param }) {
      const name = param('connector');
      return ok(Object.fromEntries([[name, { topics: herder.activeTopics(name) }]]));
    },
  },
  {
    method: 'PUT',
    path: '/connectors/{connector}/topics/reset',
    summary: 'Forget the topics that the connector has used.',
    answers: { 202: null },
    handle({ herder, param }) {
      herder.resetActiveTopics(param('connector'));
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
  const { name, config, targetState } = asCreateConnectorRequest(await body());
  const { info } = await herder.putConnectorConfig(name, withName(name, config), {
    allowReplace: false,
    author: AUTHOR,
    ...(targetState === null ? {} : { targetState }),
  });
  return created(origin, info);
}

async function putConfig({ herder, param, body, origin }: RouteRequest): Promise<Answer> {
  const name = param('connector');
  const config = withName(name, asConfig(await body()));
  const { created: isNew, info } = await herder.putConnectorConfig(name, config, {
    allowReplace: true,
    author: AUTHOR,
  });
  return isNew ? created(origin, info) : ok(info);
}

async function restart({ herder, param, query }: RouteRequest): Promise<Answer> {
  const [includeTasks, onlyFailed] = [flag(query, 'includeTasks'), flag(query, 'onlyFailed')];
  const connector = param('connector');
  if (includeTasks || onlyFailed)
    return { status: 202, body: await herder.restartConnectorAndTasks({ connector, includeTasks, onlyFailed }) };
  await herder.restartConnector(connector);
  return NO_CONTENT;
}

function created(origin: string, info: ConnectorInfo): Answer {
  return { status: 201, body: info, headers: { location: `${origin}/connectors/${encodeURIComponent(info.name)}` } };
}

/** As Java reads an `Integer`: a sign and zeros before it are fine. */
function taskNumber(text: string): number {
  const number = /^[+-]?\d{1,30}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= -(2 ** 31) && number < 2 ** 31) return number;
  throw new RestException(404, 'HTTP 404 Not Found');
}
