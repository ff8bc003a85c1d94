import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { generatedDocuments } from '../../scripts/generate-docs.ts';

const ROOT = resolve(import.meta.dirname, '../..');

test.each([...generatedDocuments()])('%s is as `npm run docs` makes it', (path, text) => {
  expect(readFileSync(join(ROOT, path), 'utf8')).toBe(text);
});
