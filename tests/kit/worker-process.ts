// A worker for tests that kill it: node tests/kit/worker-process.ts worker.properties DEFECT connector…
// DEFECT is `none`, or a mistake that the tests have to notice.

import { startConnectStandalone } from '../../main/connect/connect-standalone.ts';
import { readConnectorFile, readWorkerProperties } from '../../main/connect/connector-files.ts';
import type { KafkaClients } from '../../main/kafka/api.ts';
import { kafkaClients } from '../../main/kafka/index.ts';
import { createLogger, writeToStderr } from '../../main/logging.ts';
import { systemTime } from '../../main/time.ts';

const [workerFile = '', defect = 'none', ...files] = process.argv.slice(2);
const logger = createLogger({ time: systemTime, write: writeToStderr, level: 'WARN' });
const options = { time: systemTime, logger, random: Math.random };

/** The order of things is what is wrong, as if the task had it wrong: late is what should have come first. */
function withDefect(clients: KafkaClients): KafkaClients {
  if (defect === 'offset stored before the acknowledgement') {
    return {
      ...clients,
      producer(config) {
        const producer = clients.producer(config);
        return {
          ...bound(producer),
          send(record, callback) {
            callback?.({ topic: record.topic, partition: 0, offset: 0n, timestamp: 0n }, null);
            setTimeout(() => producer.send(record), 150);
            return true;
          },
        };
      },
    };
  }
  if (defect === 'commit before put') {
    return {
      ...clients,
      consumer(config) {
        const consumer = clients.consumer(config);
        return {
          ...bound(consumer),
          async poll(timeoutMs) {
            const records = await consumer.poll(timeoutMs);
            const last = records.at(-1);
            if (last === undefined) return records;
            await consumer.commit([{ topic: last.topic, partition: last.partition, offset: last.offset + 1n }]);
            await new Promise((resolve) => setTimeout(resolve, 150));
            return records;
          },
        };
      },
    };
  }
  return clients;
}

/** A copy whose methods are still those of the object with its private fields. */
function bound<T extends object>(object: T): T {
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(object)) as (keyof T)[];
  return Object.fromEntries(
    names.map((name) => [name, (object[name] as (...args: unknown[]) => unknown).bind(object)]),
  ) as T;
}

const worker = await startConnectStandalone({
  ...options,
  properties: readWorkerProperties(workerFile),
  clients: withDefect(kafkaClients(options)),
  taskThread: defect === 'none' ? new URL('../../main/connect/task-thread.ts', import.meta.url) : null,
  onLog: writeToStderr,
  defaultRestPort: null,
  connectors: files.map(readConnectorFile),
});
process.on('SIGTERM', async () => {
  await worker.stop();
  process.exit(0);
});
process.stdout.write('ready\n');
