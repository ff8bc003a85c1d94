import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { app } from 'electron';
import { dataFolderPath, openDataFolder } from './data-folder.ts';
import { startDesktop } from './desktop/start-desktop.ts';
import { logFile } from './log-file.ts';
import { createLogger, writeToStderr } from './logging.ts';
import { systemTime as time } from './time.ts';

const { values } = parseArgs({
  args: process.argv.slice(1),
  options: { 'data-dir': { type: 'string' } },
  // Chromium's own options stand among ours.
  strict: false,
});
const dataDir = typeof values['data-dir'] === 'string' ? values['data-dir'] : undefined;
const folder = openDataFolder(
  dataFolderPath({ dataDir, env: process.env, platform: process.platform, home: homedir() }),
);

// Chromium's profile is there; and it is what tells one instance from another, so each data folder has its own.
app.setPath('userData', folder.app);

if (app.requestSingleInstanceLock()) {
  const writeToFile = logFile(join(folder.logs, 'main.log'));
  const logger = createLogger({
    time,
    write(entry) {
      writeToStderr(entry);
      writeToFile(entry);
    },
  }).named('desktop');
  process.on('uncaughtException', (error) => {
    logger.error('The main process has failed', error);
    app.exit(1);
  });
  startDesktop({ folder, out: join(import.meta.dirname, '..'), time, logger });
} else {
  // The first instance has been told (second-instance) and shows itself.
  app.exit(0);
}
