// `npm start`: installs what is missing, builds, gets Electron, opens the window. Where no window can be opened it says
// why and what to do, and runs the same first pipeline in the terminal: it never just fails.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';
import { ensureNode } from './node-version.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

ensureInstalled();
await ensureNode();

const { build } = await import('./build.mjs');
await build();
const { electronForStart } = await import('./electron.mjs');
const args = process.argv.slice(2);

const noDisplay =
  process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY
    ? 'There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open: start it on a desktop, or under `xvfb-run`.'
    : undefined;
const electron = noDisplay ? { missing: noDisplay } : await electronForStart();

if (electron.missing) {
  console.log(electron.missing);
  console.log('The same first pipeline runs here in the terminal (runnel demo); Ctrl-C ends it.\n');
  process.exitCode = await run(process.execPath, [
    fileURLToPath(new URL('runnel.mjs', import.meta.url)),
    'demo',
    ...args,
  ]);
} else {
  process.exitCode = await run(electron.path, [...electron.args, electron.app, ...args]);
}

function run(command, commandArgs) {
  const child = spawn(command, commandArgs, { cwd: ROOT, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1)));
  });
}
