import { asOffsetChanges } from './request-body.ts';
import { ok, type Route } from './route.ts';

/** Where a connector stands, and changing that while it is STOPPED (KIP-875). Java: `ConnectorsResource`. */
export const OFFSETS_RESOURCE: readonly Route[] = [
  {
    method: 'GET',
    path: '/connectors/:name/offsets',
    async handle({ herder, param }) {
      return ok(await herder.connectorOffsets(param('name')));
    },
  },
  {
    method: 'PATCH',
    path: '/connectors/:name/offsets',
    async handle({ herder, param, body }) {
      return ok({ message: await herder.alterConnectorOffsets(param('name'), asOffsetChanges(await body())) });
    },
  },
  {
    method: 'DELETE',
    path: '/connectors/:name/offsets',
    async handle({ herder, param }) {
      return ok({ message: await herder.resetConnectorOffsets(param('name')) });
    },
  },
];
