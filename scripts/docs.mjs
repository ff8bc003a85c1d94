// `npm run docs`: writes the documents that are made from the sources.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';
import { ensureNode } from './node-version.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

ensureInstalled();
await ensureNode();
const { generatedDocuments } = await import('./generate-docs.ts');
for (const [path, text] of generatedDocuments()) {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true });
  writeFileSync(join(ROOT, path), text);
  console.log(path);
}
