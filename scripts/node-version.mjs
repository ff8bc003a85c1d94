// Plain JavaScript that any Node since 18 parses: it runs before anything else is loaded.
// better-sqlite3 13 needs Node-API 10 (Node 22.14); on an older Node it does not fail, it crashes.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The Node that came with the packages, or undefined (macOS has none: its users bring their own). */
export function bundledNode(root = ROOT) {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  const path = join(root, 'node_modules', `node-${platform}-${process.arch}`, 'bin', binary);
  return existsSync(path) ? path : undefined;
}

export function isNodeNewEnough(versions = process.versions) {
  return Number(versions.napi) >= 10;
}

/**
 * Returns when this Node is new enough. Else runs the same script on the bundled Node, passes its exit code on and
 * never returns; where there is none it ends in one sentence with exit code 2.
 */
export async function ensureNode(root = ROOT) {
  if (isNodeNewEnough()) return;
  const node = bundledNode(root);
  if (!node || process.env.RUNNEL_NODE_REPLACED) {
    console.error(
      `Runnel needs Node 22.14 or newer and this is ${process.version}: install a newer Node (https://nodejs.org) and run the same command again.`,
    );
    process.exit(2);
  }
  const child = spawn(node, process.argv.slice(1), {
    stdio: 'inherit',
    env: { ...process.env, RUNNEL_NODE_REPLACED: process.version },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (exitCode, signal) => resolve(exitCode ?? (signal ? 1 : 0)));
  });
  process.exit(code);
}
