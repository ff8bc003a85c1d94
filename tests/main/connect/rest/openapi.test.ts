import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openApiDocument } from '../../../../main/connect/rest/openapi.ts';
import { ADMIN_ROUTES, connectRoutes, described, RestApp } from '../../../../main/connect/rest/rest-app.ts';
import { SCHEMAS } from '../../../../main/connect/rest/schemas.ts';
import { silentLogger } from '../../../../main/logging.ts';
import { recordedEndpoints } from '../../../kit/connect-rest/endpoints.ts';
import { FakeHerder } from '../../../kit/fake-herder.ts';
import { misfits } from '../../../kit/json-schema.ts';
import { MockTime } from '../../../kit/mock-time.ts';

interface Operation {
  parameters?: { name: string; in: string }[];
  responses: Record<string, unknown>;
}
const routes = described([...connectRoutes(''), ...ADMIN_ROUTES]);
const document = openApiDocument(routes) as unknown as { paths: Record<string, Record<string, Operation>> };

test('every endpoint of Kafka Connect is described with its parameters', () => {
  const endpoints = recordedEndpoints();
  expect(endpoints.length).toBeGreaterThan(25);
  for (const { method, path, query } of endpoints) {
    const operation = document.paths[path]?.[method.toLowerCase()];
    const described = (operation?.parameters ?? []).filter((it) => it.in === 'query').map(({ name }) => name);
    // `forward` is for workers of a cluster, and hidden in Apache's description too.
    const wanted = query.filter((name) => name !== 'forward');
    expect([method, path, operation !== undefined, wanted.filter((name) => !described.includes(name))]).toEqual([
      method,
      path,
      true,
      [],
    ]);
  }
});

test('what is served is what docs/openapi.json holds', async () => {
  const app = new RestApp({ herder: new FakeHerder().herder(), logger: silentLogger, time: new MockTime(), routes });
  const request = {
    method: 'GET',
    target: '/openapi.json',
    origin: '',
    contentType: undefined,
    contentLength: undefined,
  };
  const { status, body } = await app.answer({ ...request, chunks: (async function* () {})() });
  expect(status).toBe(200);
  const file = readFileSync(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8');
  expect(JSON.parse(body as string)).toEqual(JSON.parse(file));
});

test('every reference leads somewhere, and every parameter of a path is declared', () => {
  const references = JSON.stringify(document).match(/#\/components\/schemas\/\w+/g) ?? [];
  expect(references.length).toBeGreaterThan(30);
  for (const reference of references) expect(Object.keys(SCHEMAS)).toContain(reference.split('/').at(-1));
  for (const [path, operations] of Object.entries(document.paths))
    for (const operation of Object.values(operations)) {
      const inPath = (operation.parameters ?? []).filter((it) => it.in === 'path').map(({ name }) => `{${name}}`);
      expect(path.match(/\{\w+\}/g) ?? []).toEqual(inPath);
    }
});

test.each([
  [{ error_code: 400 }, ['$.message is missing']],
  [{ error_code: '400', message: '' }, ['$.error_code: "400" is no integer']],
  [{ error_code: 400, message: '', x: 1 }, ['$.x is not known']],
  [null, ['$: null is no object']],
])('the check of answers finds what is wrong with %j', (value, wrong) => {
  expect(misfits(value, SCHEMAS.ErrorMessage, SCHEMAS)).toEqual(wrong);
});
