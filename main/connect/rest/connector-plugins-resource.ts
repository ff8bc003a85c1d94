import { BadRequestException } from '../../../common/errors.ts';
import { asConfig } from './request-body.ts';
import { flag, ok, type Route } from './route.ts';

/** Java: `ConnectorPluginsResource`. */
export const CONNECTOR_PLUGINS_RESOURCE: readonly Route[] = [
  {
    method: 'GET',
    path: '/connector-plugins',
    handle: async ({ herder, query }) => ok(await herder.plugins(flag(query, 'connectorsOnly', true))),
  },
  {
    method: 'GET',
    path: '/connector-plugins/:plugin/config',
    handle: async ({ herder, param, query }) => ok(await herder.pluginConfig(param('plugin'), query.get('version'))),
  },
  {
    method: 'PUT',
    path: '/connector-plugins/:plugin/config/validate',
    async handle({ herder, param, body }) {
      const plugin = param('plugin');
      const config = asConfig(await body());
      const included = config['connector.class'];
      if (typeof included === 'string' && !sameClass(included, plugin))
        throw new BadRequestException(`Included connector type ${included} does not match request type ${plugin}`);
      return ok(await herder.validateConnectorConfig(config));
    },
  },
];

/** With or without `Connector` at the end it is the same. Java: `ConnectorPluginsResource.normalizedPluginName`. */
function sameClass(included: string, requested: string): boolean {
  const normalized = (name: string) => name.replace(/(?<=.)Connector$/, '');
  return normalized(included) === normalized(requested);
}
