import { parentPort, workerData } from 'node:worker_threads';
import { fromMessagePort } from '../../common/port.ts';
import { serve } from '../../common/rpc.ts';
import { kafkaClients } from '../kafka/index.ts';
import { createLogger, writeToStderr } from '../logging.ts';
import { systemTime as time } from '../time.ts';
import { TopicService } from '../topics/topic-service.ts';
import { topicServices } from '../topics/topic-services.ts';
import { type TopicsThreadData, threadContract } from './topics-thread-contract.ts';

/**
 * Topics of the worker in a thread of their own: a window that reads a hundred thousand records a second, or filters
 * them by an expression that never comes to an end, takes nothing from connectors and REST.
 */
if (!parentPort) throw new Error('This is the topics thread of the worker and does nothing alone');
const { config } = workerData as TopicsThreadData;
const logger = createLogger({ time, write: writeToStderr }, 'topics.TopicService');
const clients = kafkaClients({ time, logger, random: Math.random });
const service = new TopicService({ clients, config, time });
serve(fromMessagePort(parentPort as unknown as Parameters<typeof fromMessagePort>[0]), threadContract, {
  ...topicServices(service),
  ping: () => {},
  dropConnections: () => clients.dropConnections(),
  close: () => service.close(),
});
