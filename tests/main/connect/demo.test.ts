import { expect, test } from 'vitest';
import type { State } from '../../../common/connect/connector-state-info.ts';
import { KafkaException, NotFoundException } from '../../../common/errors.ts';
import { parseConfig } from '../../../main/connect/api/config-validation.ts';
import type { ConfigMap } from '../../../main/connect/api/connector.ts';
import { DEMO_CONNECTOR, demoConfig, removeDemo, startDemo } from '../../../main/connect/demo.ts';
import type { Herder } from '../../../main/connect/runtime/herder.ts';
import { CONNECTORS } from '../../../main/connectors/index.ts';
import type { Admin, NewTopic } from '../../../main/kafka/api.ts';

class TopicExistsException extends KafkaException {
  override readonly javaClass = 'org.apache.kafka.common.errors.TopicExistsException';
}

/** Only what the demo asks of a herder and an admin. */
function world() {
  const topics = new Map<string, NewTopic>();
  const asked: string[] = [];
  let config: ConfigMap | null = null;
  let states: State[] = [];
  let listener: (connector: string) => void = () => {};
  const gone = () => {
    if (config === null) throw new NotFoundException(`Unknown connector ${DEMO_CONNECTOR}`);
  };
  const herder = {
    connectors: () => (config === null ? [] : [DEMO_CONNECTOR]),
    connectorConfig: () => config as ConfigMap,
    async putConnectorConfig(_: string, given: ConfigMap) {
      config = given;
      asked.push('put');
    },
    resumeConnector: async () => void asked.push('resume'),
    async stopConnector() {
      gone();
      asked.push('stop');
    },
    resetConnectorOffsets: async () => void asked.push('forget offsets'),
    async deleteConnector() {
      asked.push('delete');
      config = null;
    },
    connectorStatus: () => ({
      connector: { state: 'RUNNING', worker_id: '' },
      tasks: states.map((state, id) => ({ id, state, worker_id: '', trace: 'java.lang.X: no posts\n\tat y' })),
    }),
    onChange(given: (connector: string) => void) {
      listener = given;
      return () => {
        listener = () => {};
      };
    },
  } as unknown as Herder;
  const admin = {
    async createTopics([topic]: NewTopic[]) {
      if (topics.has((topic as NewTopic).name)) throw new TopicExistsException('exists');
      topics.set((topic as NewTopic).name, topic as NewTopic);
    },
    listTopics: async () => [...topics.keys()],
    async deleteTopics(names: string[]) {
      for (const name of names) topics.delete(name);
    },
  } as unknown as Admin;
  const become = (...given: State[]) => {
    states = given;
    listener('another');
    listener(DEMO_CONNECTOR);
  };
  return { herder, admin, topics, asked, become, config: () => config };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('its configuration is one that its connector takes, whose every key is known', async () => {
  const config = demoConfig(20, 'topic');
  const connector = CONNECTORS.find(({ className }) => className === config['connector.class']);
  if (connector === undefined) throw new Error('the demo names a connector that is not there');
  expect(await connector.validate?.(parseConfig(connector.config, config))).toEqual([]);
  for (const key of Object.keys(config))
    if (!/^(name|connector\.class|tasks\.max|runnel\.demo|(key|value)\.converter.*)$/.test(key))
      expect(Object.keys(connector.config.keys)).toContain(key);
});

test('it makes topic and connector, and is there when the task runs', async () => {
  const { herder, admin, topics, become } = world();
  let info: unknown = null;
  const started = startDemo({ herder, admin }).then((given) => {
    info = given;
  });
  await settle();
  become('UNASSIGNED');
  await settle();
  expect(info).toBeNull();
  become('RUNNING');
  await started;
  expect(info).toEqual({ connector: DEMO_CONNECTOR, topic: 'tweets', recordsPerSecond: 20 });
  expect(topics.get('tweets')).toMatchObject({ numPartitions: 3, configs: { 'retention.ms': '86400000' } });
  expect(3 * Number(topics.get('tweets')?.configs?.['retention.bytes'])).toBeLessThanOrEqual(2 ** 30);
});

test('started again it keeps its settings; another rate replaces them', async () => {
  const { herder, admin, asked, become } = world();
  become('RUNNING');
  await startDemo({ herder, admin }, 500);
  expect(await startDemo({ herder, admin })).toMatchObject({ recordsPerSecond: 500 });
  expect(asked).toEqual(['put', 'resume']);
  expect(await startDemo({ herder, admin }, 50)).toMatchObject({ recordsPerSecond: 50 });
});

test('a task that fails is said with its reason', async () => {
  const { herder, admin, become } = world();
  become('FAILED');
  await expect(startDemo({ herder, admin })).rejects.toThrow("The demo's connector failed: java.lang.X: no posts");
});

test('a topic that was there before stays when the demo is removed', async () => {
  const { herder, admin, topics, become } = world();
  topics.set('tweets', { name: 'tweets', numPartitions: 1, replicationFactor: 1 });
  become('RUNNING');
  await startDemo({ herder, admin });
  await removeDemo({ herder, admin });
  expect(topics.get('tweets')?.numPartitions).toBe(1);
});

test('removing it undoes all of it, and twice is no error', async () => {
  const { herder, admin, topics, asked, become, config } = world();
  become('RUNNING');
  await startDemo({ herder, admin });
  await removeDemo({ herder, admin });
  expect(asked.slice(1)).toEqual(['stop', 'forget offsets', 'delete']);
  expect(config()).toBeNull();
  expect(topics.size).toBe(0);
  await removeDemo({ herder, admin });
});
