// The entry of a thread for tests: its connectors misbehave by the value of their key `does`.
import { parentPort } from 'node:worker_threads';
import { configDef } from '../../main/connect/api/config-def.ts';
import { sourceConnector } from '../../main/connect/api/connector.ts';
import { converters, headerConverters } from '../../main/connect/converters/index.ts';
import { endTelling } from '../../main/connect/end-telling.ts';
import { Plugins } from '../../main/connect/plugins/plugins.ts';
import { InProcessTaskHost } from '../../main/connect/runtime/in-process-task-host.ts';
import { serveTaskThread, type ThreadPort } from '../../main/connect/runtime/task-thread-server.ts';
import { createLogger } from '../../main/logging.ts';
import { systemTime } from '../../main/time.ts';
import { MemoryKafka } from './memory-kafka.ts';
import { sourceRecord } from './test-connectors.ts';

const port = parentPort as ThreadPort;

const evil = sourceConnector({
  className: 'test.Evil',
  version: '1',
  summary: '',
  delivery: '',
  examples: [],
  config: configDef({ does: { type: 'STRING', importance: 'HIGH', doc: '' } }),
  task() {
    let does = '';
    let polls = 0;
    return {
      async start(config, context) {
        does = config.does;
        const [offset] = await context.offsets([{ source: 'p' }]);
        polls = Number(offset?.number ?? 0n);
        context.logger.info(`started at ${polls}`);
        if (does === 'throws at the start') throw new TypeError('no');
      },
      async poll(signal) {
        if (does === 'loops') for (;;);
        if (does === 'exits') process.exit(3);
        if (does === 'throws late')
          setTimeout(() => {
            throw new Error('nobody catches this');
          }, 1);
        if (does === 'rejects late') setTimeout(() => void Promise.reject(new Error('nobody waits for this')), 1);
        if (does === 'eats memory') {
          const all: unknown[] = [];
          for (;;) all.push(new Array(1_000_000).fill(all.length));
        }
        if (does === 'never resolves') await new Promise(() => {});
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, 5);
          signal.addEventListener('abort', () => {
            clearTimeout(timer);
            resolve();
          });
        });
        return signal.aborted ? null : [sourceRecord(++polls)];
      },
      stop() {},
    };
  },
});

const logger = createLogger({ time: systemTime, write: (entry) => port.postMessage({ type: 'log', entry }) });
const host = new InProcessTaskHost({
  clients: new MemoryKafka().clients(systemTime),
  plugins: new Plugins({ connectors: [evil], plugins: [...converters, ...headerConverters] }),
  time: systemTime,
  logger,
  random: () => 0.5,
});
endTelling(serveTaskThread(port, host, systemTime, logger.loggers, () => logger.info('connections dropped')));
