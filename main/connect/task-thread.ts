import { randomInt } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { kafkaClients } from '../kafka/index.ts';
import { createLogger } from '../logging.ts';
import { systemTime } from '../time.ts';
import { CATALOGUE } from './catalogue.ts';
import { endTelling } from './end-telling.ts';
import { Plugins } from './plugins/plugins.ts';
import { InProcessTaskHost } from './runtime/in-process-task-host.ts';
import { serveTaskThread, type ThreadPort } from './runtime/task-thread-server.ts';

// A thread of the pool in which tasks run: the entry that the composition gives to ThreadTaskHost.

const port = parentPort as ThreadPort;
const logger = createLogger({
  time: systemTime,
  write: (entry) => port.postMessage({ type: 'log', entry }),
});
const random = () => randomInt(2 ** 47) / 2 ** 47;
const clients = kafkaClients({ time: systemTime, logger: logger.named('kafka'), random });
const host = new InProcessTaskHost({ clients, plugins: new Plugins(CATALOGUE), time: systemTime, logger, random });
const server = serveTaskThread(port, host, systemTime, logger.loggers, () => clients.dropConnections());
endTelling(server);
