#!/usr/bin/env node
// The `runnel` command. Plain JavaScript that any Node since 18 parses; looks at this Node before loading anything.
import { existsSync } from 'node:fs';
import { ensureNode } from './node-version.mjs';

await ensureNode();
const built = new URL('../out/main/cli.js', import.meta.url);
const sources = new URL('../main/cli/index.ts', import.meta.url);
// A checkout runs what is written; an installed package has only what was built.
await import((existsSync(sources) ? sources : built).href);
