import type { State } from '../../common/connect/connector-state-info.ts';
import type { DemoInfo } from '../../common/connect/worker-info.ts';
import { ConnectException, KafkaException } from '../../common/errors.ts';
import type { Admin, NewTopic } from '../kafka/api.ts';
import type { ConfigMap } from './api/connector.ts';
import type { Herder } from './runtime/herder.ts';
import { DEMO_MARK } from './runtime/unused-keys.ts';

/**
 * The demo: the classic Twitter connector over bundled posts into a topic. Window and command line start this same one.
 */
export const DEMO_CONNECTOR = 'tweets-demo-source';
const TOPIC = 'tweets';
const PARTITIONS = 3;
const RECORDS_PER_SECOND = 20;

/** Kept for a day, and at the most 1 GiB of all partitions together; segments small enough for both to bite. */
const DEMO_TOPIC: NewTopic = {
  name: TOPIC,
  numPartitions: PARTITIONS,
  replicationFactor: 1,
  configs: {
    'retention.ms': String(24 * 3_600_000),
    'retention.bytes': String(Math.floor(2 ** 30 / PARTITIONS)),
    'segment.bytes': String(32 * 2 ** 20),
    'segment.ms': String(3_600_000),
  },
};

/** In the connector's configuration: `topic` when the topic was made for the demo and goes with it, else `connector`. */
type Mark = 'topic' | 'connector';

/** Works unchanged on a Kafka Connect that has Eneco's connector, but for the keys that begin with `runnel.`. */
export function demoConfig(recordsPerSecond: number, mark: Mark): ConfigMap {
  return {
    name: DEMO_CONNECTOR,
    'connector.class': 'com.eneco.trading.kafka.connect.twitter.TwitterSourceConnector',
    'tasks.max': '1',
    'stream.type': 'sample',
    topic: TOPIC,
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter.schemas.enable': 'false',
    'runnel.twitter.source': 'replay',
    'runnel.twitter.rate': String(recordsPerSecond),
    [DEMO_MARK]: mark,
  };
}

export function isDemo(config: ConfigMap): boolean {
  return Object.hasOwn(config, DEMO_MARK);
}

/**
 * Makes topic and connector where they are missing, and resolves when its task runs. A connector that is there keeps
 * its settings unless another rate is asked for. Rejects with ConnectException when the task fails.
 */
export async function startDemo(
  { herder, admin }: { herder: Herder; admin: Admin },
  recordsPerSecond?: number,
): Promise<DemoInfo> {
  const made = await createTopic(admin);
  const there = herder.connectors().includes(DEMO_CONNECTOR);
  const mark: Mark = made || (there && madeTopic(herder)) ? 'topic' : 'connector';
  if (!there || recordsPerSecond !== undefined)
    await herder.putConnectorConfig(DEMO_CONNECTOR, demoConfig(recordsPerSecond ?? RECORDS_PER_SECOND, mark), {
      allowReplace: true,
      author: 'demo',
      targetState: 'STARTED',
    });
  else await herder.resumeConnector(DEMO_CONNECTOR);
  await untilRunning(herder);
  const { 'runnel.twitter.rate': rate } = herder.connectorConfig(DEMO_CONNECTOR);
  return { connector: DEMO_CONNECTOR, topic: TOPIC, recordsPerSecond: Number(rate) };
}

/**
 * Undoes all of it; a topic that was there before the demo stays. What is gone already is no error. The connector goes
 * last: when Kafka does not answer, the same call goes on later.
 */
export async function removeDemo({ herder, admin }: { herder: Herder; admin: Admin }): Promise<void> {
  if (!herder.connectors().includes(DEMO_CONNECTOR)) return;
  await herder.stopConnector(DEMO_CONNECTOR);
  if (madeTopic(herder) && (await admin.listTopics()).includes(TOPIC)) await admin.deleteTopics([TOPIC]);
  await herder.resetConnectorOffsets(DEMO_CONNECTOR);
  await herder.deleteConnector(DEMO_CONNECTOR);
}

function madeTopic(herder: Herder): boolean {
  return herder.connectorConfig(DEMO_CONNECTOR)[DEMO_MARK] === 'topic';
}

/** False when it was there before. */
async function createTopic(admin: Admin): Promise<boolean> {
  try {
    await admin.createTopics([DEMO_TOPIC]);
    return true;
  } catch (error) {
    if (error instanceof KafkaException && error.javaClass.endsWith('.TopicExistsException')) return false;
    throw error;
  }
}

/** The connector and its task, or why not. */
function untilRunning(herder: Herder): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const { connector, tasks } = herder.connectorStatus(DEMO_CONNECTOR);
      const states: { state: State; trace?: string }[] = [connector, ...tasks];
      const failed = states.find(({ state }) => state === 'FAILED');
      if (failed !== undefined) {
        end();
        reject(
          new ConnectException(`The demo's connector failed: ${failed.trace?.split('\n')[0] ?? 'no reason is known'}`),
        );
      } else if (tasks.length > 0 && states.every(({ state }) => state === 'RUNNING')) {
        end();
        resolve();
      }
    };
    const end = herder.onChange((connector) => {
      if (connector === DEMO_CONNECTOR) look();
    });
    look();
  });
}
