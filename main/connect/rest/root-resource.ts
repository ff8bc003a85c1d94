import { KAFKA_VERSION } from '../api/versions.ts';
import { ok, type Route } from './route.ts';
import { ref } from './schemas.ts';

/**
 * What the worker is and whether it is ready. Java: `RootResource`. `version` is the Kafka Connect that answers are
 * like: clients choose what they ask for by it.
 */
export function rootResource(commit: string): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/',
      summary: 'What this worker is, and the id of the Kafka cluster that it works with.',
      answers: { 200: ref('ServerInfo') },
      async handle({ herder }) {
        return ok({ version: KAFKA_VERSION, commit, kafka_cluster_id: await herder.kafkaClusterId() });
      },
    },
    {
      method: 'GET',
      path: '/health',
      summary: 'Whether the worker has started every stored connector and answers requests (KIP-1017).',
      answers: { 200: ref('WorkerStatus'), 503: ref('WorkerStatus') },
      handle: ({ herder }) =>
        herder.ready
          ? ok({ status: 'healthy', message: 'Worker has completed startup and is ready to handle requests.' })
          : { status: 503, body: { status: 'starting', message: 'Worker is still starting up.' } },
    },
  ];
}
