#!/usr/bin/env node
// The `runnel` command. Plain JavaScript that any Node since 18 parses; looks at this Node before loading anything.
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import { ensureNode } from './node-version.mjs';

await ensureNode();
const built = new URL('../out/main/cli.js', import.meta.url);
const sources = new URL('../main/cli/index.ts', import.meta.url);
// A checkout runs what is written; an installed package has only what was built.
const checkout = existsSync(sources);
if (checkout && !process.env.NODE_COMPILE_CACHE) {
  // Hundreds of TypeScript files are stripped of their types once, not at every start. Task threads read the variable.
  process.env.NODE_COMPILE_CACHE = fileURLToPath(new URL('../.cache/compile', import.meta.url));
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
}
await import((checkout ? sources : built).href);
