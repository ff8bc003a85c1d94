import { asOffsetChanges } from './request-body.ts';
import { ok, type Route } from './route.ts';
import { ref } from './schemas.ts';

/** Where a connector stands, and changing that while it is STOPPED (KIP-875). Java: `ConnectorsResource`. */
export const OFFSETS_RESOURCE: readonly Route[] = [
  {
    method: 'GET',
    path: '/connectors/{connector}/offsets',
    summary: 'Where the connector stands: source offsets, or the committed offsets of a sink.',
    answers: { 200: ref('ConnectorOffsets') },
    async handle({ herder, param }) {
      return ok(await herder.connectorOffsets(param('connector')));
    },
  },
  {
    method: 'PATCH',
    path: '/connectors/{connector}/offsets',
    summary: 'Change some of the offsets of a stopped connector; null forgets one.',
    body: ref('ConnectorOffsets'),
    answers: { 200: ref('Message') },
    async handle({ herder, param, body }) {
      return ok({ message: await herder.alterConnectorOffsets(param('connector'), asOffsetChanges(await body())) });
    },
  },
  {
    method: 'DELETE',
    path: '/connectors/{connector}/offsets',
    summary: 'Forget all offsets of a stopped connector.',
    answers: { 200: ref('Message') },
    async handle({ herder, param }) {
      return ok({ message: await herder.resetConnectorOffsets(param('connector')) });
    },
  },
];
