// Plain JavaScript for any Node since 18. Installs the packages when the lockfile is not what was installed last.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Ends the process with one sentence when npm fails: nothing can go on without the packages. */
export function ensureInstalled() {
  const lock = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
  const stamp = join(ROOT, 'node_modules', '.runnel-installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.log('Installing the packages (npm ci), about half a minute…');
  const npm = process.env.npm_execpath;
  const result = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, 'ci', '--loglevel=error'], {
        cwd: ROOT,
        stdio: ['ignore', 'inherit', 'inherit'],
      })
    : spawnSync('npm', ['ci', '--loglevel=error'], {
        cwd: ROOT,
        stdio: ['ignore', 'inherit', 'inherit'],
        shell: process.platform === 'win32',
      });
  if (result.status !== 0) {
    console.error(
      'npm ci failed (its own words are above): check the network or the registry setting, then run the same command again.',
    );
    process.exit(2);
  }
  writeFileSync(stamp, lock);
}
