import { KAFKA_VERSION } from '../api/versions.ts';
import type { Route } from './route.ts';
import { ref, SCHEMAS, type Schema } from './schemas.ts';

/** Where the server says what can be asked. Connect has no such place: Apache publishes its description apart. */
export const OPENAPI_PATH = '/openapi.json';

/** The OpenAPI 3.1 description of these routes: what they declare beside what they do. */
export function openApiDocument(routes: readonly Route[]): Readonly<Record<string, unknown>> {
  const paths = new Map<string, Record<string, unknown>>();
  for (const route of routes)
    paths.set(route.path, { ...paths.get(route.path), [route.method.toLowerCase()]: operation(route) });
  return {
    openapi: '3.1.0',
    info: {
      title: 'Kafka Connect REST API',
      description: 'As this worker serves it.',
      version: KAFKA_VERSION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths: Object.fromEntries(paths),
    components: { schemas: SCHEMAS },
  };
}

function operation({ summary, path, query = [], body, answers }: Route): Record<string, unknown> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
  const parameters = [
    ...names.map((name) => ({
      name,
      in: 'path',
      required: true,
      schema: name === 'task' ? { type: 'integer', format: 'int32' } : { type: 'string' },
    })),
    ...query.map(({ name, description, schema }) => ({ name, in: 'query', description, schema })),
  ];
  return {
    summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body === undefined ? {} : { requestBody: { required: true, content: json(body) } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, schema]) => [status, response(Number(status), schema)]),
      ),
      default: {
        description: 'What is wrong with the request, or with the worker.',
        content: json(ref('ErrorMessage')),
      },
    },
  };
}

const DESCRIPTIONS: ReadonlyMap<number, string> = new Map([
  [200, 'Done.'],
  [201, 'Created.'],
  [202, 'Taken; it is done as it goes.'],
  [204, 'Done; there is nothing to say.'],
  [503, 'Not ready yet.'],
]);

function response(status: number, schema: Schema | null): Record<string, unknown> {
  const created = { headers: { Location: { description: 'Where the connector is.', schema: { type: 'string' } } } };
  return {
    description: DESCRIPTIONS.get(status) ?? '',
    ...(status === 201 ? created : {}),
    ...(schema === null ? {} : { content: json(schema) }),
  };
}

function json(schema: Schema) {
  return { 'application/json': { schema } };
}
