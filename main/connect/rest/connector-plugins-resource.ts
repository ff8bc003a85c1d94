import { BadRequestException } from '../../../common/errors.ts';
import { asConfig } from './request-body.ts';
import { flag, ok, type Route } from './route.ts';
import { BOOLEAN, list, ref, TEXT } from './schemas.ts';

/** Java: `ConnectorPluginsResource`. */
export const CONNECTOR_PLUGINS_RESOURCE: readonly Route[] = [
  {
    method: 'GET',
    path: '/connector-plugins',
    summary: 'The connectors that can be configured, or all plugins.',
    query: [
      {
        name: 'connectorsOnly',
        description: 'Without converters, transformations and predicates.',
        schema: { ...BOOLEAN, default: true },
      },
    ],
    answers: { 200: list(ref('PluginInfo')) },
    handle: async ({ herder, query }) => ok(await herder.plugins(flag(query, 'connectorsOnly', true))),
  },
  {
    method: 'GET',
    path: '/connector-plugins/{pluginName}/config',
    summary: 'The configuration keys of a plugin of any kind.',
    query: [
      {
        name: 'version',
        description: 'Of the plugin: one version, a range such as `[4.0,5.0)`, or `latest` (KIP-891).',
        schema: TEXT,
      },
    ],
    answers: { 200: list(ref('ConfigKeyInfo')) },
    handle: async ({ herder, param, query }) =>
      ok(await herder.pluginConfig(param('pluginName'), query.get('version'))),
  },
  {
    method: 'PUT',
    path: '/connector-plugins/{pluginName}/config/validate',
    summary: 'Validate the configuration of a connector, the keys of converters and transformations included.',
    body: ref('Config'),
    answers: { 200: ref('ConfigInfos') },
    async handle({ herder, param, body }) {
      const plugin = param('pluginName');
      const config = asConfig(await body());
      const included = config['connector.class'];
      if (typeof included === 'string' && !sameClass(included, plugin))
        throw new BadRequestException(`Included connector type ${included} does not match request type ${plugin}`);
      return ok(await herder.validateConnectorConfig(config));
    },
  },
];

/**
 * With or without `Connector` at the end it is the same, and the path may name the end of the class.
 * Java: `ConnectorPluginsResource.normalizedPluginName`.
 */
function sameClass(included: string, requested: string): boolean {
  const normalized = (name: string) => name.replace(/(?<=.)Connector$/, '');
  return normalized(included).endsWith(normalized(requested));
}
